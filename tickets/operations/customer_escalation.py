"""A ticket that its customer escalates."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from sla.choices import Audience
from tickets.choices import EventKind
from tickets.errors import InvalidTransition
from tickets.models import Ticket
from tickets.notices import people_of, tell_customer, tell_staff
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import can_excuse, can_write_as_customer


@transaction.atomic
def request_help(ticket: Ticket, *, reason: str, by: User, now: datetime | None = None) -> Ticket:
    """Escalate a ticket as the customer; the duty leads and the TAM are told.

    Raises: NotAllowed, InvalidInput; InvalidTransition when it has ended or is escalated.
    Effects: `help_requested_at`, one event, notices.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_write_as_customer(by, ticket):
        raise NotAllowed("Only people of this company escalate the ticket.")
    if not reason.strip():
        raise InvalidInput("Say what you need.", field="reason")
    if not ticket.is_open:
        raise InvalidTransition("This ticket has ended. Reopen it first.")
    if ticket.help_requested_at is not None:
        raise InvalidTransition("This ticket is escalated already. The duty lead has it.")
    ticket.help_requested_at = moment
    ticket.save(update_fields=["help_requested_at"])
    event = add_event(ticket, EventKind.HELP_REQUESTED, by=by, now=moment, reason=reason)
    tell_staff(
        ticket,
        event,
        people_of(ticket, [Audience.DUTY_LEAD, Audience.TAM, Audience.ASSIGNEE], now=moment),
        subject=f"escalated by {by}: {ticket.subject}",
        body=f"{by} of {ticket.customer} escalates {ticket.reference}: {reason}",
        urgent=True,
    )
    return ticket


@transaction.atomic
def answer_help(ticket: Ticket, *, answer: str, by: User, now: datetime | None = None) -> Ticket:
    """Answer a customer's escalation; the ticket is then no longer raised for it.

    Raises: NotAllowed, InvalidInput, InvalidTransition. Effects: `help_requested_at`, one event,
    notices to the customer's people.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_excuse(by, ticket):
        raise NotAllowed("Only a duty lead or support manager answers an escalation.")
    if not answer.strip():
        raise InvalidInput("Say what happens now.", field="answer")
    if ticket.help_requested_at is None:
        raise InvalidTransition("This ticket is not escalated.")
    ticket.help_requested_at = None
    ticket.save(update_fields=["help_requested_at"])
    event = add_event(ticket, EventKind.HELP_ANSWERED, by=by, now=moment, reason=answer)
    tell_customer(ticket, event, subject=f"{by} on your escalation: {ticket.subject}", body=answer)
    return ticket
