"""What is said on a ticket, on the engineer's page, and what moves there meanwhile."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings

from accounts.compiled import Compiled
from accounts.models import User, known_people
from tickets.changes import CHANGES_A_DECISION, CHANGES_AN_ANSWER, CHANGES_TAGS
from tickets.choices import EventKind
from tickets.forms.staff import ReasonForm
from tickets.models import Attachment, Message, Note, Sending, Ticket, TicketEvent
from tickets.views.staff_thread import staff_thread
from tickets.views.ticket_news import news_context

_MESSAGES = Compiled(
    lambda reader, tickets: Message.objects.visible_to(reader).filter(ticket__in=tickets)
)


_NOTES = Compiled(
    lambda reader, tickets: (
        Note.objects.visible_to(reader).filter(ticket__in=tickets).select_related("author")
    )
)


_FILES = Compiled(
    lambda reader, tickets: Attachment.objects.visible_to(reader).filter(ticket__in=tickets)
)


def conversation(
    ticket: Ticket,
    user: User,
    failed: Mapping[str, forms.Form],
    events: Sequence[TicketEvent],
    merged: Sequence[Ticket],
    *,
    has_files: bool,
) -> dict[str, Any]:
    """Give the page what was said, with what happened, in days."""
    whole = {one.pk: one for one in (ticket, *merged)}
    said = _MESSAGES.all(user, list(whole))
    authors = known_people.get_all(one.author_id for one in said)
    for message in said:
        message.author = authors[message.author_id]
    notes: list[Note] = []
    if merged or any(event.kind == EventKind.NOTED for event in events):  # Each note has its event.
        notes = _NOTES.all(user, list(whole))
    files: list[Attachment] = []
    if merged or has_files:
        files = _FILES.all(user, list(whole))
    for file in files:
        file.ticket = whole[file.ticket_id]
    return {
        "events": events,
        "said": said,
        "newest_message": max((message.pk for message in said), default=0),
        "days": staff_thread(
            ticket,
            reader=user,
            vendor=settings.VENDOR_NAME,
            messages=said,
            notes=notes,
            events=events,
            files=files,
            overturning=lambda message: (
                failed.get(f"overturning-{message.pk}")
                or ReasonForm(auto_id=f"overturn_{message.pk}_%s")
            ),
            merged=merged,
        ),
    }


def meanwhile(
    ticket: Ticket,
    user: User,
    now: datetime,
    events: Sequence[TicketEvent],
    failed: Mapping[str, forms.Form],
    *,
    has_sendings: bool,
) -> dict[str, Any]:
    """What is on its way, and what others did while something was written that came back."""
    context: dict[str, Any] = {"newest_event": max((event.pk for event in events), default=0)}
    if has_sendings:
        context["sendings"] = sendings = list(Sending.objects.of_page(ticket))
        for one in sendings:
            one.seconds_left = max((one.due_at - now).total_seconds(), 0.0)
    for name, form in failed.items():
        seen = getattr(form, "cleaned_data", {}).get("seen_event")
        if seen is None:
            continue
        newer = [event for event in events if event.pk > seen and event.by_id != user.pk]
        telling = CHANGES_AN_ANSWER if name == "answer" else CHANGES_A_DECISION | CHANGES_TAGS
        if any(event.kind in telling for event in newer):
            news = news_context(ticket, newer, reader=user, is_conflict=True)
            # An answer's stand beside the composer, all others above the page.
            context |= news if name == "answer" else {"conflict": news}
    return context
