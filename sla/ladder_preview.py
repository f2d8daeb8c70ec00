"""What a change of a ladder would do to the clocks that climb it, before it is saved."""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import prefetch_related_objects

from sla.ladder_steps import DueStep, coming_steps, ladders_of
from sla.models import Clock, LadderStep, StepRecord
from sla.rungs import Rung


@dataclass(frozen=True, slots=True)
class ClockChange:
    """The next step of a clock as it is, and as it would be; None where there is none."""

    clock: Clock
    before: DueStep | None
    after: DueStep | None

    @property
    def is_same(self) -> bool:
        """Whether nobody would notice before the next step is taken."""
        if self.before is None or self.after is None:
            return self.before is self.after
        one, other = self.before, self.after
        return (one.due_at, one.step.audience, one.step.action) == (
            other.due_at,
            other.step.audience,
            other.step.action,
        )


def next_steps(clocks: Sequence[Clock]) -> dict[int, DueStep | None]:
    """By clock, the step that comes next; two queries, however many clocks."""
    prefetch_related_objects(list(clocks), "step_records")
    ladders = ladders_of(clocks)
    return {
        clock.pk: _next(clock, ladders[clock.ladder_version_id], fresh=False) for clock in clocks
    }


def preview_move(
    clocks: Sequence[Clock], rungs: Sequence[Rung], *, now: datetime
) -> list[ClockChange]:
    """Say of each clock what comes next now, and what would if it were moved to these steps."""
    before = next_steps(clocks)
    ladder = [rung.step(order) for order, rung in enumerate(rungs, start=1)]
    return [
        ClockChange(clock, before[clock.pk], _next(_moved(clock, now), ladder, fresh=True))
        for clock in clocks
    ]


def move_from(next_step_at: datetime | None, now: datetime) -> datetime:
    """The instant up to which a moved clock's steps are behind it.

    A step that is due and not yet acted on is not behind: none is lost between two versions.
    """
    if next_step_at is None or next_step_at > now:
        return now
    return next_step_at - timedelta(microseconds=1)


def _moved(clock: Clock, now: datetime) -> Clock:
    moved = copy(clock)
    moved.ladder_from = move_from(clock.next_step_at, now)
    return moved


def _next(clock: Clock, ladder: Sequence[LadderStep], *, fresh: bool) -> DueStep | None:
    records: Iterable[StepRecord] = [] if fresh else clock.step_records.all()
    return next(iter(coming_steps(clock, records, ladder=ladder)), None)
