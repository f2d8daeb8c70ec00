"""Arranged calls on a page, and as an iCalendar document (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from icalendar import Calendar, Event

from tickets.choices import EventKind
from tickets.models import ArrangedCall, Ticket, TicketEvent


def calls_to_come(
    ticket: Ticket, events: Iterable[TicketEvent], now: datetime
) -> list[ArrangedCall]:
    """The calls of a ticket that are still to come; no query where none was ever arranged."""
    if not any(event.kind == EventKind.CALL_ARRANGED for event in events):
        return []
    return list(ticket.arranged_calls.to_come(now))


def call_file(call: ArrangedCall, *, host: str) -> bytes:
    """Write the call as one event in UTC, which every calendar program shows in its own zone.

    It keeps its UID when it moves or is cancelled, and the revision grows: programs change the
    entry they have.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.VENDOR_NAME}//Support Portal calls//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if call.cancelled_at else "PUBLISH")
    event = Event()
    event.add("uid", f"call-{call.pk}@{host}")
    event.add("dtstamp", call.changed_at.astimezone(UTC))
    event.add("last-modified", call.changed_at.astimezone(UTC))
    event.add("sequence", call.revision)
    event.add("dtstart", call.starts_at.astimezone(UTC))
    event.add("dtend", call.ends_at.astimezone(UTC))
    event.add("summary", f"{call.ticket.reference} {call.topic}")
    event.add("location", call.how)
    event.add("description", f"{settings.BASE_URL}{call.ticket.get_absolute_url()}")
    event.add("status", "CANCELLED" if call.cancelled_at else "CONFIRMED")
    calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text
