"""A year of a calendar, day by day: open, closed weekday, closure by name, clocks that change."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sla import wording
from sla.business_time import DayCount, DayNote
from sla.models import CalendarVersion

FIRST_YEAR, LAST_YEAR = 1970, 2100


@dataclass(frozen=True, slots=True)
class YearDay:
    """One date. `kind` is "open", "weekend" (no window), "closure" or "skipped"."""

    on: date
    kind: str
    name: str = ""
    shift: str = ""

    @property
    def words(self) -> str:
        """What somebody hears who does not see the square."""
        said = {"open": "", "weekend": "closed", "skipped": "did not exist"}.get(self.kind)
        return ", ".join(word for word in (self.name if said is None else said, self.shift) if word)


@dataclass(frozen=True, slots=True)
class Month:
    """A month: its weeks from Monday on, None for days of other months, and what is special."""

    name: str
    weeks: list[list[YearDay | None]]
    special: list[YearDay]


@dataclass(frozen=True, slots=True)
class Year:
    """Twelve months, with their sums."""

    number: int
    months: list[Month]
    open_days: int
    open_time: timedelta
    closures: int


def year_of(version: CalendarVersion, number: int) -> Year:
    """Lay out a calendar year. Units: `number` from FIRST_YEAR to LAST_YEAR, local dates."""
    zone = ZoneInfo(version.zone)
    start, end = (
        datetime.combine(date(year, 1, 1), time(), zone).astimezone(UTC)
        for year in (number, number + 1)
    )
    counts = [
        count for count in version.schedule().day_counts(start, end) if count.on.year == number
    ]
    days = [_day(count, version) for count in counts]
    months = [
        _month(month, list(some)) for month, some in groupby(days, key=lambda day: day.on.month)
    ]
    return Year(
        number,
        months,
        open_days=sum(bool(count.spans) for count in counts),
        open_time=sum((count.counted for count in counts), timedelta()),
        closures=sum(day.kind == "closure" for day in days),
    )


def _day(count: DayCount, version: CalendarVersion) -> YearDay:
    shift = ""
    if count.shift:
        way = "forward" if count.shift > timedelta() else "back"
        shift = f"clocks go {way} {wording.span_sentence(abs(count.shift))}"
    match count.note:
        case DayNote.CLOSURE:
            return YearDay(count.on, "closure", version.closure_name(count.on), shift)
        case DayNote.CLOSED_WEEKDAY:
            return YearDay(count.on, "weekend", shift=shift)
        case DayNote.SKIPPED_DATE:
            return YearDay(count.on, "skipped")
    return YearDay(count.on, "open", shift=shift)


def _month(number: int, days: list[YearDay]) -> Month:
    return Month(
        wording.MONTHS[number - 1],
        list(_weeks(days)),
        [day for day in days if day.kind in {"closure", "skipped"} or day.shift],
    )


def _weeks(days: list[YearDay]) -> Iterator[list[YearDay | None]]:
    week: list[YearDay | None] = [None] * days[0].on.weekday()
    for day in days:
        week.append(day)
        if len(week) == 7:
            yield week
            week = []
    if week:
        yield week + [None] * (7 - len(week))
