"""The one row that every change of a ticket writes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.compiled import Compiled
from accounts.models import User
from accounts.new_rows import insert_rows
from entitlements.models import Customer
from notifications.live import tell_pages
from tickets.choices import EventKind, TicketState
from tickets.models import Ticket, TicketEvent
from tickets.operations.objectives import MOVING, keep_objectives
from tickets.queue_sizes import forget_sizes
from tickets.webhooks import tell_programs

_LOCKED = Compiled(lambda key: Ticket.objects.locked().filter(pk=key))


def add_event(
    ticket: Ticket,
    kind: EventKind,
    /,
    *,
    by: User | None,
    now: datetime,
    reason: str = "",
    **details: Any,
) -> TicketEvent:
    """Write the event of a change, inside the change's transaction; the ticket counts as updated.

    Effects: one TicketEvent; `updated_at`; whoever did it finds the queue counted anew; our
    objectives' clocks follow.
    """
    if by is not None and by.is_staff_member:
        forget_sizes(by)
    event = TicketEvent(ticket=ticket, kind=kind, at=now, by=by, reason=reason, details=details)
    add_events([event], now=now)
    if kind in MOVING:
        keep_objectives(ticket, kind, by=by, now=now)
    return event


def add_events(events: Sequence[TicketEvent], *, now: datetime) -> None:
    """Write one event each of many tickets' changes at one instant, as add_event.

    Effects: the TicketEvents; `updated_at`; calls of the webhooks that asked for them; open pages
    are told after the commit.
    """
    # A ticket that was filed just now says so already.
    if older := [event.ticket_id for event in events if event.ticket.updated_at != now]:
        Ticket.objects.filter(pk__in=older).update(updated_at=now)
    for event in events:
        event.ticket.updated_at = now
    insert_rows(events)
    tell_programs(events, now=now)
    tell_pages({event.pk: event.ticket_id for event in events})


def lock_account(customer: Customer) -> None:
    """Lock a customer's tickets, and hold back new ones, while its whole account changes.

    The tickets first and in order: whoever has one of them may still want the customer's row.
    """
    # A ticket that was closed while the account was escalated is read anew, too.
    tickets = Ticket.objects.filter(customer=customer).exclude(
        state=TicketState.CLOSED, account_escalated_at__isnull=True
    )
    list(tickets.order_by("pk").locked().values_list("pk", flat=True))
    # A ticket that is being filed reads whether the account is escalated under a key share of it.
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)


def lock_tickets(*tickets: Ticket) -> tuple[Ticket, ...]:
    """Lock several tickets as lock_ticket, always in the same order, and return them as given."""
    in_order = sorted(tickets, key=lambda ticket: ticket.pk)
    locked = {ticket.pk: lock_ticket(ticket) for ticket in in_order}
    return tuple(locked[ticket.pk] for ticket in tickets)


def lock_ticket(ticket: Ticket) -> Ticket:
    """Re-read the ticket under its row lock; what hangs on it is read when first asked for.

    Never joined: when this had to wait, PostgreSQL looks anew at the locked row alone, so a joined
    assignee or clock would be the one from before the wait. A join of its dozen tables also cost
    13 ms to plan.
    """
    locked = _LOCKED.first(ticket.pk)
    if locked is None:
        raise Ticket.DoesNotExist
    # These never change on a ticket: what the caller has read of them need not be read again.
    if Ticket.customer.is_cached(ticket):
        locked.customer = ticket.customer
    if Ticket.filed_by.is_cached(ticket):
        locked.filed_by = ticket.filed_by
    return locked
