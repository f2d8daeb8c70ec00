"""When the steps of a ladder come due on a clock's figures. Pure: no database."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Protocol

from sla.choices import Counting
from sla.replay import Figures


class StepTiming(Protocol):
    """The part of a ladder's step that says when it comes; LadderStep has it."""

    @property
    def order(self) -> int: ...
    @property
    def share(self) -> Decimal | None: ...
    @property
    def delay(self) -> timedelta | None: ...
    @property
    def counting(self) -> str: ...
    @property
    def repeats(self) -> bool: ...


def step_due_at(figures: Figures, step: StepTiming, occurrence: int = 1) -> datetime:
    """Return when a step comes due on a running clock, the given time it does.

    A share never comes after the deadline. Source: domain, Watch and escalation.
    """
    assert figures.due_at is not None
    if step.share is not None:
        if step.share == 1:
            return figures.due_at
        instant = figures.instant_of(share_of(figures.terms.target, step.share))
        assert instant is not None
        return min(instant, figures.due_at)
    assert step.delay is not None
    after = step.delay * occurrence
    if step.counting == Counting.PLAIN:
        return figures.due_at + after
    return figures.terms.schedule.deadline(figures.due_at, after)


def times_by(figures: Figures, step: StepTiming, until: datetime) -> int:
    """Return how often a step has come on a running clock by an instant."""
    assert figures.due_at is not None
    if step.delay is None:
        return int(step_due_at(figures, step) <= until)
    if until < figures.due_at:
        return 0
    passed = until - figures.due_at
    if step.counting != Counting.PLAIN:
        passed = figures.terms.schedule.elapsed(figures.due_at, until)
    times = passed // step.delay
    return times if step.repeats else min(times, 1)


def share_of(target: timedelta, share: Decimal) -> timedelta:
    """Return the covered time after which a share of the target is used."""
    return target * float(share)


def first_step_at(
    figures: Figures,
    steps: Iterable[StepTiming],
    taken: Mapping[int, int],
    after: datetime | None = None,
) -> datetime | None:
    """Return when the first step that is not taken comes; None on a stopped or paused clock.

    `taken` says how often a step came so far, by its order. What comes up to `after` is behind the
    clock, because it was moved to these steps then.
    """
    if figures.stopped_at is not None or figures.due_at is None:
        return None
    untaken = [step for step in steps if step.repeats or not taken.get(step.order)]
    if after is not None:
        ahead = (_first_after(figures, step, taken.get(step.order, 0), after) for step in untaken)
        return min((one for one in ahead if one is not None), default=None)
    shares = [step for step in untaken if step.share is not None]
    if shares:  # None of them comes after the deadline, and every delay does.
        return step_due_at(figures, min(shares, key=_share))
    delays = (step_due_at(figures, step, taken.get(step.order, 0) + 1) for step in untaken)
    return min(delays, default=None)


def _first_after(
    figures: Figures, step: StepTiming, taken: int, after: datetime
) -> datetime | None:
    occurrence = taken + 1
    due_at = step_due_at(figures, step, occurrence)
    while due_at <= after:
        if not step.repeats:
            return None
        occurrence += 1
        due_at = step_due_at(figures, step, occurrence)
    return due_at


def _share(step: StepTiming) -> Decimal:
    assert step.share is not None
    return step.share
