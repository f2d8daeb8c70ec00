"""A clock's figures, computed from nothing but its events.

Pure: no database. `replay` is the only place that turns events into a due time; operations store
what it returns and the audit compares with it, so stored and replayed cannot drift apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sla.business_time import Schedule, Span
from sla.choices import ClockEventKind

ZERO = timedelta(0)
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """What is promised: so much time, counted on this schedule."""

    target: timedelta
    schedule: Schedule


@dataclass(frozen=True, slots=True)
class Happening:
    """One clock event as replay sees it.

    `terms` stands on STARTED and REASSESSED; `counts_from` on REASSESSED, when counting begins
    anew; `latest_due_at` on REASSESSED, a deadline that must not move later;
    `starts_at_opening` on STARTED, when the clock waits for a phone call.
    """

    kind: ClockEventKind
    at: datetime
    terms: Terms | None = None
    counts_from: datetime | None = None
    latest_due_at: datetime | None = None
    waits_for_call: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """A clock at the end of its events. Units: instants in UTC, spans of covered time.

    `run_from` and `left` describe the present run: `left` is counted from `run_from`.
    `due_at` is None while paused. `assessment` counts from 1 and rises with each re-assessment:
    the ladder's steps belong to one assessment. `runs` are the stretches before the present run,
    with pauses between them; `pauses` says when somebody paused it and, once known, resumed it.
    Neither is stored, and stored figures have none.
    """

    terms: Terms
    started_at: datetime
    run_from: datetime
    left: timedelta
    due_at: datetime | None
    latest_due_at: datetime | None = None
    waits_for_call: bool = False
    paused_at: datetime | None = None
    stopped_at: datetime | None = None
    breached_at: datetime | None = None
    excused_at: datetime | None = None
    assessment: int = 1
    runs: tuple[Span, ...] = field(default=(), compare=False)
    pauses: tuple[tuple[datetime, datetime | None], ...] = field(default=(), compare=False)

    @property
    def at_risk_at(self) -> datetime | None:
        """When so little is left that the clock is at risk; None while it is paused."""
        if self.due_at is None:
            return None
        instant = self.instant_of(at_risk_after(self.terms.target))
        return None if instant is None else min(instant, self.due_at)

    def instant_of(self, counted: timedelta) -> datetime | None:
        """When the clock has counted so much; None while it is paused.

        An amount counted before the present run began answers with the run's beginning.
        """
        if self.paused_at is not None and self.due_at is None:
            return None
        already = self.terms.target - self.left
        return self.terms.schedule.deadline(self.run_from, max(counted - already, ZERO))

    def elapsed(self, at: datetime) -> timedelta:
        """Covered time counted by `at`, or by the stop or pause when that was earlier."""
        end = min(instant for instant in (at, self.stopped_at, self.paused_at) if instant)
        already = self.terms.target - self.left
        if end <= self.run_from:
            return already
        return already + self.terms.schedule.elapsed(self.run_from, end)


def at_risk_after(target: timedelta) -> timedelta:
    """Return what is counted when a quarter is left, or one covered hour for targets above two.

    Source: the design language, section 3, clocks.
    """
    margin = max(target / 4, HOUR if target > 2 * HOUR else ZERO)
    return max(target - margin, ZERO)


def replay(happenings: Iterable[Happening]) -> Figures:
    """Compute a clock's figures from its events, in the order they were recorded.

    Raises: ValueError when the first event is not STARTED.
    Source: domain, Clocks.
    """
    figures: Figures | None = None
    for happening in happenings:
        figures = _start(happening) if figures is None else follow(figures, happening)
    if figures is None:
        raise ValueError("A clock without events has no figures.")
    return figures


def follow(figures: Figures, happening: Happening) -> Figures:
    """Compute the figures after one more event."""
    return _STEPS[happening.kind](figures, happening)


def _start(event: Happening) -> Figures:
    if event.kind is not ClockEventKind.STARTED or event.terms is None:
        raise ValueError("A clock's first event starts it and states its terms.")
    return Figures(
        terms=event.terms,
        started_at=event.at,
        run_from=event.at,
        left=event.terms.target,
        due_at=event.terms.schedule.deadline(event.at, event.terms.target),
        waits_for_call=event.waits_for_call,
    )


def _due_at(terms: Terms, run_from: datetime, left: timedelta, latest: datetime | None) -> datetime:
    due_at = terms.schedule.deadline(run_from, left)
    return due_at if latest is None else min(due_at, latest)


def _call(figures: Figures, event: Happening) -> Figures:
    """A call starts a waiting clock; a later call, or one on a running clock, changes nothing."""
    if not figures.waits_for_call or event.at >= figures.started_at:
        return figures
    return replace(
        figures,
        started_at=event.at,
        run_from=event.at,
        due_at=_due_at(figures.terms, event.at, figures.left, figures.latest_due_at),
        waits_for_call=False,
    )


def _pause(figures: Figures, event: Happening) -> Figures:
    return _pause_at(replace(figures, pauses=(*figures.pauses, (event.at, None))), event.at)


def _pause_at(figures: Figures, at: datetime) -> Figures:
    if figures.due_at is None:
        return figures  # Paused already.
    at = max(at, figures.run_from)
    if at > figures.due_at:
        return figures  # Too late to pause: the deadline has passed and stays where it was.
    schedule = figures.terms.schedule
    left = figures.left - schedule.elapsed(figures.run_from, at)
    if figures.latest_due_at is not None:  # What is left until there moves with the pause, too.
        left = min(left, schedule.elapsed(at, max(figures.latest_due_at, at)))
    return replace(
        figures,
        left=left,
        run_from=at,
        paused_at=at,
        due_at=None,
        latest_due_at=None,
        runs=(*figures.runs, Span(figures.run_from, at)),
    )


def _resume(figures: Figures, event: Happening) -> Figures:
    pauses = figures.pauses
    if pauses and pauses[-1][1] is None:
        pauses = (*pauses[:-1], (pauses[-1][0], event.at))
    return _resume_at(replace(figures, pauses=pauses), event.at)


def _resume_at(figures: Figures, at: datetime) -> Figures:
    if figures.paused_at is None:
        return figures
    at = max(at, figures.paused_at)
    due_at = _due_at(figures.terms, at, figures.left, figures.latest_due_at)
    return replace(figures, run_from=at, due_at=due_at, paused_at=None)


def _stop(figures: Figures, event: Happening) -> Figures:
    """An answer that counts from before the deadline leaves nothing to excuse."""
    in_time = figures.due_at is None or event.at <= figures.due_at
    return replace(figures, stopped_at=event.at, excused_at=None if in_time else figures.excused_at)


def _overturn(figures: Figures, event: Happening) -> Figures:
    """The answer is owed again. What was excused was the lateness of the one that is gone."""
    if figures.stopped_at is None:
        return figures
    return replace(figures, stopped_at=None, excused_at=None)


def _reassess(figures: Figures, event: Happening) -> Figures:
    if event.terms is None:
        raise ValueError("A re-assessment states its terms.")
    start = event.counts_from or figures.started_at
    anew = replace(
        figures,
        terms=event.terms,
        started_at=start,
        run_from=start,
        left=event.terms.target,
        due_at=_due_at(event.terms, start, event.terms.target, event.latest_due_at),
        latest_due_at=event.latest_due_at,
        waits_for_call=figures.waits_for_call and start > event.at,
        paused_at=None,
        assessment=figures.assessment + 1,
        runs=(),
    )
    # Pauses happened on any terms: what they held up counts on the new ones no more than before.
    for paused_at, resumed_at in figures.pauses:
        if resumed_at is None:
            anew = _pause_at(anew, paused_at)
        elif resumed_at > start:
            anew = _resume_at(_pause_at(anew, paused_at), resumed_at)
    still_missed = anew.due_at is not None and anew.due_at <= event.at
    if still_missed or (anew.breached_at is None and anew.excused_at is None):
        return anew
    return replace(anew, breached_at=None, excused_at=None)


def _miss(figures: Figures, event: Happening) -> Figures:
    return replace(figures, breached_at=figures.breached_at or event.at)


def _keep(figures: Figures, event: Happening) -> Figures:
    """A ladder says who is told; it moves no deadline."""
    return figures


def _excuse(figures: Figures, event: Happening) -> Figures:
    return replace(figures, excused_at=event.at)


_STEPS = {
    ClockEventKind.CALLED: _call,
    ClockEventKind.PAUSED: _pause,
    ClockEventKind.RESUMED: _resume,
    ClockEventKind.STOPPED: _stop,
    ClockEventKind.OVERTURNED: _overturn,
    ClockEventKind.REASSESSED: _reassess,
    ClockEventKind.MISSED: _miss,
    ClockEventKind.EXCUSED: _excuse,
    ClockEventKind.LADDER_MOVED: _keep,
}
