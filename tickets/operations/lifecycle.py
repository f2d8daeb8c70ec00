"""How a ticket ends and comes back."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from notifications.words import worded
from tickets.choices import EventKind, TicketState
from tickets.errors import InvalidTransition
from tickets.models import Message, Ticket
from tickets.notices import (
    staff_following,
    staff_working,
    tell_customer,
    tell_staff,
    tell_watching_staff,
)
from tickets.operations.conversation import require_unchanged, stop_response_clock
from tickets.operations.escalation_course import end_escalation_of_closed
from tickets.operations.meanwhile import require_no_answer_on_its_way, require_no_changes
from tickets.operations.sendings import let_out_own
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import can_end, can_work, can_write_as_customer

# How many tickets one run of the beat entry closes; the next run takes the rest.
CLOSE_BATCH = 500


@transaction.atomic
def resolve_ticket(
    ticket: Ticket,
    *,
    resolution: str,
    by: User,
    seen_message: int | None = None,
    seen_event: int | None = None,
    now: datetime | None = None,
) -> Ticket:
    """Resolve a ticket with what solved it, sent as a qualified answer.

    `seen_message` and `seen_event` as in answer_ticket. What `by` sent before and is still held
    goes out first.
    Raises: NotAllowed, InvalidInput, InvalidTransition. Effects: one Message, the clock's stop,
    the Ticket, one event, notices to the customer's people.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_work(by, ticket):
        raise NotAllowed("Only engineers resolve tickets.")
    if not resolution.strip():
        raise InvalidInput("Say what solved it.", field="resolution")
    if not ticket.is_open:
        raise InvalidTransition("This ticket has ended already.")
    require_unchanged(ticket, by, seen_message)
    require_no_answer_on_its_way(ticket, by=by)
    require_no_changes(ticket, seen_event, by=by)
    if let_out_own(ticket, by=by):
        ticket = lock_ticket(ticket)
    message = Message.objects.create(
        ticket=ticket,
        author=by,
        body=resolution.strip(),
        from_staff=True,
        qualified=True,
        at=moment,
    )
    stop_response_clock(ticket, by=by, now=moment)
    before = ticket.state
    ticket.state = TicketState.RESOLVED
    ticket.resolved_at = moment
    if ticket.assignee is None:
        ticket.assignee = by
    ticket.save(update_fields=["state", "resolved_at", "assignee"])
    event = add_event(
        ticket,
        EventKind.RESOLVED,
        by=by,
        now=moment,
        message=message.pk,
        state=[before, ticket.state],
    )
    tell_customer(
        ticket,
        event,
        subject=worded(gettext_noop("is solved: %(subject)s"), subject=ticket.subject),
        body=worded(
            gettext_noop("%(body)s\n\nDoes it work? Confirm it, or reopen within 14 days."),
            body=message.body,
        ),
    )
    tell_watching_staff(ticket, event, subject=f"is solved: {ticket.subject}", by=by)
    return ticket


@transaction.atomic
def close_ticket(ticket: Ticket, *, by: User, now: datetime | None = None) -> Ticket:
    """Confirm a resolution, or withdraw an open ticket: it is closed.

    A ticket withdrawn by the customer owes no answer any more, so its clock stops.
    Raises: NotAllowed, InvalidTransition. Effects: the Ticket, the clock, one event, notices to the
    assignee and to the customer's people.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_end(by, ticket):
        raise NotAllowed(_("Only the customer or support closes this ticket."))
    if ticket.state == TicketState.CLOSED:
        raise InvalidTransition(_("This ticket is closed already."))
    if ticket.is_open and not can_write_as_customer(by, ticket):
        raise InvalidTransition("Resolve it first: an open ticket is closed by its customer.")
    stop_response_clock(ticket, by=by, now=moment)
    _close(ticket, by=by, now=moment)
    return ticket


@transaction.atomic
def reopen_ticket(ticket: Ticket, *, reason: str, by: User, now: datetime | None = None) -> Ticket:
    """Take a resolution back: the ticket is in progress again, with whom it was.

    The first-response clock stays stopped: it was answered.
    Raises: NotAllowed; InvalidTransition when it is not resolved or 14 days have passed.
    Effects: the Ticket, one Message when a customer gives a reason, one event, notices to the
    assignee and to the customer's people.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not (can_write_as_customer(by, ticket) or can_work(by, ticket)):
        raise NotAllowed(_("Only the customer or support reopens this ticket."))
    if not ticket.can_be_reopened(moment):
        raise InvalidTransition(_("Only a ticket resolved within the last 14 days is reopened."))
    before = ticket.state
    ticket.state = TicketState.IN_PROGRESS if ticket.assignee_id else TicketState.NEW
    ticket.resolved_at = None
    ticket.save(update_fields=["state", "resolved_at"])
    # A customer's own is a message to both sides; a colleague's is ours.
    said = reason if reason.strip() and can_write_as_customer(by, ticket) else ""
    if said:
        Message.objects.create(
            ticket=ticket, author=by, body=said.strip(), from_staff=False, at=moment
        )
    event = add_event(
        ticket,
        EventKind.REOPENED,
        by=by,
        now=moment,
        reason=reason,
        state=[before, ticket.state],
    )
    if following := staff_working(ticket, besides=by, now=moment):
        tell_staff(
            ticket,
            event,
            following,
            subject=f"was reopened: {ticket.subject}",
            body=f"{by} reopened {ticket.reference}." + (f" {reason}" if reason else ""),
        )
    tell_customer(
        ticket,
        event,
        subject=worded(gettext_noop("is open again: %(subject)s"), subject=ticket.subject),
        body=worded(
            gettext_noop("%(by)s reopened %(ticket)s. %(reason)s")
            if said
            else gettext_noop("%(by)s reopened %(ticket)s."),
            by=by,
            ticket=ticket.reference,
            reason=said,
        ),
        besides=by,
    )
    return ticket


@transaction.atomic
def close_resolved_tickets(*, now: datetime | None = None) -> int:
    """Close tickets resolved more than 14 days ago, and say how many.

    Effects: Tickets and one event each; rows somebody works on at this moment wait for the next
    run.
    """
    moment = now or timezone.now()
    tickets = Ticket.objects.past_reopening(moment).select_for_update(
        skip_locked=True, of=("self",), no_key=True
    )[:CLOSE_BATCH]
    count = 0
    for ticket in tickets:
        _close(ticket, by=None, now=moment)
        count += 1
    return count


def _close(ticket: Ticket, *, by: User | None, now: datetime) -> None:
    owner = end_escalation_of_closed(ticket, by=by, now=now)
    before = ticket.state
    ticket.state = TicketState.CLOSED
    ticket.closed_at = now
    ticket.save(update_fields=["state", "closed_at"])
    event = add_event(ticket, EventKind.CLOSED, by=by, now=now, state=[before, TicketState.CLOSED])
    following = [] if by is None else staff_following(ticket, besides=by)
    if owner is not None and owner not in (by, *following):
        following.append(owner)
    if following:
        tell_staff(
            ticket,
            event,
            following,
            subject=f"is closed: {ticket.subject}",
            body=f"{by} closed {ticket.reference}." if by else "It was solved 14 days ago.",
        )
    if by is not None:
        tell_customer(
            ticket,
            event,
            subject=worded(gettext_noop("is closed: %(subject)s"), subject=ticket.subject),
            body=worded(gettext_noop("%(by)s closed %(ticket)s."), by=by, ticket=ticket.reference),
            besides=by,
        )
