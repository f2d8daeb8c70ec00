"""A ticket as one line of a customer's list: what happened last, and what is promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from sla.choices import ClockState
from tickets.choices import TicketState
from tickets.models import Message, Ticket


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One line. `lead` and `at` go together: "Answer by" and the promised moment.

    `zone` is the one that moment is counted in; empty when it is no promised one.
    """

    ticket: Ticket
    latest: Message | None
    lead: str
    at: datetime | None
    zone: str = ""


def ticket_lines(tickets: Sequence[Ticket], *, now: datetime) -> list[TicketLine]:
    """Make the lines of tickets loaded `with_clock`; one query for what was said last."""
    messages = Message.objects.filter(ticket__in=[ticket.pk for ticket in tickets])
    latest = {
        message.ticket_id: message
        for message in messages.order_by("ticket_id", "-at", "-pk")
        .distinct("ticket_id")
        .select_related("author")
    }
    return [_line(ticket, latest.get(ticket.pk), now) for ticket in tickets]


def _line(ticket: Ticket, latest: Message | None, now: datetime) -> TicketLine:
    return TicketLine(ticket, latest, *_under_the_clock(ticket, latest, now))


def _under_the_clock(
    ticket: Ticket, latest: Message | None, now: datetime
) -> tuple[str, datetime | None, str]:
    if ticket.state == TicketState.RESOLVED:
        return _("Solved"), ticket.resolved_at, ""
    if ticket.state == TicketState.CLOSED:
        return _("Closed"), ticket.closed_at, ""
    if ticket.state == TicketState.WAITING_FOR_CUSTOMER and latest is not None:
        return _("Asked"), latest.at, ""
    clock = ticket.response_clock
    if clock is not None and clock.due_at is not None and clock.stopped_at is None:
        return _answer_by(clock.state(now)), clock.due_at, clock.zone
    if latest is not None:
        return _("Last word"), latest.at, ""
    return _("Filed"), ticket.filed_at, ""


def _answer_by(state: ClockState) -> str:
    if state == ClockState.OVERDUE:
        return _("Promised for")
    return _("Or answer by") if state == ClockState.WAITING_FOR_CALL else _("Answer by")
