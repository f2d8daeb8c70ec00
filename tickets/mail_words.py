"""What a mail says of a ticket beside what happened: which, what is promised, why it comes."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from accounts.languages import language_of
from accounts.models import User
from notifications.operations import Matter
from notifications.words import Words, said
from sla import wording
from sla.choices import ClockState
from sla.models import Clock
from tickets.models import Ticket


def matter_of(ticket: Ticket, *, now: datetime, why: Words = "") -> Matter:
    """Describe the ticket for notices; the promise is the clock's on the ticket as it is given.

    `why` is the reason when the readers are told for another than their place on the ticket.
    """
    clock, was_withdrawn = ticket.response_clock, ticket.was_withdrawn
    return Matter(
        thread=f"ticket:{ticket.number}",
        title=f"{ticket.reference} {ticket.subject}",
        # Nothing is promised any more for what was withdrawn, and nothing came.
        promise=lambda reader: "" if was_withdrawn else promise_sentence(clock, reader, now),
        why=lambda reader: said(why, reader) or _why(ticket, reader),
    )


def promise_sentence(clock: Clock | None, reader: User, now: datetime) -> str:
    """Say what is promised, in the reader's language and zone, with the clock's beside it."""
    with translation.override(language_of(reader)):
        return _promise_sentence(clock, reader, now)


def _promise_sentence(clock: Clock | None, reader: User, now: datetime) -> str:
    if clock is None:
        return _("No promised time. We work on it in covered hours.")
    state = clock.state(now)
    if state == ClockState.WAITING_FOR_CALL:
        return _("The clock starts when you call %(phone)s.") % {"phone": settings.PHONE_LINE}
    if state == ClockState.MET:
        return _("The first qualified answer came in time.")
    if clock.due_at is None:
        return _("The clock is paused.")
    due = {"due": in_zones(clock.due_at, reader, clock.zone, now)}
    if state == ClockState.OVERDUE:
        return _("We promised a first qualified answer by %(due)s. It is late.") % due
    if state in {ClockState.RUNNING, ClockState.AT_RISK}:
        return _("First qualified answer by %(due)s.") % due
    return _("The first qualified answer was promised by %(due)s and came late.") % due


def in_zones(at: datetime, reader: User, counted_in: str, now: datetime) -> str:
    """Write a moment in the reader's zone, the one it is counted in beside it when it differs."""
    words = wording.moment_words(at, ZoneInfo(reader.timezone), now=now, language=get_language())
    beside = wording.moment_words(at, ZoneInfo(counted_in), now=now, language=get_language())
    return words if beside == words else f"{words} ({beside})"


def _why(ticket: Ticket, reader: User) -> str:
    """Say why a person hears of a ticket; empty where the topic's own reason is the reason."""
    if reader.pk == ticket.filed_by_id:
        return gettext_noop("You filed this ticket.")
    if reader.pk == ticket.assignee_id:
        return "This ticket is yours."
    return "" if reader.is_staff_member else gettext_noop("You follow this ticket.")
