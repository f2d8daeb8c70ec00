"""The one row that every change of a ticket writes."""

from datetime import datetime
from typing import Any

from accounts.models import User
from tickets.choices import EventKind
from tickets.models import Ticket, TicketEvent


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

    Effects: one TicketEvent; `updated_at`.
    """
    Ticket.objects.filter(pk=ticket.pk).update(updated_at=now)
    ticket.updated_at = now
    return TicketEvent.objects.create(
        ticket=ticket, kind=kind, at=now, by=by, reason=reason, details=details
    )


def lock_ticket(ticket: Ticket) -> Ticket:
    """Re-read the ticket under its row lock; what hangs on it is read when first asked for.

    Never joined: when this had to wait, PostgreSQL looks anew at the locked row alone, so a joined
    assignee or clock would be the one from before the wait. A join of its dozen tables also cost
    13 ms to plan.
    """
    locked = Ticket.objects.locked().get(pk=ticket.pk)
    # These never change on a ticket: what the caller has read of them need not be read again.
    if Ticket.customer.is_cached(ticket):
        locked.customer = ticket.customer
    if Ticket.filed_by.is_cached(ticket):
        locked.filed_by = ticket.filed_by
    return locked
