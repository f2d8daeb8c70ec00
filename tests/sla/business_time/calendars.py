"""The calendars that the tests of business time share."""

from datetime import UTC, date, datetime

from sla.business_time import WEEKDAYS, Schedule

Windows = dict[str, list[tuple[str, str]]]
WORKDAYS = WEEKDAYS[:5]


def on(days: tuple[str, ...] | str, *windows: tuple[str, str]) -> Windows:
    names = days.split() if isinstance(days, str) else days
    return {day: list(windows) for day in names}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


ALWAYS = on(WEEKDAYS, ("00:00", "24:00"))
# The hours of the catalogue's paid plans: 19:00 is closed.
NINE_TO_SEVEN = on(WORKDAYS, ("09:00", "19:00"))
DAILY_NINE_TO_FIVE = on(WEEKDAYS, ("09:00", "17:00"))
SPLIT = on(WORKDAYS, ("09:00", "12:00"), ("13:00", "17:00"))
NIGHTS = on(WORKDAYS, ("22:00", "06:00"))


def schedule(zone: str, windows: Windows, *closures: str) -> Schedule:
    return Schedule.weekly(zone, windows, [date.fromisoformat(day) for day in closures])
