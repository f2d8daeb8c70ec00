"""Acknowledging an escalation of a ticket."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from sla.models import StepAcknowledgement
from sla.operations import acknowledge_step
from tickets.choices import EventKind
from tickets.errors import InvalidTransition
from tickets.models import Ticket
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import sees_as_staff


@transaction.atomic
def acknowledge_escalation(
    ticket: Ticket, *, by: User, record: int | None = None, now: datetime | None = None
) -> StepAcknowledgement:
    """Say that one knows of an escalation: its repeats tell this person no more, others go on.

    `record` is the step record the person looked at; else the newest that told them counts. A
    second time changes nothing.
    Raises: NotAllowed for somebody who was not told; InvalidTransition without a clock;
    ClockConflict when it is answered. Effects: one StepAcknowledgement, one event.
    Source: docs/decisions, an acknowledged escalation.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not sees_as_staff(by, ticket):
        raise NotAllowed("Only those who were told of an escalation acknowledge it.")
    if ticket.response_clock is None:
        raise InvalidTransition("This ticket has no clock, so nothing is escalated.")
    found, is_new = acknowledge_step(ticket.response_clock, by=by, at=moment, record=record)
    if is_new:
        add_event(ticket, EventKind.ACKNOWLEDGED, by=by, now=moment, reached=found.record.reached)
    return found
