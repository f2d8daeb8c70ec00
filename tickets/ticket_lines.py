"""A ticket as one line of a customer's list: what happened last, and what is promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sla.choices import ClockState
from tickets.choices import TicketState
from tickets.models import Message, Ticket


@dataclass(frozen=True, slots=True)
class TicketLine:
    """One line. `lead` and `at` go together: "Answer by" and the promised moment."""

    ticket: Ticket
    latest: Message | None
    lead: str
    at: datetime | None


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
    lead, at = _under_the_clock(ticket, latest, now)
    return TicketLine(ticket, latest, lead, at)


def _under_the_clock(
    ticket: Ticket, latest: Message | None, now: datetime
) -> tuple[str, datetime | None]:
    if ticket.state == TicketState.RESOLVED:
        return "Solved", ticket.resolved_at
    if ticket.state == TicketState.CLOSED:
        return "Closed", ticket.closed_at
    if ticket.state == TicketState.WAITING_FOR_CUSTOMER and latest is not None:
        return "Asked", latest.at
    clock = ticket.response_clock
    if clock is not None and clock.due_at is not None and clock.stopped_at is None:
        return _ANSWER_BY.get(clock.state(now), "Answer by"), clock.due_at
    return ("Last word", latest.at) if latest is not None else ("Filed", ticket.filed_at)


_ANSWER_BY = {
    ClockState.OVERDUE: "Promised for",
    ClockState.WAITING_FOR_CALL: "Or answer by",
}
