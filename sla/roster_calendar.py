"""A person's shifts as an iCalendar document (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from accounts.models import User
from sla.models import Shift

# How often a calendar program should look again; most look when they like.
REFRESH = timedelta(hours=1)


def roster_calendar(person: User, shifts: Iterable[Shift], *, vendor: str, host: str) -> bytes:
    """Write the shifts as events in UTC, which every calendar program shows in its own zone.

    An event keeps its UID when its shift moves, so that programs change it in place.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{vendor}//Support Portal roster//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{vendor} roster, {person.name}")
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for shift in shifts:
        event = Event()
        event.add("uid", f"shift-{shift.pk}@{host}")
        event.add("dtstamp", shift.changed_at.astimezone(UTC))
        event.add("last-modified", shift.changed_at.astimezone(UTC))
        event.add("sequence", _sequence(shift.changed_at))
        event.add("dtstart", shift.starts_at.astimezone(UTC))
        event.add("dtend", shift.ends_at.astimezone(UTC))
        event.add("summary", shift.get_duty_display())
        calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text


def _sequence(changed_at: datetime) -> int:
    """A number that grows with every change, as RFC 5545 asks of a revised event."""
    return int(changed_at.timestamp()) // 60
