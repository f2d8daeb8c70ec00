"""What a ticket belongs to, for its page of staff: tags and who follows it."""

from collections.abc import Mapping
from typing import Any

from django import forms

from accounts.models import User
from tickets.models import Ticket
from tickets.permissions import can_answer
from tickets.surroundings import Surroundings


def relations(
    ticket: Ticket, user: User, around: Surroundings, failed: Mapping[str, forms.Form]
) -> dict[str, Any]:
    """Give the page what _relations.html shows."""
    can_tag = can_answer(user, ticket)
    tags = failed.get("tag-change")
    return {
        "can_tag": can_tag,
        "typed_tags": (tags["add"].value() or "") if tags is not None else "",
        "tag_errors": [*tags["add"].errors] if tags is not None else [],
        "watchers": around.watchers,
        "staff_watchers": around.staff_watchers,
        "is_watching": around.is_watching,
    }
