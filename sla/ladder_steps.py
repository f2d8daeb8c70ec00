"""When the steps of a clock's ladder come due."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.kept_rows import KeptRows
from sla.models import Clock, LadderStep, StepRecord
from sla.step_times import step_due_at


@dataclass(frozen=True, slots=True)
class DueStep:
    """A ladder step whose time has come."""

    step: LadderStep
    occurrence: int
    due_at: datetime


def coming_steps(
    clock: Clock, recorded: Iterable[StepRecord], *, ladder: Sequence[LadderStep] | None = None
) -> list[DueStep]:
    """List the steps still ahead of a clock, soonest first, given those recorded so far.

    `ladder` are the steps to climb instead of the clock's own.
    """
    taken = _last_taken(
        (one.step_id, one.occurrence) for one in recorded if one.assessment == clock.assessment
    )
    own = _ladder_of(clock) if ladder is None else ladder
    ahead = _steps_ahead(clock, None, ladder=own, taken=taken)
    return sorted(ahead, key=_in_order)


def next_step_at(clock: Clock) -> datetime | None:
    """When the watch must look at a clock next; None when there is nothing to watch."""
    if clock.stopped_at is not None or clock.due_at is None:
        return None
    taken = taken_steps([clock])[clock.pk] if clock.pk is not None else {}
    ahead = _steps_ahead(clock, None, ladder=_ladder_of(clock), taken=taken)
    return min((one.due_at for one in ahead), default=None)


def due_steps(
    clock: Clock, now: datetime, *, ladder: Sequence[LadderStep], taken: Mapping[int, int]
) -> tuple[list[DueStep], datetime | None]:
    """Return the unrecorded steps due by `now`, lowest first, and when the next one comes.

    `ladder` holds the steps of the clock's ladder, `taken` each one's last recorded occurrence.
    """
    due: list[DueStep] = []
    following: datetime | None = None
    for step in _steps_ahead(clock, now, ladder=ladder, taken=taken):
        if step.due_at > now:
            following = step.due_at if following is None else min(following, step.due_at)
        else:
            due.append(step)
    return sorted(due, key=_in_order), following


def taken_steps(clocks: Iterable[Clock]) -> dict[int, dict[int, int]]:
    """Return each step's last occurrence recorded in each clock's present assessment; one query."""
    present = {clock.pk: clock.assessment for clock in clocks}
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    rows = StepRecord.objects.filter(clock__in=present).order_by()
    for clock, assessment, step, occurrence in rows.values_list(
        "clock_id", "assessment", "step_id", "occurrence"
    ):
        if assessment == present[clock]:
            found[clock].append((step, occurrence))
    return {clock: _last_taken(found[clock]) for clock in present}


def ladders_of(clocks: Iterable[Clock]) -> dict[int, list[LadderStep]]:
    """Return the steps of the clocks' ladders, in order, by ladder version; one query."""
    ladders: dict[int, list[LadderStep]] = defaultdict(list)
    wanted = {clock.ladder_version_id for clock in clocks}
    for step in LadderStep.objects.filter(version__in=wanted).order_by("order"):
        ladders[step.version_id].append(step)
    return ladders


# A version of a ladder never changes, and the database refuses it.
_known_ladders: KeptRows[list[LadderStep]] = KeptRows(
    lambda version: list(LadderStep.objects.filter(version=version).order_by("order"))
)


def _ladder_of(clock: Clock) -> list[LadderStep]:
    return _known_ladders.get(clock.ladder_version_id)


def _last_taken(occurrences: Iterable[tuple[int, int]]) -> dict[int, int]:
    last: dict[int, int] = {}
    for step, occurrence in occurrences:
        last[step] = max(last.get(step, 0), occurrence)
    return last


def _in_order(step: DueStep) -> tuple[datetime, int]:
    return step.due_at, step.step.order


def _steps_ahead(
    clock: Clock, now: datetime | None, *, ladder: Sequence[LadderStep], taken: Mapping[int, int]
) -> Iterator[DueStep]:
    """Unrecorded steps of the clock; of a repeating one all up to `now` and the next.

    A stopped or paused clock has none. Of the version a clock was moved to on its way, only what
    comes after the move is ahead.
    """
    if clock.stopped_at is not None or clock.due_at is None:
        return
    figures = clock.figures
    for step in ladder:
        occurrence = taken.get(step.pk, 0) + 1
        while occurrence == 1 or step.repeats:
            due_at = step_due_at(figures, step, occurrence)
            if clock.ladder_from is None or due_at > clock.ladder_from:
                yield DueStep(step, occurrence, due_at)
                if now is None or due_at > now:
                    break
            occurrence += 1
