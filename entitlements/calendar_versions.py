"""The versions that new clocks and pages count on, many calendars at once."""

from collections.abc import Iterable

from sla.models import CalendarVersion


def current_versions(calendar_ids: Iterable[int]) -> dict[int, CalendarVersion]:
    """Load the newest version of each calendar, by the calendar's key; one query."""
    newest = (
        CalendarVersion.objects.filter(calendar__in=set(calendar_ids))
        .order_by("calendar_id", "-number")
        .distinct("calendar_id")
    )
    return {version.calendar_id: version for version in newest}
