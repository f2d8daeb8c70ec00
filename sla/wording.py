"""Times and spans in the words of the portal: "Fri 21 Nov, 17:30 ET", "3 h 42 m", "3 hours".

In English unless a language is given: what is stored or told to others is English, whoever asked
for it; pages give their reader's (docs/decisions, 0025).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from sla.spoken import ENGLISH, spoken

WEEKDAYS, MONTHS = ENGLISH.weekdays, ENGLISH.months

# North American zones are said without "standard" or "daylight": the letter differs by season,
# and people on both sides of the line say ET all year. Not Phoenix: it keeps MST in summer, when
# MT is an hour ahead.
_SPOKEN_ZONES = {
    "America/New_York": "ET",
    "America/Detroit": "ET",
    "America/Toronto": "ET",
    "America/Chicago": "CT",
    "America/Denver": "MT",
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


def zone_name(zone: str, language: str | None = None) -> str:
    """Name a zone by its place, for settings: "New York time", "Kolkata time", "UTC"."""
    if "/" not in zone:
        return zone
    return spoken(language).zone.format(place=zone.rpartition("/")[2].replace("_", " "))


def day_words(day: date, *, this_year: int | None = None, language: str | None = None) -> str:
    """Write a day as "Fri 21 Nov", with the year when it is not this_year."""
    said = spoken(language)
    words = said.short_day.format(
        weekday=said.short_weekdays[day.weekday()],
        day=day.day,
        month=said.short_months[day.month - 1],
    )
    return words if this_year in (None, day.year) else f"{words} {day.year}"


def date_words(day: date, language: str | None = None) -> str:
    """Write a day as in a contract: "31 Mar 2026"."""
    said = spoken(language)
    return said.date.format(day=day.day, month=said.short_months[day.month - 1], year=day.year)


def long_day_words(day: date, language: str | None = None) -> str:
    """Write a day in full, for headings: "Friday 21 November"."""
    said = spoken(language)
    return said.long_day.format(
        weekday=said.weekdays[day.weekday()], day=day.day, month=said.months[day.month - 1]
    )


def moment_words(
    at: datetime,
    zone: tzinfo,
    *,
    now: datetime,
    with_zone: bool = True,
    language: str | None = None,
) -> str:
    """Write an instant in a zone: "Fri 21 Nov, 17:30 ET"; the year only when it is not now's."""
    local = at.astimezone(zone)
    day = day_words(local, this_year=now.astimezone(zone).year, language=language)
    words = f"{day}, {local:%H:%M}"
    return f"{words} {zone_word(local)}" if with_zone else words


def beside_words(
    at: datetime, there: tzinfo, here: tzinfo, *, now: datetime, language: str | None = None
) -> str:
    """Write an instant in another zone, to stand beside the reader's: "11:30 ET".

    With its day when that is another one; empty when the clocks of both show the same.
    """
    local, own = at.astimezone(there), at.astimezone(here)
    if local.utcoffset() == own.utcoffset():
        return ""
    if local.date() == own.date():
        return f"{local:%H:%M} {zone_word(local)}"
    return moment_words(at, there, now=now, language=language)


def week_words(windows: Mapping[str, Sequence[Sequence[str]]], language: str | None = None) -> str:
    """Write weekly windows, days with the same hours together: "Mon–Fri 09:00–19:00"."""
    groups: list[tuple[list[int], str]] = []
    for number, weekday in enumerate(WEEKDAYS):
        spans = windows.get(weekday[:3].lower(), ())
        hours = hours_words(spans, language)
        if not hours:
            continue
        if groups and groups[-1][1] == hours and groups[-1][0][-1] == number - 1:
            groups[-1][0].append(number)
        else:
            groups.append(([number], hours))
    return ", ".join(f"{_days(days, language)} {hours}" for days, hours in groups)


def hours_words(windows: Sequence[Sequence[str]], language: str | None = None) -> str:
    """Write the windows of one weekday: "09:00–12:00 and 13:00–17:00"."""
    both = f" {spoken(language).both} "
    return both.join(f"{opens}–{closes}" for opens, closes in windows)


def near_words(at: datetime, zone: tzinfo, *, now: datetime, language: str | None = None) -> str:
    """Write an instant near now as briefly as is clear: "17:30", "Mon 08:10", "24 Nov"."""
    said = spoken(language)
    local, today = at.astimezone(zone), now.astimezone(zone)
    away = abs((local.date() - today.date()).days)
    if away == 0:
        return f"{local:%H:%M}"
    # A weekday names one day only within a week; of the past and the future together, half of it.
    if away <= 3:
        return f"{said.short_weekdays[local.weekday()]} {local:%H:%M}"
    day = said.near_day.format(day=local.day, month=said.short_months[local.month - 1])
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


def span_words(span: timedelta, language: str | None = None) -> str:
    """Write a span in full, for explanations: "3 hours", "1 hour 30 minutes"."""
    said = spoken(language)
    hours, minutes = _split(span)
    parts = []
    if hours:
        parts.append(f"{hours} {said.hour[hours != 1]}")
    if minutes or not hours:
        parts.append(f"{minutes} {said.minute[minutes != 1]}")
    return " ".join(parts)


def ago_words(span: timedelta, language: str | None = None) -> str:
    """Write how long ago: "just now", "5 min ago", "3 h ago", "2 days ago"."""
    said = spoken(language)
    minutes = int(span.total_seconds()) // 60
    if minutes < 1:
        return said.just_now
    if minutes < 60:
        return said.minutes_ago.format(count=minutes)
    if minutes < 48 * 60:
        return said.hours_ago.format(count=minutes // 60)
    return said.days_ago.format(count=minutes // (24 * 60))


def as_zone(zone: str | tzinfo) -> tzinfo:
    """Accept a zone by name or as an object."""
    return ZoneInfo(zone) if isinstance(zone, str) else zone


def _days(numbers: Sequence[int], language: str | None) -> str:
    names = spoken(language).short_weekdays
    first, last = names[numbers[0]], names[numbers[-1]]
    return first if first == last else f"{first}–{last}"


def _hours_and_minutes(span: timedelta, hour: str, minute: str) -> str:
    hours, minutes = _split(span)
    if hours and minutes:
        return f"{hours} {hour} {minutes} {minute}"
    return f"{hours} {hour}" if hours else f"{minutes} {minute}"


def _split(span: timedelta) -> tuple[int, int]:
    return divmod(int(abs(span).total_seconds()) // 60, 60)
