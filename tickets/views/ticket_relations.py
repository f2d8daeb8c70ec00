"""What a ticket belongs to, for its page of staff: tags and who follows it."""

from collections.abc import Mapping, Sequence
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
        "followers": around.followers,
        "who_reads": _who_reads(around.followers),
        "staff_watchers": around.staff_watchers,
        "is_watching": around.is_watching,
    }


def _who_reads(followers: Sequence[str]) -> str:
    """Say whom an answer is mailed to: nobody, once all who followed it have left."""
    if not followers:
        return "Nobody gets this by mail: who followed it has left"
    if len(followers) == 1:
        return f"{followers[0]} gets this by mail"
    return f"{followers[0]} and {len(followers) - 1} more get this by mail"
