"""A calendar that answers: open or not, when due, how much was counted."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

from sla.business_time.days import DayCount, count_days
from sla.business_time.errors import (
    InvalidSpan,
    InvalidTarget,
    InvalidWindow,
    OutOfRange,
)
from sla.business_time.instants import (
    DAY,
    FIRST_INSTANT,
    LAST_INSTANT,
    MICROSECOND,
    OUT_OF_RANGE,
    SECOND,
    day_start,
    to_datetime,
    to_micros,
)
from sla.business_time.spans import Span
from sla.business_time.stretches import Stretches
from sla.business_time.timeline import Timeline
from sla.business_time.week import Week
from sla.business_time.zones import LAST_DECADE, decade_of, zone_named

type WindowsKey = tuple[tuple[str, tuple[tuple[str, str], ...]], ...]

ZERO = timedelta()
MONTH = 30 * DAY
# Each stretch of so long a span is laid out; beyond it would cost more than it saves.
LAID_OUT = 12 * 365 * DAY


class Schedule:
    """Weekly windows and closed dates in a zone. Immutable, and safe to share between threads.

    Every method takes aware datetimes of any zone, raises NaiveDatetime for others, and gives
    UTC. The look-up tables grow by themselves to the decades that are asked for.

    Source: domain.md, Clocks; docs/time.md.
    """

    __slots__ = (
        "_closed",
        "_stretches",
        "_timeline",
        "_week",
        "closures",
        "is_always_open",
        "zone",
    )

    def __init__(
        self,
        zone: str,
        windows: Mapping[str, Sequence[tuple[str, str]]],
        closures: Iterable[date] = (),
    ) -> None:
        """Build anew; `Schedule.weekly` shares what was built before."""
        zone_named(zone)
        self.zone = zone
        self.closures = tuple(sorted(set(closures)))
        self._week = Week(windows)
        self._closed = tuple(closure.toordinal() for closure in self.closures)
        self.is_always_open = self._week.is_always_open and not self._closed
        # Replaced whole by a longer one when a question goes beyond it, never changed in place:
        # two threads may both extend it, and each still reads one consistent table.
        self._timeline: Timeline | None = None
        self._stretches: Stretches | None = None

    @staticmethod
    def weekly(
        zone: str,
        windows: Mapping[str, Sequence[tuple[str, str]]],
        closures: Iterable[date] = (),
    ) -> "Schedule":
        """Return the schedule of weekly windows, the same object for the same calendar.

        `windows` maps mon..sun to ("HH:MM", "HH:MM") pairs; an end at or before its start runs
        past midnight, ("00:00", "24:00") is the whole day. `closures` are local dates shut from
        midnight to midnight.

        Raises: UnknownZone, InvalidWindow, EmptySchedule.
        """
        return schedule_for(zone, windows_key(windows), tuple(sorted(set(closures))))

    def __repr__(self) -> str:
        return f"<Schedule in {self.zone}, {len(self.closures)} closures>"

    def is_open(self, at: datetime) -> bool:
        """Tell whether the instant lies inside a window. Windows are half-open."""
        instant = to_micros(at)
        return self._covering(instant, instant).is_open(instant)

    def next_opening(self, at: datetime) -> datetime:
        """Return the first open instant not before `at`: `at` itself when it is open.

        Raises: OutOfRange.
        """
        instant = to_micros(at)
        timeline = self._covering(instant, instant)
        while (counted := timeline.counted(instant)) >= timeline.total:
            timeline = self._extended(timeline)
        return to_datetime(timeline.latest(counted))

    def next_closing(self, at: datetime) -> datetime | None:
        """Return the end of the stretch open at `at`, or else of the one that opens next.

        None when the schedule never closes again.

        Raises: OutOfRange.
        """
        if self.is_always_open:
            to_micros(at)
            return None
        opening = to_micros(self.next_opening(at))
        timeline = self._covering(opening, opening)
        while (closing := timeline.closing(opening)) == timeline.end:
            if self._week.is_always_open and timeline.end > day_start(self._closed[-1]) + 3 * DAY:
                return None
            timeline = self._extended(timeline)
        return to_datetime(closing)

    def deadline(self, start: datetime, target: timedelta) -> datetime:
        """Return the first instant by which `target` has been counted since `start`.

        A deadline that falls on closing stays there; a target of zero is due at the start or at
        the next opening.

        Raises: InvalidTarget, OutOfRange.
        """
        if target <= ZERO:
            if target < ZERO:
                raise InvalidTarget("A target cannot be negative.")
            return self.next_opening(start)
        instant = to_micros(start)
        wanted = (target.days * 86_400 + target.seconds) * SECOND + target.microseconds
        if self.is_always_open:
            return to_datetime(instant + wanted)
        timeline = self._timeline
        if timeline is None or not timeline.begin <= instant < timeline.end:
            timeline = self._covering(instant, instant)
        due = timeline.counted(instant) + wanted
        while due > timeline.total:
            if instant + wanted > LAST_INSTANT:
                raise OutOfRange(OUT_OF_RANGE)
            timeline = self._extended(timeline)
            due = timeline.counted(instant) + wanted
        return to_datetime(timeline.earliest(due))

    def deadlines(self, starts: Sequence[int], targets: Sequence[int]) -> list[list[int]]:
        """Return for each target the deadline of each start, as `deadline` does one by one.

        For many clocks on the same terms: no datetimes are made, the table is found once, and what
        is counted before a start is looked up once.
        Units: microseconds since the epoch; the targets in microseconds.

        Raises: InvalidTarget, OutOfRange.
        """
        if min(targets) < 0:
            raise InvalidTarget("A target cannot be negative.")
        if not starts:
            return [[] for _ in targets]
        first, last, longest = min(starts), max(starts), max(targets)
        if self.is_always_open:
            to_datetime(last + longest)
            return [[start + target for start in starts] for target in targets]
        timeline = self._covering(first, last)
        # What is counted rises with the start, so the last one needs the longest table.
        while timeline.counted(last) + longest > timeline.total:
            if last + longest > LAST_INSTANT:
                raise OutOfRange(OUT_OF_RANGE)
            timeline = self._extended(timeline)
        table = self._table_for(timeline, first, last, longest)
        counted = table.counted_to(starts)
        return [
            table.earliest_after(counted, target)
            if target
            else [to_micros(self.next_opening(to_datetime(start))) for start in starts]
            for target in targets
        ]

    def _table_for(
        self, timeline: Timeline, first: int, last: int, longest: int
    ) -> Stretches | Timeline:
        """Return what answers from one start to the deadline of another.

        The open stretches, one by one; over more years than they are worth it, the timeline.
        """
        due = timeline.earliest(timeline.counted(last) + longest) if longest else last
        if due - first > LAID_OUT:
            return timeline
        found = self._stretches
        if found is None or not (found.since <= first and due <= found.until):
            # A month on both sides, so that the next question is likely to find it, too.
            since = max(first - MONTH, timeline.begin)
            until = min(due + MONTH, timeline.end - 1)
            if found is not None and max(until, found.until) - min(since, found.since) < LAID_OUT:
                since, until = min(since, found.since), max(until, found.until)
            self._stretches = found = Stretches(timeline, since, until)
        return found

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Return the time counted from `start` to `end`.

        Raises: InvalidSpan when the end is before the start.
        """
        since, until = self._span(start, end)
        if self.is_always_open:
            return MICROSECOND * (until - since)
        timeline = self._covering(since, until)
        return MICROSECOND * (timeline.counted(until) - timeline.counted(since))

    def spans(self, start: datetime, end: datetime) -> list[Span]:
        """Return the open stretches between two instants, clipped to them, in order.

        Raises: InvalidSpan.
        """
        since, until = self._span(start, end)
        return [
            Span(to_datetime(low), to_datetime(high))
            for low, high in self._covering(since, until).stretches(since, until)
        ]

    def day_counts(self, start: datetime, end: datetime) -> list[DayCount]:
        """Return what each local date contributed, from the date of `start` to that of `end`.

        Dates without a contribution are listed too, with the reason; so is a date that the zone
        skipped.

        Raises: InvalidSpan.
        """
        since, until = self._span(start, end)
        timeline = self._covering(
            max(since - 2 * DAY, FIRST_INSTANT), min(until + 2 * DAY, LAST_INSTANT - 1)
        )
        return count_days(timeline, self._week, frozenset(self._closed), since, until)

    def _span(self, start: datetime, end: datetime) -> tuple[int, int]:
        since, until = to_micros(start), to_micros(end)
        if until < since:
            raise InvalidSpan("The end is before the start.")
        return since, until

    def _covering(self, since: int, until: int) -> Timeline:
        """Return a timeline that has both instants, extending the one at hand if need be."""
        timeline = self._timeline
        if timeline is not None and timeline.begin <= since and until < timeline.end:
            return timeline
        if since < FIRST_INSTANT or until >= LAST_INSTANT:
            raise OutOfRange(OUT_OF_RANGE)
        first, last = decade_of(since), decade_of(until)
        if timeline is not None:
            first, last = min(first, timeline.first), max(last, timeline.last)
        return self._build(first, last)

    def _extended(self, timeline: Timeline) -> Timeline:
        """Return a timeline twice as long, so that growing costs no more than the result.

        Raises: OutOfRange when there are no later dates.
        """
        if timeline.last == LAST_DECADE:
            raise OutOfRange(OUT_OF_RANGE)
        return self._build(timeline.first, 2 * timeline.last - timeline.first + 1)

    def _build(self, first: int, last: int) -> Timeline:
        timeline = Timeline(self.zone, self._week, self._closed, first, min(last, LAST_DECADE))
        self._timeline = timeline
        return timeline


def windows_key(windows: Mapping[str, Sequence[tuple[str, str]]]) -> WindowsKey:
    """Return windows as a value that can key a cache: weekday and pairs, as they were given.

    Raises: InvalidWindow.
    """
    return tuple(
        (day, tuple(_pair(day, window) for window in day_windows))
        for day, day_windows in windows.items()
    )


def week_length(windows: Mapping[str, Sequence[tuple[str, str]]]) -> timedelta:
    """Return the open time of a week in which no clock changes.

    Raises: InvalidWindow, EmptySchedule.
    """
    return MICROSECOND * Week(dict(windows_key(windows))).total


def week_stretches(
    windows: Mapping[str, Sequence[tuple[str, str]]],
) -> list[list[tuple[timedelta, timedelta]]]:
    """Return each weekday's open stretches since its midnight, a night's tail with the next day.

    Raises: InvalidWindow, EmptySchedule.
    """
    week = Week(dict(windows_key(windows)))
    return [
        [(MICROSECOND * low, MICROSECOND * high) for low, high in week.stretches_on(weekday)]
        for weekday in range(7)
    ]


def _pair(day: str, window: Sequence[str]) -> tuple[str, str]:
    match window:
        case [str() as opening, str() as closing]:
            return opening, closing
    raise InvalidWindow(f"On {day} a window needs an opening and a closing time, as text.")


@lru_cache(maxsize=2048)
def schedule_for(zone: str, key: WindowsKey, closures: tuple[date, ...] = ()) -> Schedule:
    """Return the one Schedule of a calendar, built when first asked for.

    Raises: UnknownZone, InvalidWindow, EmptySchedule.
    """
    return Schedule(zone, dict(key), closures)
