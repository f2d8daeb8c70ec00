"""Tickets as the portal itself would file them, and what a change left behind."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db.models import Model

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer, LedgerEntry
from notifications.models import Delivery, Notice
from sla.models import Clock, ClockEvent, StepRecord
from tickets.choices import EventKind, TicketKind
from tickets.models import Attachment, Message, Note, Ticket, TicketEvent
from tickets.operations.filing import file_ticket

# Tue 10 Mar 2026, 11:00 ET (daylight time began on 8 March: ET is UTC-4).
TUESDAY = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


def make_ticket(by: User, customer: Customer, **given: Any) -> Ticket:
    """A premium incident, High, of Tuesday 11:00 ET: on MSA Business it is due at 19:00 ET."""
    facts: dict[str, Any] = {
        "kind": TicketKind.PREMIUM,
        "severity": Severity.HIGH,
        "subject": "Label-printer driver quarantined on 214 hosts",
        "description": "Since the 15:10 database update printing has stopped.",
        "now": TUESDAY,
    }
    return file_ticket(by=by, customer=customer, **{**facts, **given})


def newest_event(ticket: Ticket) -> TicketEvent:
    return ticket.events.order_by("-pk")[0]


def kinds_of(ticket: Ticket) -> list[EventKind]:
    """The kinds of a ticket's events, the filing left out."""
    return [EventKind(event.kind) for event in ticket.events.order_by("pk")][1:]


def told_of(event: TicketEvent) -> set[str]:
    """Who is told of an event; each person has a notice and a mail on its way."""
    notices = Notice.objects.filter(key__startswith=f"ticket-event:{event.pk}:")
    assert Delivery.objects.filter(notice__in=notices).count() == notices.count()
    return set(notices.values_list("recipient__name", flat=True))


@contextmanager
def nothing_changes() -> Iterator[None]:
    """Whatever happens inside leaves no trace in any table a ticket's change writes to."""
    before = _everything()
    yield
    assert _everything() == before


def _everything() -> list[list[dict[str, Any]]]:
    models: tuple[type[Model], ...] = (
        Ticket,
        Message,
        Note,
        TicketEvent,
        Attachment,
        Clock,
        ClockEvent,
        StepRecord,
        Notice,
        Delivery,
        LedgerEntry,
    )
    return [list(model._default_manager.order_by("pk").values()) for model in models]
