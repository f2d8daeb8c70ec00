"""Whether clocks are what their events make of them, many at once.

Two ways to the same answer. Clocks that have only started, and are most of what is open, are
compared by terms: one look at the schedule for all of them, in whole numbers; what a start only
copies, the database has compared. Whatever does not agree to the microsecond there, and every clock
with more events, is replayed by `sla.replay` one by one, and only that can say that a clock
differs.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, cast

from sla.business_time import Schedule
from sla.business_time.instants import SECOND, to_micros
from sla.clock_rows import (
    EPOCH_SHIFT,
    KINDS,
    NEVER,
    NO_KIND,
    NOT_ONLY_STARTED,
    ClockRow,
    instant,
    read_clocks,
    read_starts,
    span,
)
from sla.models import CalendarVersion, LadderStep, StepRecord
from sla.replay import Figures, Happening, Terms, at_risk_after, replay
from sla.step_times import first_step_at, share_of

# The field of a finding about a clock whose replay raises.
RAISED = "error"
INSTANTS = (
    "started_at",
    "run_from",
    "due_at",
    "latest_due_at",
    "at_risk_at",
    "paused_at",
    "stopped_at",
    "breached_at",
    "excused_at",
    "next_step_at",
)
_CLOCK, _TERMS = 0, 1
_FIELDS = tuple(ClockRow.__annotations__)
_STORED = slice(_FIELDS.index("started_at"), _FIELDS.index("next_step_at") + 1)


class Difference(NamedTuple):
    """A field of a clock that is not what the events make of it, in words."""

    clock: int
    field: str
    stored: str
    replayed: str


@dataclass(slots=True)
class Checked:
    """What a look at some clocks found. `differing` and `raising` count clocks."""

    looked_at: int = 0
    differing: int = 0
    raising: int = 0
    differences: list[Difference] = field(default_factory=list)


class _Start(NamedTuple):
    """What is computed of a clock that has only started. Units: microseconds of covered time.

    `amounts` are counted to the deadline, to the risk, and to the next step.
    """

    schedule: Schedule
    amounts: tuple[int, int, int]


class ClockCheck:
    """Judges clocks; keeps the calendars and ladders it has read."""

    def __init__(self) -> None:
        self._versions: dict[int, CalendarVersion] = {}
        self._terms: dict[tuple[object, ...], Terms] = {}
        self._starts: dict[int, _Start | None] = {}
        self._ladders: dict[int, list[LadderStep]] = {}

    def check(self, after: int, until: int) -> Checked:
        """Compare each clock with a key in (after, until] with its replay.

        A clock that raises is counted and holds up nobody.
        """
        checked = Checked()
        unproven = self._unproven(read_starts(after, until), checked)
        for _, several in groupby(read_clocks(unproven), key=itemgetter(_CLOCK)):
            events = [ClockRow(*row) for row in several]  # type: ignore[arg-type]  # columns as the query names them
            checked.looked_at += 1
            try:
                found = self._differences(events)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with it is the finding
                checked.raising += 1
                said = f"{type(error).__name__}: {error}"
                checked.differences.append(Difference(events[0].clock, RAISED, "", said))
            else:
                checked.differing += bool(found)
                checked.differences += found
        return checked

    def _unproven(self, rows: Sequence[tuple[int, ...]], checked: Checked) -> list[int]:
        """Return the clocks that are not plainly right; count the others."""
        alike: defaultdict[int, list[tuple[int, ...]]] = defaultdict(list)
        for row in rows:
            alike[row[_TERMS]].append(row)
        unproven = {row[_CLOCK] for row in alike.pop(NOT_ONLY_STARTED, ())}
        self._learn({terms: rows[0][_CLOCK] for terms, rows in alike.items()})
        for terms, started in alike.items():
            clocks = [row for row in started if row[_CLOCK] not in unproven]
            keys = [row[_CLOCK] for row in clocks]
            wrong = self._wrong(terms, clocks) if len(set(keys)) == len(keys) else keys
            checked.looked_at += len(clocks) - len(wrong)
            unproven.update(wrong)
        return sorted(unproven)

    def _wrong(self, terms: int, clocks: list[tuple[int, ...]]) -> list[int]:
        """Name those of clocks on the same terms that are not what a start makes of them."""
        if not clocks:
            return []
        keys, _, at, *stored = zip(*clocks, strict=True)
        start = self._starts.get(terms)
        if start is None:
            return list(keys)
        try:
            expected = start.schedule.deadlines([one + EPOCH_SHIFT for one in at], start.amounts)
        except ValueError:  # Somewhere no answer: each is asked by itself.
            return list(keys)
        wrong: set[int] = set()
        for have, wanted in zip(stored, expected, strict=True):
            shifted = [one + EPOCH_SHIFT for one in have]
            if shifted != wanted:
                triples = zip(keys, shifted, wanted, strict=True)
                wrong.update(key for key, one, other in triples if one != other)
        return list(wrong)

    def _learn(self, samples: dict[int, int]) -> None:
        """Find how clocks start on terms met for the first time, by one clock of each; one read.

        None for terms on which each is asked by itself.
        """
        unknown = {clock: terms for terms, clock in samples.items() if terms not in self._starts}
        for clock, several in groupby(read_clocks(unknown), key=itemgetter(_CLOCK)):
            rows = [ClockRow(*row) for row in several]  # type: ignore[arg-type]  # columns as the query names them
            if len(rows) > 1 or rows[0].terms != unknown[clock]:
                continue  # Something happened to it meanwhile.
            try:
                self._starts[rows[0].terms] = self._find_start(rows[0])
            except Exception:  # noqa: BLE001 - the replay of each clock will say what is wrong
                self._starts[rows[0].terms] = None

    def _find_start(self, row: ClockRow) -> _Start | None:
        """Return what is computed of a start on these terms; None when no share is ahead."""
        shares = [
            step.share
            for step in self._ladder(row.ladder)
            if step.share is not None and not row.recorded >> step.order & 1
        ]
        if not shares:
            return None
        terms = self._terms_of(row)
        return _Start(
            terms.schedule,
            (
                _micros(terms.target),
                _micros(at_risk_after(terms.target)),
                _micros(share_of(terms.target, min(shares))),
            ),
        )

    def _differences(self, events: list[ClockRow]) -> list[Difference]:
        """Replay one clock, and list what is stored otherwise."""
        row = events[0]
        if row.kind == NO_KIND and not row.event:
            raise ValueError("A clock without events has no figures.")
        figures = replay(self._happening(event) for event in events)
        expected = _instants(figures, self._next_step(row, figures))
        stored = cast("tuple[int, ...]", row[_STORED])
        if row.is_set_aside:  # The watch has put its next look off.
            expected[-1] = stored[-1]
        differences = []
        if tuple(expected) != stored:
            differences += [
                Difference(row.clock, name, _text(instant(have)), _text(instant(want)))
                for name, have, want in zip(INSTANTS, stored, expected, strict=True)
                if have != want
            ]
        last = next(event for event in reversed(events) if event.event_version)
        terms = (row.target, row.target_days, row.target_months, row.version, row.zone)
        if (
            terms == _terms_in(last)
            and row.waits_for_call == figures.waits_for_call
            and row.assessment == figures.assessment
            and span(row.left, row.left_days, row.left_months) == figures.left
        ):
            return differences
        others = (
            ("calendar_version", row.version, last.event_version),
            ("zone", _zone(row.zone), _zone(last.event_zone)),
            ("target", _target(row), figures.terms.target),
            ("left", span(row.left, row.left_days, row.left_months), figures.left),
            ("waits_for_call", row.waits_for_call, figures.waits_for_call),
            ("assessment", row.assessment, figures.assessment),
        )
        differences += [
            Difference(row.clock, name, _text(have), _text(want))
            for name, have, want in others
            if have != want
        ]
        return differences

    def _next_step(self, row: ClockRow, figures: Figures) -> datetime | None:
        steps = self._ladder(row.ladder)
        repeating = [
            step.order for step in steps if step.repeats and row.recorded >> step.order & 1
        ]
        taken = {step.order: row.recorded >> step.order & 1 for step in steps}
        if len(repeating) == 1:
            taken[repeating[0]] = row.occurrence
        elif repeating:
            taken |= _taken(row, repeating)
        return first_step_at(figures, steps, taken, instant(row.ladder_from))

    def _happening(self, row: ClockRow) -> Happening:
        if row.kind == NO_KIND:
            raise ValueError("An event is of no kind we know.")
        return Happening(
            kind=KINDS[row.kind],
            at=_known(instant(row.at)),
            terms=self._terms_of(row) if row.event_version else None,
            counts_from=instant(row.counts_from),
            latest_due_at=instant(row.event_latest_due_at),
            waits_for_call=row.event_waits_for_call,
        )

    def _terms_of(self, row: ClockRow) -> Terms:
        target = (row.event_target, row.event_target_days, row.event_target_months)
        key = (row.event_version, row.event_zone, target)
        if key not in self._terms:
            if row.event_version not in self._versions:
                version = CalendarVersion.objects.get(pk=row.event_version)
                self._versions[row.event_version] = version
            schedule = self._versions[row.event_version].schedule(_zone(row.event_zone))
            self._terms[key] = Terms(span(*target), schedule)
        return self._terms[key]

    def _ladder(self, key: int) -> list[LadderStep]:
        if key not in self._ladders:
            self._ladders[key] = list(LadderStep.objects.filter(version=key).order_by("order"))
        return self._ladders[key]


def _taken(row: ClockRow, orders: list[int]) -> dict[int, int]:
    """Ask how often each of several repeating steps came."""
    rows = StepRecord.objects.filter(
        clock=row.clock,
        assessment=row.assessment,
        step__version=row.ladder,
        step__order__in=orders,
    ).order_by("occurrence")
    return dict(rows.values_list("step__order", "occurrence"))


def _terms_in(row: ClockRow) -> tuple[int, int, int, int, bytes]:
    target = (row.event_target, row.event_target_days, row.event_target_months)
    return *target, row.event_version, row.event_zone


def _instants(figures: Figures, next_step: datetime | None) -> list[int]:
    wanted = (
        figures.started_at,
        figures.run_from,
        figures.due_at,
        figures.latest_due_at,
        figures.at_risk_at,
        figures.paused_at,
        figures.stopped_at,
        figures.breached_at,
        figures.excused_at,
        next_step,
    )
    return [NEVER if one is None else to_micros(one) - EPOCH_SHIFT for one in wanted]


def _micros(amount: timedelta) -> int:
    return (amount.days * 86_400 + amount.seconds) * SECOND + amount.microseconds


def _zone(sent: bytes) -> str:
    return sent.decode().rstrip(" ")


def _target(row: ClockRow) -> timedelta:
    return span(row.target, row.target_days, row.target_months)


def _known(at: datetime | None) -> datetime:
    if at is None:
        raise ValueError("An event says no instant.")
    return at


def _text(value: object) -> str:
    if value is None:
        return "none"
    return value.isoformat() if isinstance(value, datetime) else str(value)
