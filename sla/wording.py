"""Times and spans in the words of the portal: "Fri 21 Nov, 17:30 ET", "3 h 42 m", "3 hours"."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)

# North American zones are said without "standard" or "daylight": the letter differs by season,
# and people on both sides of the line say ET all year.
_SPOKEN_ZONES = {
    "America/New_York": "ET",
    "America/Detroit": "ET",
    "America/Toronto": "ET",
    "America/Chicago": "CT",
    "America/Denver": "MT",
    "America/Phoenix": "MT",
    "America/Los_Angeles": "PT",
}


def zone_word(at: datetime) -> str:
    """Name the zone of an aware instant the way people say it: ET, CET, UTC+05:30."""
    spoken = _SPOKEN_ZONES.get(getattr(at.tzinfo, "key", ""))
    if spoken:
        return spoken
    name = at.tzname() or "UTC"
    if name[0] in "+-":
        offset = at.strftime("%z")
        return f"UTC{offset[:3]}" + (f":{offset[3:]}" if offset[3:] != "00" else "")
    return name


def zone_name(zone: str) -> str:
    """Name a zone by its place, for settings: "New York time", "Kolkata time", "UTC"."""
    if "/" not in zone:
        return zone
    return f"{zone.rpartition('/')[2].replace('_', ' ')} time"


def day_words(day: date, *, this_year: int | None = None) -> str:
    """Write a day as "Fri 21 Nov", with the year when it is not this_year."""
    words = f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]}"
    return words if this_year in (None, day.year) else f"{words} {day.year}"


def date_words(day: date) -> str:
    """Write a day as in a contract: "31 Mar 2026"."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}"


def long_day_words(day: date) -> str:
    """Write a day in full, for headings: "Friday 21 November"."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def moment_words(at: datetime, zone: tzinfo, *, now: datetime, with_zone: bool = True) -> str:
    """Write an instant in a zone: "Fri 21 Nov, 17:30 ET"; the year only when it is not now's."""
    local = at.astimezone(zone)
    words = f"{day_words(local, this_year=now.astimezone(zone).year)}, {local:%H:%M}"
    return f"{words} {zone_word(local)}" if with_zone else words


def week_words(windows: Mapping[str, Sequence[Sequence[str]]]) -> str:
    """Write weekly windows, days with the same hours together: "Mon–Fri 09:00–19:00"."""
    groups: list[tuple[list[int], str]] = []
    for number, weekday in enumerate(WEEKDAYS):
        spans = windows.get(weekday[:3].lower(), ())
        hours = hours_words(spans)
        if not hours:
            continue
        if groups and groups[-1][1] == hours and groups[-1][0][-1] == number - 1:
            groups[-1][0].append(number)
        else:
            groups.append(([number], hours))
    return ", ".join(f"{_days(days)} {hours}" for days, hours in groups)


def hours_words(windows: Sequence[Sequence[str]]) -> str:
    """Write the windows of one weekday: "09:00–12:00 and 13:00–17:00"."""
    return " and ".join(f"{opens}–{closes}" for opens, closes in windows)


def near_words(at: datetime, zone: tzinfo, *, now: datetime) -> str:
    """Write an instant near now as briefly as is clear: "17:30", "Mon 08:10", "24 Nov"."""
    local, today = at.astimezone(zone), now.astimezone(zone)
    away = abs((local.date() - today.date()).days)
    if away == 0:
        return f"{local:%H:%M}"
    # A weekday names one day only within a week; of the past and the future together, half of it.
    if away <= 3:
        return f"{WEEKDAYS[local.weekday()][:3]} {local:%H:%M}"
    day = f"{local.day} {MONTHS[local.month - 1][:3]}"
    return day if local.year == today.year else f"{day} {local.year}"


def span_chip(span: timedelta) -> str:
    """Write a span for a chip: "3 h 42 m", "22 m". The sign is dropped, seconds too."""
    return _hours_and_minutes(span, "h", "m")


def span_sentence(span: timedelta) -> str:
    """Write a span for a sentence: "3 h 42 min"."""
    return _hours_and_minutes(span, "h", "min")


def span_seconds(span: timedelta) -> str:
    """Write a short span to the hundredth of a second: "0.62 s"; from a minute on in minutes."""
    seconds = abs(span).total_seconds()
    return f"{seconds:.2f} s" if seconds < 60 else span_sentence(span)


def span_words(span: timedelta) -> str:
    """Write a span in full, for explanations: "3 hours", "1 hour 30 minutes"."""
    hours, minutes = _split(span)
    parts = []
    if hours:
        parts.append(f"{hours} hour" + ("" if hours == 1 else "s"))
    if minutes or not hours:
        parts.append(f"{minutes} minute" + ("" if minutes == 1 else "s"))
    return " ".join(parts)


def ago_words(span: timedelta) -> str:
    """Write how long ago: "just now", "5 min ago", "3 h ago", "2 days ago"."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 1:
        return "just now"
    if minutes < 60:
        return f"{minutes} min ago"
    if minutes < 48 * 60:
        return f"{minutes // 60} h ago"
    return f"{minutes // (24 * 60)} days ago"


def as_zone(zone: str | tzinfo) -> tzinfo:
    """Accept a zone by name or as an object."""
    return ZoneInfo(zone) if isinstance(zone, str) else zone


def _days(numbers: Sequence[int]) -> str:
    first, last = WEEKDAYS[numbers[0]][:3], WEEKDAYS[numbers[-1]][:3]
    return first if first == last else f"{first}–{last}"


def _hours_and_minutes(span: timedelta, hour: str, minute: str) -> str:
    hours, minutes = _split(span)
    if hours and minutes:
        return f"{hours} {hour} {minutes} {minute}"
    return f"{hours} {hour}" if hours else f"{minutes} {minute}"


def _split(span: timedelta) -> tuple[int, int]:
    return divmod(int(abs(span).total_seconds()) // 60, 60)
