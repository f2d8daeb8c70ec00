"""Changes of calendars: a version is added, and moves nothing that was counted before."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from sla.models import Calendar, CalendarVersion


@transaction.atomic
def publish_calendar(
    calendar: Calendar,
    *,
    zone: str,
    windows: Mapping[str, list[list[str]]],
    closures: Mapping[date, str],
) -> CalendarVersion:
    """Add a version to a calendar; clocks already started stay on theirs.

    Raises: BusinessTimeError for hours that make no schedule.
    Effects: one CalendarVersion, under a lock of the calendar.
    """
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    latest = calendar.versions.order_by("-number").first()
    version = CalendarVersion(
        calendar=calendar,
        number=1 if latest is None else latest.number + 1,
        zone=zone,
        windows=dict(windows),
        closures=sorted(closures),
        closure_names={day.isoformat(): name for day, name in sorted(closures.items())},
    )
    version.schedule()
    version.save()
    return version
