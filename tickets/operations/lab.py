"""What an engineer asks the lab, and what the lab found."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.choices import Role
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from sla.choices import Audience
from tickets.choices import EventKind, TicketState
from tickets.errors import InvalidTransition
from tickets.models import Ticket
from tickets.notices import people_of, tell_staff
from tickets.operations.meanwhile import require_no_changes
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import can_return_from_lab, can_work


@transaction.atomic
def pass_to_lab(
    ticket: Ticket,
    *,
    reason: str,
    by: User,
    seen_event: int | None = None,
    now: datetime | None = None,
) -> Ticket:
    """Hand an open ticket to the lab, whose analysts see and answer it from now on.

    An answer gives it back, and so does return_from_lab. Clocks go on: the promise is the
    customer's, whoever works on it. `seen_event` as in answer_ticket.
    Raises: NotAllowed, InvalidInput, InvalidTransition. Effects: the Ticket, one event, notices
    to the analysts.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_work(by, ticket):
        raise NotAllowed("Only engineers pass tickets to the lab.")
    if not reason.strip():
        raise InvalidInput("Say what the lab should find out.", field="reason")
    if not ticket.is_open or ticket.state == TicketState.WAITING_FOR_LAB:
        raise InvalidTransition(
            "The lab has this ticket already." if ticket.is_open else "This ticket has ended."
        )
    require_no_changes(ticket, seen_event, by=by)
    before = ticket.state
    ticket.state = TicketState.WAITING_FOR_LAB
    ticket.save(update_fields=["state"])
    event = add_event(
        ticket,
        EventKind.STATE_CHANGED,
        by=by,
        now=moment,
        reason=reason,
        state=[before, ticket.state],
    )
    tell_staff(
        ticket,
        event,
        User.objects.active().with_role(Role.ANALYST),
        subject=f"waits for the lab: {ticket.subject}",
        body=f"{by} asks: {reason}",
    )
    return ticket


@transaction.atomic
def return_from_lab(
    ticket: Ticket,
    *,
    finding: str,
    by: User,
    seen_event: int | None = None,
    now: datetime | None = None,
) -> Ticket:
    """Give a ticket back to its engineer with what the lab found; the customer is not written to.

    `seen_event` as in answer_ticket.
    Raises: NotAllowed, InvalidInput, InvalidTransition. Effects: the Ticket, one event, notices
    to the assignee, else to the engineers on duty.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_return_from_lab(by):
        raise NotAllowed("Only the lab and engineers bring tickets back from it.")
    if not finding.strip():
        raise InvalidInput("Say what the lab found.", field="finding")
    if ticket.state != TicketState.WAITING_FOR_LAB:
        raise InvalidTransition("The lab does not have this ticket any more.")
    require_no_changes(ticket, seen_event, by=by)
    before = ticket.state
    ticket.state = TicketState.IN_PROGRESS if ticket.assignee_id else TicketState.NEW
    ticket.save(update_fields=["state"])
    event = add_event(
        ticket,
        EventKind.STATE_CHANGED,
        by=by,
        now=moment,
        reason=finding,
        state=[before, ticket.state],
    )
    tell_staff(
        ticket,
        event,
        [one for one in people_of(ticket, [Audience.ASSIGNEE], now=moment) if one != by],
        subject=f"is back from the lab: {ticket.subject}",
        body=f"{by} found: {finding}",
    )
    return ticket
