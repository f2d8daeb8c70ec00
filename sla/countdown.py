"""A running clock's figures from one instant on, for as long as they go on evenly.

A list of running clocks is drawn many times a minute, and little of it differs from one drawing to
the next: here is what stays, and until when.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from sla.choices import ClockState
from sla.models import Clock

# The states of a clock that has a countdown.
RUNNING_STATES = frozenset({ClockState.RUNNING, ClockState.AT_RISK, ClockState.OVERDUE})

_NONE_LEFT = timedelta(0)


@dataclass(frozen=True, slots=True)
class Countdown:
    """A running clock's state, and its time left, which shrinks while covered time is counted.

    `counts_from` and `counts_until` bound the covered stretch that is open, or that opens next; no
    end where coverage never closes. At `ends` everything is to be asked anew.
    """

    state: ClockState
    begins: datetime
    ends: datetime
    counts_from: datetime
    counts_until: datetime | None
    left_then: timedelta

    @classmethod
    def of(cls, clock: Clock, now: datetime) -> Self:
        """Ask a running clock at an instant. Raises: ValueError for one that does not run."""
        state, due = clock.state(now), clock.due_at
        if due is None or state not in RUNNING_STATES:
            raise ValueError(f"{clock} does not run at {now}.")
        counts_from = clock.schedule.next_opening(max(now, clock.run_from))
        counts_until = clock.schedule.next_closing(counts_from)
        turns = [turn for turn in (clock.at_risk_at, counts_until) if turn and turn > now]
        # An answer at the due instant itself is in time: overdue begins after it.
        turns += [due] if due >= now else []
        return cls(
            state,
            now,
            min(turns, default=now + timedelta(days=1)),
            counts_from,
            counts_until,
            clock.remaining(now),
        )

    def holds(self, now: datetime) -> bool:
        """Whether it still tells what the clock would."""
        return self.begins <= now < self.ends

    def left(self, now: datetime) -> timedelta:
        """Covered time left at an instant at which it holds; negative once overdue."""
        left = self.left_then - max(now - max(self.counts_from, self.begins), _NONE_LEFT)
        return left if self.state == ClockState.OVERDUE else max(left, _NONE_LEFT)
