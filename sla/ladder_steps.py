"""When the steps of a clock's ladder come due."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sla.choices import Counting
from sla.models import Clock, LadderStep, StepRecord


@dataclass(frozen=True, slots=True)
class DueStep:
    """A ladder step whose time has come."""

    step: LadderStep
    occurrence: int
    due_at: datetime


def coming_steps(clock: Clock, recorded: Iterable[StepRecord]) -> list[DueStep]:
    """List the steps still ahead of a clock, soonest first, given those recorded so far."""
    ahead = steps_ahead(clock, None, recorded)
    return sorted(ahead, key=lambda one: (one.due_at, one.step.order))


def next_step_at(clock: Clock) -> datetime | None:
    """When the watch must look at a clock next; None when there is nothing to watch."""
    if clock.stopped_at is not None or clock.due_at is None:
        return None
    return min((one.due_at for one in steps_ahead(clock, None)), default=None)


def steps_ahead(
    clock: Clock, now: datetime | None, recorded: Iterable[StepRecord] | None = None
) -> Iterator[DueStep]:
    """Unrecorded steps of the clock; of a repeating one all up to `now` and the next.

    A stopped or paused clock has none.
    """
    if clock.stopped_at is not None or clock.due_at is None:
        return
    if recorded is None and clock.pk is not None:
        recorded = clock.step_records.filter(assessment=clock.assessment)
    counts = Counter(
        record.step_id for record in recorded or () if record.assessment == clock.assessment
    )
    for step in LadderStep.objects.filter(ladder_id=clock.ladder_id).order_by("order"):
        occurrence = counts[step.pk] + 1
        if occurrence > 1 and not step.repeats:
            continue
        while True:
            due_at = _step_due_at(clock, step, occurrence)
            yield DueStep(step, occurrence, due_at)
            if not step.repeats or now is None or due_at > now:
                break
            occurrence += 1


def _step_due_at(clock: Clock, step: LadderStep, occurrence: int) -> datetime:
    figures = clock.figures
    assert clock.due_at is not None
    if step.is_deadline:
        return clock.due_at
    if step.share is not None:
        instant = figures.instant_of(clock.target * float(step.share))
        assert instant is not None
        return min(instant, clock.due_at)
    assert step.delay is not None
    after = step.delay * occurrence
    if step.counting == Counting.PLAIN:
        return clock.due_at + after
    return clock.schedule.deadline(clock.due_at, after)
