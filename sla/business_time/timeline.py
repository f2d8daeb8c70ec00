"""A run of decades laid out for look-up: the prefix sums of one schedule.

A row is a stretch of time in which the zone's offset stays the same and the calendar is either
under its weekly pattern or shut by a closure. A year has a handful of rows, so a century is
some hundred, and every question is two bisections: one over rows, one within the week.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from sla.business_time.instants import DAY, day_start
from sla.business_time.week import Week
from sla.business_time.zones import decade_start, offsets_in

# 1969-12-29 is the Monday before the epoch; a Week counts from a Monday.
MONDAY = 3 * DAY


class Timeline:
    """Counted time as a function of UTC, over the decades `first` to `last`. Immutable.

    Units: microseconds since the epoch in, microseconds counted since `begin` out.
    """

    __slots__ = (
        "_gains",
        "_shut",
        "_starts",
        "_sums",
        "_walls",
        "_week",
        "begin",
        "end",
        "first",
        "last",
        "total",
    )

    def __init__(
        self, zone: str, week: Week, closures: Sequence[int], first: int, last: int
    ) -> None:
        """`closures` are sorted day numbers of local dates."""
        self.first, self.last = first, last
        self.begin, self.end = decade_start(first), decade_start(last + 1)
        self._week = week
        # One entry a row: since when; counted before it; UTC to wall clock since a Monday; what
        # to take from the week's own count to get ours; shut by a closure.
        self._starts: list[int] = []
        self._sums: list[int] = []
        self._walls: list[int] = []
        self._gains: list[int] = []
        self._shut: list[bool] = []
        self.total = 0
        offsets = [entry for d in range(first, last + 1) for entry in offsets_in(zone, d)]
        ends = [since for since, _ in offsets[1:]] + [self.end]
        midnights = [day_start(closure) for closure in closures]
        for (since, offset), until in zip(offsets, ends, strict=True):
            self._add_offset(since, until, offset, midnights)

    def counted(self, at: int) -> int:
        """Return what is counted from `begin` to the instant."""
        row = bisect_right(self._starts, at) - 1
        if self._shut[row]:
            return self._sums[row]
        return self._week.counted(at + self._walls[row]) - self._gains[row]

    def is_open(self, at: int) -> bool:
        row = bisect_right(self._starts, at) - 1
        return not self._shut[row] and self._week.is_open(at + self._walls[row])

    def earliest(self, counted: int) -> int:
        """Return the first instant with that much counted. It must be in (0, total]."""
        row = bisect_left(self._sums, counted) - 1
        return self._week.earliest(counted + self._gains[row]) - self._walls[row]

    def counted_to(self, instants: Sequence[int]) -> list[int]:
        """Return `counted` of each instant."""
        return [self.counted(at) for at in instants]

    def earliest_after(self, counted: Sequence[int], more: int) -> list[int]:
        """Return the first instant with so much more counted, for each amount."""
        return [self.earliest(one + more) for one in counted]

    def latest(self, counted: int) -> int:
        """Return the last instant with that much counted. It must be in [0, total)."""
        row = bisect_right(self._sums, counted) - 1
        return self._week.latest(counted + self._gains[row]) - self._walls[row]

    def closing(self, at: int) -> int:
        """Return where the open stretch ends that the open instant lies in, or `end`.

        A stretch may run through several rows: a change of the clocks does not close it.
        """
        row = bisect_right(self._starts, at) - 1
        while True:
            row += 1
            until = self._starts[row] if row < len(self._starts) else self.end
            if not self._week.is_always_open:
                closing = self._week.closing(at + self._walls[row - 1]) - self._walls[row - 1]
                if closing < until:
                    return closing
            if until == self.end or not self.is_open(until):
                return until
            at = until

    def stretches(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the open stretches, clipped to a span that the timeline covers."""
        at = start
        while (counted := self.counted(at)) < self.total:
            at = self.latest(counted)
            if at >= end:
                break
            closing = self.closing(at)
            yield at, min(closing, end)
            at = closing

    def local_days(self, ordinal: int) -> list[tuple[int, int]]:
        """Return the stretches of UTC that are a local date: none if it never existed.

        Two when the clocks went back over its end.
        """
        midnight = day_start(ordinal) + MONDAY
        pieces: list[tuple[int, int]] = []
        row = max(bisect_right(self._starts, midnight - MONDAY - 2 * DAY) - 1, 0)
        while row < len(self._starts) and self._starts[row] < midnight - MONDAY + 2 * DAY:
            until = self._starts[row + 1] if row + 1 < len(self._starts) else self.end
            low = max(self._starts[row], midnight - self._walls[row])
            high = min(until, midnight + DAY - self._walls[row])
            if low < high:
                if pieces and pieces[-1][1] == low:
                    low = pieces.pop()[0]
                pieces.append((low, high))
            row += 1
        return pieces

    def local_ordinal(self, at: int) -> int:
        """Return the day number of the local date at an instant."""
        row = bisect_right(self._starts, at) - 1
        return (at + self._walls[row] - MONDAY - day_start(0)) // DAY

    def _add_offset(self, since: int, until: int, offset: int, midnights: Sequence[int]) -> None:
        """Add the rows of a stretch with one offset, cut at the closures that fall into it."""
        at = since
        closure = bisect_right(midnights, since + offset - DAY)
        while closure < len(midnights) and midnights[closure] - offset < until:
            shut_from = max(midnights[closure] - offset, since)
            shut_until = min(midnights[closure] + DAY - offset, until)
            if at < shut_from:
                self._add_row(at, shut_from, offset, shut=False)
            self._add_row(shut_from, shut_until, offset, shut=True)
            at = shut_until
            closure += 1
        if at < until:
            self._add_row(at, until, offset, shut=False)

    def _add_row(self, since: int, until: int, offset: int, *, shut: bool) -> None:
        wall = offset + MONDAY
        counted_before = self._week.counted(since + wall)
        self._starts.append(since)
        self._sums.append(self.total)
        self._walls.append(wall)
        self._gains.append(counted_before - self.total)
        self._shut.append(shut)
        if not shut:
            self.total += self._week.counted(until + wall) - counted_before
