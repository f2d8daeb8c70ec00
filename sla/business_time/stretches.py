"""The open stretches of a span laid out one by one, for questions by the thousand.

A timeline answers for centuries with two bisections, one over years and one within the week. Where
many instants near each other are asked about, a flat table answers with one, in one loop.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from sla.business_time.timeline import Timeline


class Stretches:
    """Counted time between two instants that a timeline covers. Immutable.

    Units: microseconds since the epoch; what is counted is counted from `since`.
    """

    __slots__ = ("_before", "_closings", "_openings", "since", "until")

    def __init__(self, timeline: Timeline, since: int, until: int) -> None:
        self.since, self.until = since, until
        # The first has no length: by it, what lies before all others counts nothing.
        self._openings, self._closings = [since], [since]
        # What is counted before each stretch.
        self._before = [0]
        total = 0
        for opening, closing in timeline.stretches(since, until):
            self._openings.append(opening)
            self._closings.append(closing)
            self._before.append(total)
            total += closing - opening

    def counted_to(self, instants: Sequence[int]) -> list[int]:
        """Return what is counted to each instant. They must lie between `since` and `until`."""
        openings, closings, before = self._openings, self._closings, self._before
        return [
            before[place := bisect_right(openings, at) - 1]
            + (min(closings[place], at))
            - openings[place]
            for at in instants
        ]

    def earliest_after(self, counted: Sequence[int], more: int) -> list[int]:
        """Return the first instant with so much more counted, for each amount.

        `more` is above zero, and the answers must not lie after `until`.
        """
        openings, before = self._openings, self._before
        return [
            openings[place := bisect_left(before, due) - 1] + due - before[place]
            for due in [one + more for one in counted]
        ]
