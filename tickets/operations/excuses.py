"""Missed deadlines that a lead excuses."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from sla.operations import excuse_clock
from tickets.choices import EventKind
from tickets.errors import InvalidTransition
from tickets.models import Ticket
from tickets.operations.meanwhile import require_no_answer_on_its_way
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import can_excuse


@transaction.atomic
def excuse_breach(ticket: Ticket, *, reason: str, by: User, now: datetime | None = None) -> Ticket:
    """Excuse a missed deadline with a reason; reports still count it apart.

    Raises: NotAllowed, InvalidInput, InvalidTransition, ClockConflict. Effects: the clock's
    event, one event.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_excuse(by, ticket):
        raise NotAllowed("Only a duty lead or support manager excuses a missed deadline.")
    if not reason.strip():
        raise InvalidInput("Say why it is excused.", field="reason")
    if ticket.response_clock is None:
        raise InvalidTransition("This ticket has no clock.")
    if ticket.response_clock.excused_at is not None:
        raise InvalidTransition("This missed deadline is excused already.")
    require_no_answer_on_its_way(ticket, by=by)
    ticket.response_clock = excuse_clock(ticket.response_clock, at=moment, by=by, reason=reason)
    add_event(ticket, EventKind.EXCUSED, by=by, now=moment, reason=reason)
    return ticket
