"""When the steps of a clock's ladder come due."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sla.models import Clock, LadderStep, StepRecord
from sla.step_times import step_due_at


@dataclass(frozen=True, slots=True)
class DueStep:
    """A ladder step whose time has come."""

    step: LadderStep
    occurrence: int
    due_at: datetime


def coming_steps(clock: Clock, recorded: Iterable[StepRecord]) -> list[DueStep]:
    """List the steps still ahead of a clock, soonest first, given those recorded so far."""
    taken = Counter(one.step_id for one in recorded if one.assessment == clock.assessment)
    ahead = _steps_ahead(clock, None, ladder=_ladder_of(clock), taken=taken)
    return sorted(ahead, key=_in_order)


def next_step_at(clock: Clock) -> datetime | None:
    """When the watch must look at a clock next; None when there is nothing to watch."""
    if clock.stopped_at is not None or clock.due_at is None:
        return None
    taken = taken_steps([clock])[clock.pk] if clock.pk is not None else Counter()
    ahead = _steps_ahead(clock, None, ladder=_ladder_of(clock), taken=taken)
    return min((one.due_at for one in ahead), default=None)


def due_steps(
    clock: Clock, now: datetime, *, ladder: Sequence[LadderStep], taken: Mapping[int, int]
) -> tuple[list[DueStep], datetime | None]:
    """Return the unrecorded steps due by `now`, lowest first, and when the next one comes.

    `ladder` holds the steps of the clock's ladder, `taken` how often each was recorded.
    """
    due: list[DueStep] = []
    following: datetime | None = None
    for step in _steps_ahead(clock, now, ladder=ladder, taken=taken):
        if step.due_at > now:
            following = step.due_at if following is None else min(following, step.due_at)
        else:
            due.append(step)
    return sorted(due, key=_in_order), following


def taken_steps(clocks: Iterable[Clock]) -> dict[int, Counter[int]]:
    """Count how often each step was recorded in each clock's present assessment; one query."""
    present = {clock.pk: clock.assessment for clock in clocks}
    taken: dict[int, Counter[int]] = defaultdict(Counter)
    rows = StepRecord.objects.filter(clock__in=present).order_by()
    for clock, assessment, step in rows.values_list("clock_id", "assessment", "step_id"):
        if assessment == present[clock]:
            taken[clock][step] += 1
    return taken


def ladders_of(clocks: Iterable[Clock]) -> dict[int, list[LadderStep]]:
    """Return the steps of the clocks' ladders, in order, by ladder; one query."""
    ladders: dict[int, list[LadderStep]] = defaultdict(list)
    wanted = {clock.ladder_id for clock in clocks}
    for step in LadderStep.objects.filter(ladder__in=wanted).order_by("order"):
        ladders[step.ladder_id].append(step)
    return ladders


def _ladder_of(clock: Clock) -> list[LadderStep]:
    return ladders_of([clock])[clock.ladder_id]


def _in_order(step: DueStep) -> tuple[datetime, int]:
    return step.due_at, step.step.order


def _steps_ahead(
    clock: Clock, now: datetime | None, *, ladder: Sequence[LadderStep], taken: Mapping[int, int]
) -> Iterator[DueStep]:
    """Unrecorded steps of the clock; of a repeating one all up to `now` and the next.

    A stopped or paused clock has none.
    """
    if clock.stopped_at is not None or clock.due_at is None:
        return
    figures = clock.figures
    for step in ladder:
        occurrence = taken.get(step.pk, 0) + 1
        if occurrence > 1 and not step.repeats:
            continue
        while True:
            due_at = step_due_at(figures, step, occurrence)
            yield DueStep(step, occurrence, due_at)
            if not step.repeats or now is None or due_at > now:
                break
            occurrence += 1
