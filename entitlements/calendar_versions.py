"""The versions that new clocks and pages count on, many calendars at once."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, F, Value, When

from accounts.compiled import Compiled
from sla.models import CalendarVersion

_NEWEST = Compiled(
    lambda calendars: (
        CalendarVersion.objects.filter(calendar__in=calendars)
        .order_by("calendar_id", "-number")
        .distinct("calendar_id")
    )
)


def current_versions(calendar_ids: Iterable[int]) -> dict[int, CalendarVersion]:
    """Load the newest version of each calendar, by the calendar's key; one query."""
    newest = _NEWEST.all(sorted(set(calendar_ids)))
    return {version.calendar_id: version for version in newest}


def versions_at(calendar_ids: Iterable[int], at: datetime) -> dict[int, CalendarVersion]:
    """Load the version of each calendar that held at an instant; one query.

    For an instant before a calendar was made, its first version.
    """
    held = CalendarVersion.objects.filter(calendar__in=set(calendar_ids)).annotate(
        came_later=Case(When(created_at__gt=at, then=Value(1)), default=Value(0)),
        nearest=Case(When(created_at__gt=at, then=F("number")), default=-F("number")),
    )
    found = held.order_by("calendar_id", "came_later", "nearest").distinct("calendar_id")
    return {version.calendar_id: version for version in found}
