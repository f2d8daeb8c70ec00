"""A week of the roster as a table of people and days: plain data for templates/sla/roster.html.

Days are local dates of the reader. A cell holds the parts of shifts that fall on its date; each
part is drawn to scale within its day and said in words beside it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from accounts.models import User
from sla.business_time import Span
from sla.choices import DutyRole
from sla.models import Shift
from sla.ribbon import percent

DAYS = 7


@dataclass(frozen=True)
class Day:
    """A column. `now_x` is where now stands in it, on today only."""

    on: date
    span: Span
    is_today: bool
    now_x: str


@dataclass(frozen=True)
class Part:
    """What of a shift or a gap lies on one day. `shift` is None for a gap."""

    x: str
    width: str
    words: str
    shift: Shift | None


@dataclass(frozen=True)
class Cell:
    day: Day
    parts: list[Part]


@dataclass(frozen=True)
class Row:
    """A person's week, or the gaps when `person` is None."""

    person: User | None
    cells: list[Cell]


@dataclass(frozen=True)
class Group:
    """Everybody of one duty, the gaps first."""

    duty: DutyRole
    rows: list[Row]


def week_days(first: date, zone: tzinfo, now: datetime) -> list[Day]:
    """The seven local dates from `first`; a day with a clock change is longer or shorter."""
    days = []
    for number in range(DAYS):
        on = first + timedelta(days=number)
        # In UTC, because subtracting two times of one zone ignores a clock change between them.
        start, end = (
            datetime.combine(day, time(), zone).astimezone(UTC)
            for day in (on, on + timedelta(days=1))
        )
        is_today = start <= now < end
        now_x = percent(100 * ((now - start) / (end - start))) if is_today else ""
        days.append(Day(on, Span(start, end), is_today, now_x))
    return days


def monday_of(day: date) -> date:
    """The day its week begins on."""
    return day - timedelta(days=day.weekday())


def group_of(
    duty: DutyRole, shifts: Iterable[Shift], gaps: Sequence[Span], days: Sequence[Day], zone: tzinfo
) -> Group:
    """Lay out the shifts of a duty, a row a person by name, under a row of its gaps if any."""
    of_person: dict[User, list[Shift]] = {}
    for shift in shifts:
        of_person.setdefault(shift.person, []).append(shift)
    rows = [
        Row(person, [_cell(day, [(one.span, one) for one in theirs], zone) for day in days])
        for person, theirs in sorted(of_person.items(), key=lambda item: item[0].name)
    ]
    if gaps:
        rows.insert(0, Row(None, [_cell(day, [(gap, None) for gap in gaps], zone) for day in days]))
    return Group(duty, rows)


def _cell(day: Day, stretches: Iterable[tuple[Span, Shift | None]], zone: tzinfo) -> Cell:
    parts = []
    for span, shift in stretches:
        start, end = max(span.start, day.span.start), min(span.end, day.span.end)
        if start >= end:
            continue
        length = day.span.length
        parts.append(
            Part(
                x=percent(100 * ((start - day.span.start) / length)),
                width=percent(100 * ((end - start) / length)),
                words=_words(span, day.span, zone),
                shift=shift,
            )
        )
    return Cell(day, parts)


def _words(span: Span, day: Span, zone: tzinfo) -> str:
    """Say a part's hours as its own day needs them: "08:00–16:00", "from 22:00", "until 06:00"."""
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    if span.start < day.start and span.end > day.end:
        return "all day"
    if span.start < day.start:
        return "all day" if span.end == day.end else f"until {end:%H:%M}"
    if span.end > day.end:
        return "all day" if span.start == day.start else f"from {start:%H:%M}"
    if span == day:
        return "all day"
    return f"{start:%H:%M}–{'24:00' if span.end == day.end else f'{end:%H:%M}'}"
