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
    """Re-read the ticket under its row lock, with what operations ask of it."""
    return (
        Ticket.objects.locked()
        .select_related(
            "customer__tam",
            "customer__tam_team",
            "assignee",
            "filed_by",
            "edition__plan",
            "service_level",
            "response_clock__calendar_version",
            "response_clock__ladder",
            "contract",
        )
        .get(pk=ticket.pk)
    )
