"""The weekly pattern: which wall-clock times of a week are open."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

from sla.business_time.errors import EmptySchedule, InvalidWindow
from sla.business_time.instants import DAY, SECOND, WEEK

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


class Week:
    """Open wall-clock time as a function of time since some Monday's midnight.

    Units: microseconds of wall clock, any integer. The pattern repeats for ever, so sums over
    years are one division and one bisection.
    """

    __slots__ = ("_before", "_edges", "_openings", "is_always_open", "total")

    def __init__(self, windows: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Read windows by weekday.

        Raises: InvalidWindow, EmptySchedule.
        """
        stretches = _merge(_stretches(windows))
        if not stretches:
            raise EmptySchedule("The calendar has no open window, so it never opens.")
        self._openings = [start for start, _ in stretches]
        # Opening, closing, opening, closing: an odd bisection means open.
        self._edges = [edge for stretch in stretches for edge in stretch]
        # Open time of the week before each opening.
        self._before: list[int] = []
        total = 0
        for start, end in stretches:
            self._before.append(total)
            total += end - start
        self.total = total
        self.is_always_open = total == WEEK

    def is_open(self, wall: int) -> bool:
        """Tell whether the wall clock is inside a window."""
        return bool(bisect_right(self._edges, wall % WEEK) & 1)

    def counted(self, wall: int) -> int:
        """Return the open time from Monday zero up to the wall clock."""
        weeks, rest = divmod(wall, WEEK)
        passed = bisect_right(self._edges, rest)
        stretch = passed >> 1
        if passed & 1:
            return weeks * self.total + self._before[stretch] + rest - self._openings[stretch]
        if stretch == len(self._openings):
            return (weeks + 1) * self.total
        return weeks * self.total + self._before[stretch]

    def earliest(self, counted: int) -> int:
        """Return the first wall clock with that much counted: a closing stays a closing."""
        weeks, rest = divmod(counted, self.total)
        if rest == 0:
            weeks, rest = weeks - 1, self.total
        stretch = bisect_left(self._before, rest) - 1
        return weeks * WEEK + self._openings[stretch] + rest - self._before[stretch]

    def latest(self, counted: int) -> int:
        """Return the last wall clock with that much counted: a closing becomes an opening."""
        weeks, rest = divmod(counted, self.total)
        stretch = bisect_right(self._before, rest) - 1
        return weeks * WEEK + self._openings[stretch] + rest - self._before[stretch]

    def closing(self, wall: int) -> int:
        """Return the end of the stretch that the open wall clock lies in.

        In a week that is always open it is the end of next week: some later instant.
        """
        weeks, rest = divmod(wall, WEEK)
        end = self._edges[bisect_right(self._edges, rest)]
        if end == WEEK and self._edges[0] == 0:
            end += self._edges[1]
        return weeks * WEEK + end

    def stretches_on(self, weekday: int) -> list[tuple[int, int]]:
        """Return a weekday's open stretches from its midnight on, the tail of a night included."""
        low, high = weekday * DAY, (weekday + 1) * DAY
        return [
            (max(opening, low) - low, min(closing, high) - low)
            for opening, closing in zip(self._edges[::2], self._edges[1::2], strict=True)
            if opening < high and low < closing
        ]

    def opens_on(self, weekday: int) -> bool:
        """Tell whether any time of that weekday is open, the tail of the night before included."""
        return self.counted((weekday + 1) * DAY) > self.counted(weekday * DAY)


def _stretches(
    windows: Mapping[str, Sequence[tuple[str, str]]],
) -> list[tuple[int, int]]:
    stretches: list[tuple[int, int]] = []
    for weekday in windows:
        if weekday not in WEEKDAYS:
            raise InvalidWindow(
                f"{weekday!r} is not a weekday; the weekdays are {', '.join(WEEKDAYS)}."
            )
    for number, weekday in enumerate(WEEKDAYS):
        previous_end, previous = 0, ""
        for start, end, text in sorted(_window(weekday, w) for w in windows.get(weekday, ())):
            if start < previous_end:
                raise InvalidWindow(f"On {weekday} the window {text} overlaps {previous}.")
            previous_end, previous = end, text
            stretches.append((number * DAY + start, number * DAY + end))
    return stretches


def _window(weekday: str, window: tuple[str, str]) -> tuple[int, int, str]:
    opening, closing = window
    start = _time_of_day(weekday, opening)
    end = DAY if closing == "24:00" else _time_of_day(weekday, closing)
    if end <= start:
        end += DAY
    return start, end, f"{opening}–{closing}"


def _time_of_day(weekday: str, text: str) -> int:
    match = _TIME.fullmatch(text)
    if match is None:
        raise InvalidWindow(
            f"On {weekday} {text!r} is not a time; write HH:MM from 00:00 to 23:59,"
            " or 24:00 as a closing time."
        )
    return (int(match[1]) * 60 + int(match[2])) * 60 * SECOND


def _merge(stretches: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Fold Sunday night's tail into Monday and make stretches that touch one."""
    folded = [(start, min(end, WEEK)) for start, end in stretches]
    folded += [(0, end - WEEK) for _, end in stretches if end > WEEK]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(folded):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
