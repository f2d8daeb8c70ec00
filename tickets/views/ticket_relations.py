"""What a ticket belongs to, for its page of staff: tags and who follows it."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import BooleanField, Value

from accounts.models import User
from tickets.forms.relations import TagForm
from tickets.models import Ticket
from tickets.permissions import can_answer
from tickets.tag_suggestions import suggested_tags


def relations(ticket: Ticket, user: User, failed: Mapping[str, forms.Form]) -> dict[str, Any]:
    """Give the page what _relations.html shows. One query for all who follow it."""
    watchers, staff_watchers = _watchers(ticket)
    can_tag = can_answer(user, ticket)
    return {
        "can_tag": can_tag,
        "tag_form": failed.get("tag-change") or TagForm(auto_id="tags_%s"),
        "suggested_tags": suggested_tags() if can_tag else [],
        "watchers": watchers,
        "staff_watchers": staff_watchers,
        "is_watching": user in staff_watchers,
    }


def _watchers(ticket: Ticket) -> tuple[list[User], list[User]]:
    def side(people: Any, *, ours: bool) -> Any:
        return people.annotate(is_ours=Value(ours, BooleanField())).order_by()

    found = list(
        side(ticket.watchers.all(), ours=False)
        .union(side(ticket.staff_watchers.all(), ours=True), all=True)
        .order_by("name")
    )
    return [one for one in found if not one.is_ours], [one for one in found if one.is_ours]
