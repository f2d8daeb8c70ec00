"""What a ticket is linked to, for its page, and the forms that change it."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from accounts.models import User
from tickets.choices import EventKind
from tickets.forms.links import LinkForm, MergeForm, SplitForm
from tickets.links import LinkLine, link_lines, merged_into
from tickets.models import Message, Outbreak, Ticket, TicketEvent, TicketLink
from tickets.permissions import can_work, sees_outbreaks


def links_of(ticket: Ticket, user: User) -> list[LinkLine]:
    """Return a ticket's links as this reader may see them, in one query."""
    return link_lines(ticket, TicketLink.objects.of(ticket, user))


def outbreak_of(ticket: Ticket, user: User, events: Sequence[TicketEvent]) -> Outbreak | None:
    """The outbreak a ticket is part of, for those who see outbreaks; a query if it was in one."""
    joined = any(event.kind == EventKind.JOINED_OUTBREAK for event in events)
    if not joined or not sees_outbreaks(user):
        return None
    return Outbreak.objects.filter(parts__ticket=ticket, parts__left_at__isnull=True).first()


def link_forms(
    ticket: Ticket,
    links: Sequence[LinkLine],
    user: User,
    thread: Mapping[str, Any],
    failed: Mapping[str, forms.Form],
) -> dict[str, Any]:
    """Give the page what _links.html and _merged.html show, with its `thread`; runs no query."""
    said: Sequence[Message] = thread["said"]
    from_customer = [one for one in said if not one.from_staff and one.ticket_id == ticket.pk]
    split_form = failed.get("new-split")
    if split_form is None and from_customer:
        split_form = SplitForm(
            ticket=ticket,
            said=from_customer,
            auto_id="split_%s",
            initial={"submission_key": uuid.uuid4(), "message": from_customer[-1].pk},
        )
    return {
        "links": links,
        "outbreak": outbreak_of(ticket, user, thread["events"]),
        "merged_into": merged_into(links),
        "can_link": can_work(user, ticket),
        "link_form": failed.get("new-link") or LinkForm(by=user, auto_id="link_%s"),
        "merge_form": failed.get("new-merge") or MergeForm(by=user, auto_id="merge_%s"),
        "split_form": split_form,
    }
