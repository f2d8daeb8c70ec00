"""How covered time was counted from a start to a due time: the lines of the sum.

Told to whoever asks, in their language, and never stored.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sla import wording
from sla.business_time import DayCount, DayNote, Schedule, Span
from sla.models import CalendarVersion

# Above so many lines the plain ones in the middle are told as one.
MOST_ROWS = 14
_EDGE = 3
_ZERO = timedelta()


class RowKind(StrEnum):
    """What a line of the sum is about."""

    COUNTED = "counted"
    WAITING = "waiting"
    CLOSED = "closed"
    CLOSURE = "closure"
    PAUSE = "pause"
    CLOCK_CHANGE = "clock_change"
    SKIPPED_DATE = "skipped_date"
    SUMMARY = "summary"


# No summary leaves these out.
_SPECIAL = frozenset({RowKind.CLOSURE, RowKind.PAUSE, RowKind.CLOCK_CHANGE, RowKind.SKIPPED_DATE})


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the sum: what, how much, and whether it counted.

    `length` is what it adds to the sum. `start` and `end` are the stretch it tells of; `on` and
    `until_on` the first and the last local date, where it tells of dates.
    """

    label: str
    value: str
    counted: bool
    kind: RowKind
    length: timedelta = _ZERO
    start: datetime | None = None
    end: datetime | None = None
    on: date | None = None
    until_on: date | None = None

    @property
    def is_special(self) -> bool:
        return self.kind in _SPECIAL

    def __iter__(self) -> Iterator[str | bool]:
        """Unpack as (label, value, counted), the way the template reads it."""
        return iter((self.label, self.value, self.counted))

    def __len__(self) -> int:
        """Three: a template's loop asks before it unpacks."""
        return 3


@dataclass(frozen=True, slots=True)
class Count:
    """What is explained: so much covered time from an instant, in a calendar and zone.

    `runs` are the stretches in which the clock ran, with pauses between them; none means one run
    from `starts_at` to `due_at`. `is_called` says that a phone call started it.
    """

    calendar_version: CalendarVersion
    zone: str
    target: timedelta
    filed_at: datetime
    starts_at: datetime
    due_at: datetime
    waits_for_call: bool = False
    is_called: bool = False
    capped: bool = False
    runs: tuple[Span, ...] = ()

    @property
    def schedule(self) -> Schedule:
        return self.calendar_version.schedule(self.zone)

    @property
    def all_runs(self) -> tuple[Span, ...]:
        return self.runs or (Span(self.starts_at, self.due_at),)


def rows_of(count: Count) -> list[Row]:
    """List what was counted on each local day and what was not, in the zone it is counted in."""
    zone = ZoneInfo(count.zone)
    rows = []
    if count.starts_at > count.filed_at:
        begun = (
            _("From %(at)s, waiting for your call or our opening")
            if count.waits_for_call
            else _("From %(at)s, not yet counting")
        )
        rows.append(
            Row(
                begun % {"at": _short(count.filed_at, zone)},
                _("not counted"),
                counted=False,
                kind=RowKind.WAITING,
                start=count.filed_at,
                end=count.starts_at,
            )
        )
    paused_at: datetime | None = None
    for run in count.all_runs:
        if paused_at is not None:
            rows.append(_pause(paused_at, run.start, zone))
        rows += _of_run(count, run, zone)
        paused_at = run.end
    return _shortened(rows)


def pause_since(at: datetime, zone: ZoneInfo) -> Row:
    """Tell a pause that lasts."""
    return Row(
        _("Paused since %(at)s") % {"at": _short(at, zone)},
        _("not counted"),
        counted=False,
        kind=RowKind.PAUSE,
        start=at,
    )


def _pause(start: datetime, end: datetime, zone: ZoneInfo) -> Row:
    return Row(
        _("Paused %(start)s to %(end)s") % {"start": _short(start, zone), "end": _short(end, zone)},
        _("not counted"),
        counted=False,
        kind=RowKind.PAUSE,
        start=start,
        end=end,
    )


def _of_run(count: Count, run: Span, zone: ZoneInfo) -> Iterator[Row]:
    days = count.schedule.day_counts(run.start, run.end)
    if not count.schedule.is_always_open:
        yield from _day_rows(days, count, zone)
        return
    yield Row(
        _from_to(_short(run.start, zone), _short(run.end, zone)),
        wording.span_sentence(run.length),
        counted=True,
        kind=RowKind.COUNTED,
        length=run.length,
        start=run.start,
        end=run.end,
    )
    for day in days:
        yield from _clock_change(day, zone)


def _day_rows(days: Iterable[DayCount], count: Count, zone: ZoneInfo) -> Iterator[Row]:
    """One line for each open stretch, one for closed days on end, one for a special day."""
    closed: list[DayCount] = []
    for day in days:
        if not day.spans and day.note == DayNote.CLOSED_WEEKDAY:
            closed.append(day)
            continue
        yield from _closed_rows(closed)
        closed = []
        for span in day.spans:
            begin, end = span.start.astimezone(zone), span.end.astimezone(zone)
            until = "24:00" if end.date() > day.on else f"{end:%H:%M}"
            yield Row(
                _from_to(f"{_day(day.on)}, {begin:%H:%M}", until),
                wording.span_sentence(span.length),
                counted=True,
                kind=RowKind.COUNTED,
                length=span.length,
                start=span.start,
                end=span.end,
                on=day.on,
                until_on=day.on,
            )
        if day.note == DayNote.CLOSURE:
            name = count.calendar_version.closure_name(day.on)
            yield _special(RowKind.CLOSURE, f"{_day(day.on)}, {name}", _("closed"), day.on)
        elif day.note == DayNote.SKIPPED_DATE:
            yield _special(
                RowKind.SKIPPED_DATE,
                _("%(day)s did not exist in this zone") % {"day": _day(day.on)},
                _("not counted"),
                day.on,
            )
        yield from _clock_change(day, zone)
    yield from _closed_rows(closed)


def _clock_change(day: DayCount, zone: ZoneInfo) -> Iterator[Row]:
    """Tell that the clocks changed, where it changed what was counted on the day."""
    if not day.shift:
        return
    forward = day.shift > _ZERO
    told = {"day": _day(day.on), "time": wording.span_sentence(abs(day.shift))}
    if any(_spans_a_change(span, zone) for span in day.spans):
        words = (
            _("%(day)s: clocks went forward %(time)s")
            if forward
            else _("%(day)s: clocks went back %(time)s")
        )
        yield _special(RowKind.CLOCK_CHANGE, words % told, _("real time counts"), day.on)
    elif not day.spans and day.note == DayNote.DAYLIGHT_SAVING:
        words = (
            _("%(day)s: clocks went forward %(time)s, over our hours")
            if forward
            else _("%(day)s: clocks went back %(time)s, over our hours")
        )
        yield _special(RowKind.CLOCK_CHANGE, words % told, _("not counted"), day.on)


def _spans_a_change(span: Span, zone: ZoneInfo) -> bool:
    return span.start.astimezone(zone).utcoffset() != span.end.astimezone(zone).utcoffset()


def _closed_rows(closed: list[DayCount]) -> Iterator[Row]:
    if not closed:
        return
    first, last = _day(closed[0].on), _day(closed[-1].on)
    label = (
        _("%(day)s, closed") % {"day": first}
        if first == last
        else _("%(first)s to %(last)s, closed") % {"first": first, "last": last}
    )
    yield Row(
        label,
        _("not counted"),
        counted=False,
        kind=RowKind.CLOSED,
        on=closed[0].on,
        until_on=closed[-1].on,
    )


def _special(kind: RowKind, label: str, value: str, on: date) -> Row:
    return Row(label, value, counted=False, kind=kind, on=on, until_on=on)


def _shortened(rows: list[Row]) -> list[Row]:
    """Tell the plain lines in the middle of many as one, with what they add to the sum."""
    if len(rows) <= MOST_ROWS:
        return rows
    middle = rows[_EDGE:-_EDGE]
    plain = [row for row in middle if not row.is_special]
    told = Row(
        ngettext(
            "%(number)d line between, counted the same way",
            "%(number)d lines between, counted the same way",
            len(plain),
        )
        % {"number": len(plain)},
        wording.span_sentence(length := sum((row.length for row in plain), _ZERO)),
        counted=True,
        kind=RowKind.SUMMARY,
        length=length,
        start=next((row.start for row in plain if row.start), None),
        end=next((row.end for row in reversed(plain) if row.end), None),
    )
    return [*rows[:_EDGE], told, *(row for row in middle if row.is_special), *rows[-_EDGE:]]


def _short(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{_day(local.date())}, {local:%H:%M}"


def _day(day: date) -> str:
    return wording.day_words(day, language=get_language())


def _from_to(start: str, end: str) -> str:
    return _("%(start)s to %(end)s") % {"start": start, "end": end}
