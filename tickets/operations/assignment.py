"""Who works on a ticket."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from tickets.choices import EventKind, TicketState
from tickets.errors import InvalidTransition
from tickets.models import Ticket
from tickets.notices import tell_staff
from tickets.operations.meanwhile import require_no_changes
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import WORKS_TICKETS, can_work

# Of what leavers leave behind, so much in one transaction.
RELEASE_BATCH = 500


@transaction.atomic
def take_ticket(ticket: Ticket, *, by: User, now: datetime | None = None) -> Ticket:
    """Make a ticket one's own; a new one is then in progress.

    Raises: NotAllowed; InvalidTransition when it has ended or somebody else took it first.
    Effects: the Ticket, one event.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_work(by, ticket):
        raise NotAllowed("Only engineers take tickets.")
    if not ticket.is_open:
        raise InvalidTransition("This ticket has ended.")
    if ticket.assignee_id == by.pk:
        return ticket
    if ticket.assignee is not None:
        raise InvalidTransition(f"{ticket.assignee} has this ticket. Ask for a hand-over.")
    return _put(ticket, by, EventKind.TAKEN, by=by, now=moment)


@transaction.atomic
def take_next_ticket(*, by: User, now: datetime | None = None) -> Ticket | None:
    """Take the most urgent ticket that nobody has; None when there is none.

    A row another engineer is taking at this moment is passed over, never waited for.
    Raises: NotAllowed. Effects: as take_ticket.
    """
    moment = now or timezone.now()
    if not by.has_role(*WORKS_TICKETS):
        raise NotAllowed("Only engineers take tickets.")
    free = Ticket.objects.visible_to(by).open().filter(assignee__isnull=True)
    for _, group in free.by_urgency(moment):
        ticket = group.select_for_update(skip_locked=True, of=("self",), no_key=True).first()
        if ticket is not None:
            return take_ticket(ticket, by=by, now=moment)
    return None


@transaction.atomic
def assign_ticket(
    ticket: Ticket,
    *,
    to: User,
    by: User,
    reason: str = "",
    seen_event: int | None = None,
    now: datetime | None = None,
) -> Ticket:
    """Give a ticket to somebody, or hand one's own over, with a note why.

    `seen_event` as in answer_ticket. Nothing happens when they have it and no note is given, or the
    same was sent before.
    Raises: NotAllowed, InvalidInput; InvalidTransition when it has ended, or a note comes for who
    has it already. Effects: the Ticket, one event, a notice to the new assignee.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_work(by, ticket):
        raise NotAllowed("Only engineers assign tickets.")
    if not to.has_role(*WORKS_TICKETS):
        raise InvalidInput("Choose an engineer.", field="to")
    if not ticket.is_open:
        raise InvalidTransition("This ticket has ended.")
    require_no_changes(ticket, seen_event, by=by)
    if ticket.assignee_id != to.pk:
        return _put(ticket, to, EventKind.ASSIGNED, by=by, now=moment, reason=reason)
    if reason and not _is_said(ticket, reason, by=by):
        raise InvalidTransition(
            f"{to} has this ticket already. Write your note on the ticket itself.", field="to"
        )
    return ticket


@transaction.atomic
def release_ticket(
    ticket: Ticket,
    *,
    by: User,
    reason: str = "",
    seen_event: int | None = None,
    now: datetime | None = None,
) -> Ticket:
    """Put a ticket back into the queue for anybody, with a word for who takes it next.

    `seen_event` as in answer_ticket.
    Raises: NotAllowed, InvalidTransition. Effects: the Ticket, one event.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_work(by, ticket):
        raise NotAllowed("Only engineers put tickets back.")
    if not ticket.is_open or ticket.assignee is None:
        raise InvalidTransition("Nobody has this ticket.")
    require_no_changes(ticket, seen_event, by=by)
    return _release(ticket, by=by, reason=reason.strip(), now=moment)


@transaction.atomic
def release_tickets_of_leavers(*, now: datetime | None = None) -> int:
    """Put back into the queue what belongs to people who work on tickets no more; say how many.

    Whoever lost the role, or their account, can hand nothing over, and "take next" brings only
    what nobody has.
    Effects: as release_ticket by the portal; rows somebody works on at this moment wait for the
    next run.
    """
    moment = now or timezone.now()
    held = Ticket.objects.open().filter(assignee__isnull=False).order_by()
    working = User.objects.active().with_role(*WORKS_TICKETS)
    # First who they are, which an index of open tickets alone tells: 6 ms at a million tickets.
    leavers = list(held.values_list("assignee", flat=True).distinct().exclude(assignee__in=working))
    left = held.filter(assignee__in=leavers)
    locked = left.select_for_update(skip_locked=True, of=("self",), no_key=True)
    count = 0
    for ticket in locked.select_related("assignee")[:RELEASE_BATCH]:
        reason = f"{ticket.assignee} no longer works on tickets"
        _release(ticket, by=None, reason=reason, now=moment)
        count += 1
    return count


def _release(ticket: Ticket, *, by: User | None, reason: str, now: datetime) -> Ticket:
    before = ticket.assignee_id
    ticket.assignee = None
    ticket.save(update_fields=["assignee"])
    add_event(ticket, EventKind.RELEASED, by=by, now=now, reason=reason, assignee=[before, None])
    return ticket


def _is_said(ticket: Ticket, reason: str, *, by: User) -> bool:
    """Whether a ticket was last given with these words, so that this is the same press again."""
    changes = (EventKind.TAKEN, EventKind.ASSIGNED, EventKind.RELEASED)
    last = ticket.events.filter(kind__in=changes).order_by("-at", "-pk").first()
    return last is not None and (last.by_id, last.reason) == (by.pk, reason)


def _put(
    ticket: Ticket, to: User, kind: EventKind, *, by: User, now: datetime, reason: str = ""
) -> Ticket:
    before = ticket.assignee_id
    ticket.assignee = to
    if ticket.state == TicketState.NEW:
        ticket.state = TicketState.IN_PROGRESS
    ticket.save(update_fields=["assignee", "state"])
    event = add_event(
        ticket,
        kind,
        by=by,
        now=now,
        reason=reason,
        assignee=[before, to.pk],
        assignee_name=to.name,
    )
    if to != by:
        tell_staff(
            ticket,
            event,
            [to],
            subject=f"is yours now: {ticket.subject}",
            body=f"{by} gave you {ticket.reference}." + (f" {reason}" if reason else ""),
        )
    return ticket
