"""What a ticket is linked to, for its page, and the forms that change it."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django import forms
from django.http import HttpRequest
from django.urls import reverse

from accounts.kept_text import kept_for_page
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


class Deed(NamedTuple):
    """A form folded away beside the links: it is fetched by whoever opens it."""

    url_name: str
    summary: str
    icon: str
    send_label: str
    lead: str
    key: str = ""
    # Said instead of a form that would have nothing to choose from.
    nothing: str = ""


LINK = Deed(
    "ticket_links",
    "Link a ticket",
    "link",
    "Link them",
    "Customers see links to their own tickets only.",
    key="link",
)
MERGE = Deed(
    "ticket_merge",
    "Merge into another",
    "git-merge",
    "Merge it",
    "This ticket is closed and goes on in the other one. It can be undone. An incident it drew "
    "stays drawn until a lead gives it back.",
    key="merge",
)
SPLIT = Deed(
    "ticket_split",
    "Split a message",
    "copy",
    "File it as a ticket",
    "The message and its files become a break/fix ticket of whoever wrote it. Its clock starts "
    "now.",
    nothing="The customer has written no message here that is not a ticket of its own already, so "
    "there is nothing to split off.",
)


def fresh_deed(deed: Deed, ticket: Ticket, user: User) -> forms.Form | None:
    """Return the empty form of a deed, or None where there is nothing to choose from.

    Runs two queries for a split, of what the customer wrote and what was split off.
    """
    if deed is LINK:
        return LinkForm(by=user, auto_id="link_%s")
    if deed is MERGE:
        return MergeForm(by=user, auto_id="merge_%s")
    said = Message.objects.visible_to(user).filter(ticket=ticket, from_staff=False)
    split = ticket.events.filter(kind=EventKind.SPLIT).values_list("details__message", flat=True)
    texts = list(said.exclude(pk__in=list(split)).select_related("author"))
    if not texts:
        return None
    return SplitForm(
        ticket=ticket,
        said=texts,
        auto_id="split_%s",
        initial={"submission_key": uuid.uuid4(), "message": texts[-1].pk},
    )


def link_forms(
    request: HttpRequest,
    ticket: Ticket,
    links: Sequence[LinkLine],
    *,
    user: User,
    thread: Mapping[str, Any],
    failed: Mapping[str, forms.Form],
) -> dict[str, Any]:
    """Give the page what _links.html and _merged.html show, with its `thread`.

    A form is there only where it came back, or waits for text that was kept for it.
    """
    said: Sequence[Message] = thread["said"]
    can_link = can_work(user, ticket)
    can_split = any(not one.from_staff and one.ticket_id == ticket.pk for one in said)
    kept = kept_for_page(request)

    def form_of(deed: Deed, name: str) -> forms.Form | None:
        if (form := failed.get(name)) is not None or not can_link or kept is None:
            return form
        is_wanted = kept["action"] == reverse(deed.url_name, args=[ticket.number])
        return fresh_deed(deed, ticket, user) if is_wanted else None

    deeds = [
        (deed, form_of(deed, name))
        for deed, name, may in (
            (LINK, "new-link", True),
            (MERGE, "new-merge", ticket.is_open),
            (SPLIT, "new-split", can_split),
        )
        if can_link and (may or name in failed)
    ]
    return {
        "links": links,
        "outbreak": outbreak_of(ticket, user, thread["events"]),
        "merged_into": merged_into(links),
        "can_link": can_link,
        "deeds": deeds,
        "has_open_deed": any(form is not None for _, form in deeds),
    }
