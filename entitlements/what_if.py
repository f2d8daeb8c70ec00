"""A ticket's first response under other rules: what would have been promised, and kept.

Pure: no database. The facts of a ticket stay what they were: when it was filed, how severe it was
thought, when somebody called, when we answered. Rules say what is promised; the clock itself is
replayed by `sla.replay`, as a real one is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sla.business_time import Schedule
from sla.choices import ClockEventKind
from sla.replay import Figures, Happening, Terms, replay
from sla.step_times import StepTiming, times_by


class Outcome(StrEnum):
    """What became of a ticket's promised answer."""

    MET = "met"
    MISSED = "missed"
    EXCUSED = "excused"
    OPEN = "open"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Rule:
    """What is promised for one severity, on the ticket's own calendar zone.

    `target` None promises no time. `business` is the window outside which a clock waits for a
    phone call; None where none is asked for.
    """

    target: timedelta | None
    schedule: Schedule
    business: Schedule | None = None
    steps: Sequence[StepTiming] = ()


@dataclass(frozen=True, slots=True)
class Reassessment:
    """A deadline that a lead put on other terms: when, which, and counted from when.

    `terms` None are those of the rule of the day; `is_capped` when it was not to move later.
    """

    at: datetime
    counts_from: datetime
    is_capped: bool = False
    terms: Terms | None = None


@dataclass(frozen=True, slots=True)
class History:
    """What happened to a ticket, whatever was promised.

    `answers` are qualified answers, each with when it was overturned or None; a ticket that its
    customer withdrew is answered then, too. `severities` are changes, `calls` logged calls.
    """

    filed_at: datetime
    severity: int
    severities: Sequence[tuple[datetime, int]] = ()
    calls: Sequence[datetime] = ()
    answers: Sequence[tuple[datetime, datetime | None]] = ()
    reassessments: Sequence[Reassessment] = ()
    excused_at: datetime | None = None

    @property
    def answered_at(self) -> datetime | None:
        """When the answer that stands was given."""
        return min(
            (at for at, overturned_at in self.answers if overturned_at is None), default=None
        )

    def is_answered(self, at: datetime) -> bool:
        """Whether somebody thought it answered at an instant."""
        return any(
            given <= at and (overturned_at is None or at < overturned_at)
            for given, overturned_at in self.answers
        )


@dataclass(frozen=True, slots=True)
class Kept:
    """How a ticket came out: the deadline, and how many steps of its ladder came before the end.

    `due_at` is None without a promised time.
    """

    outcome: Outcome
    due_at: datetime | None = None
    steps: int = 0


type Rules = Callable[[int, datetime], Rule]


def replay_ticket(history: History, rules: Rules, *, until: datetime) -> Kept:
    """Return how a ticket would have come out by `until` under rules.

    `rules` gives the rule of a severity at an instant. Source: domain, Clocks; catalogue README
    for the call out of hours; docs/decisions, a raised severity counts from the change.
    """
    story = _Story(history, rules)
    for at, what in sorted(_changes(history, until), key=lambda one: one[0]):
        story.go_on(at, what)
    return story.end(until)


def _changes(history: History, until: datetime) -> "list[tuple[datetime, int | Reassessment]]":
    """List what was decided after the filing, each at its instant."""
    changes: list[tuple[datetime, int | Reassessment]] = [*history.severities]
    changes += [(one.at, one) for one in history.reassessments]
    return [one for one in changes if one[0] <= until]


@dataclass
class _Story:
    """The clock so far. `severity` and `steps` are those that hold; a clock keeps its ladder."""

    history: History
    rules: Rules
    happenings: list[Happening] = field(default_factory=list)
    steps: Sequence[StepTiming] = ()
    reached: int = 0

    def __post_init__(self) -> None:
        self.severity = self.history.severity
        rule = self.rules(self.severity, self.history.filed_at)
        if rule.target is not None:
            start = _start_at_filing(self.history, rule)
            waits = start > self.history.filed_at
            self._start(start, rule, waits_for_call=waits)

    def go_on(self, at: datetime, what: int | Reassessment) -> None:
        """Change the severity, or the terms of the running clock."""
        if isinstance(what, Reassessment):
            terms = what.terms
            if terms is None:
                rule = self.rules(self.severity, at)
                terms = None if rule.target is None else Terms(rule.target, rule.schedule)
            if terms is not None and self.happenings and not self.history.is_answered(at):
                self._reassess(at, terms, what.counts_from, is_capped=what.is_capped)
            return
        raised, self.severity = what < self.severity, what
        rule = self.rules(what, at)
        if rule.target is None or self.history.is_answered(at):
            return
        if not self.happenings:
            self._start(at, rule, waits_for_call=False)
            return
        start = at if raised else self._start_anew(rule, at)
        self._reassess(at, Terms(rule.target, rule.schedule), start, is_capped=raised)

    def end(self, until: datetime) -> Kept:
        """Say how it came out."""
        if not self.happenings:
            return Kept(Outcome.NONE)
        figures = self._figures(until)
        answered_at = self.history.answered_at
        if answered_at is not None and answered_at > until:
            answered_at = None
        self._climb(figures, answered_at or until)
        due_at = figures.due_at
        assert due_at is not None, "a first-response clock does not pause"
        if (answered_at or until) <= due_at:
            outcome = Outcome.OPEN if answered_at is None else Outcome.MET
        else:
            excused = self.history.excused_at is not None
            outcome = Outcome.EXCUSED if excused else Outcome.MISSED
        return Kept(outcome, due_at, self.reached)

    def _start(self, at: datetime, rule: Rule, *, waits_for_call: bool) -> None:
        assert rule.target is not None
        terms = Terms(rule.target, rule.schedule)
        start = Happening(ClockEventKind.STARTED, at, terms=terms, waits_for_call=waits_for_call)
        self.happenings.append(start)
        self.steps = rule.steps

    def _start_anew(self, rule: Rule, at: datetime) -> datetime:
        """When a clock of a lowered severity would have started, calls until then included."""
        start = _start_at_filing(self.history, rule)
        if start == self.history.filed_at:
            return start
        return min([start, *(call for call in self.history.calls if call <= at)])

    def _reassess(
        self, at: datetime, terms: Terms, counts_from: datetime, *, is_capped: bool
    ) -> None:
        before = self._figures(at)
        self._climb(before, at)
        self.happenings.append(
            Happening(
                ClockEventKind.REASSESSED,
                at,
                terms=terms,
                counts_from=counts_from,
                latest_due_at=before.due_at if is_capped else None,
            )
        )

    def _figures(self, at: datetime) -> Figures:
        """The clock at an instant; calls are put in where they were logged."""
        first, *later = self.happenings
        later += [
            Happening(ClockEventKind.CALLED, call) for call in self.history.calls if call <= at
        ]
        return replay([first, *sorted(later, key=lambda one: one.at)])

    def _climb(self, figures: Figures, until: datetime) -> None:
        """Count the steps that come by an instant, as the watch would have recorded them."""
        self.reached += sum(times_by(figures, step, until) for step in self.steps)


def _start_at_filing(history: History, rule: Rule) -> datetime:
    """When a clock begins to count: at the filing, or out of hours at the business opening."""
    filed_at, business = history.filed_at, rule.business
    if business is None or not rule.schedule.is_always_open or business.is_open(filed_at):
        return filed_at
    return business.next_opening(filed_at)
