"""Response clocks of the history: figures by the portal's own replay, steps by its ladders."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from entitlements.calendar_versions import current_versions
from entitlements.choices import BreakFixTerms
from entitlements.models import Edition, Plan, ServiceLevel
from sla.business_time import Schedule
from sla.choices import ClockEventKind, Counting, StepAction
from sla.models import CalendarVersion, Clock, ClockEvent, LadderStep, LadderVersion, StepRecord
from sla.replay import Figures, Happening, Terms, replay
from tests.load.seed.copying import Copier


@dataclass(frozen=True)
class Level:
    """A service level with what its clock is counted on."""

    row: ServiceLevel
    version: CalendarVersion
    zone: str
    schedule: Schedule
    business: Schedule | None
    ladder: LadderVersion | None
    steps: tuple[LadderStep, ...]
    weight: int

    @property
    def target(self) -> timedelta | None:
        return self.row.target


class Levels:
    """The service levels of each edition, by zone, built when first asked for."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, int, str], Level] = {}
        standard = Plan.objects.select_related("offered_edition").get(key=Plan.STANDARD_KEY)
        assert standard.offered_edition is not None
        self.standard = standard.offered_edition

    def of(self, edition: Edition | None, zone: str, severity: int, *, premium: bool) -> Level:
        """The level a ticket is served on, by the rule of entitlements.promise.terms_for."""
        own = edition is not None and (premium or edition.break_fix_terms == BreakFixTerms.CONTRACT)
        chosen = edition if own and edition is not None else self.standard
        key = (chosen.pk, severity, zone if own else "")
        if key not in self._found:
            self._found[key] = self._build(chosen, severity, key[2])
        return self._found[key]

    def _build(self, edition: Edition, severity: int, zone: str) -> Level:
        row = edition.service_levels.select_related("calendar", "ladder").get(severity=severity)
        calendars = {row.calendar_id}
        if edition.business_calendar_id is not None:
            calendars.add(edition.business_calendar_id)
        versions = current_versions(calendars)
        version = versions[row.calendar_id]
        schedule = version.schedule(zone or version.zone)
        business = None
        if edition.phone_required_out_of_hours and schedule.is_always_open:
            assert edition.business_calendar_id is not None
            business = versions[edition.business_calendar_id].schedule(zone or version.zone)
        ladder = row.ladder.current if row.ladder is not None else None
        return Level(
            row=row,
            version=version,
            zone=zone or version.zone,
            schedule=schedule,
            business=business,
            ladder=ladder,
            steps=tuple(ladder.steps.all()) if ladder is not None else (),
            weight=row.ladder.weight if row.ladder is not None else 0,
        )


@dataclass(frozen=True)
class Stepped:
    """A ladder step that came due, for the timeline."""

    step: LadderStep
    at: datetime


@dataclass(frozen=True)
class Run:
    """A clock that was written: its key, its figures, and what the watch did on it."""

    key: int
    figures: Figures
    stepped: list[Stepped]
    raised: int


class ClockWriter:
    """Writes clocks, their events and step records."""

    def __init__(self) -> None:
        self.clocks = Copier(
            Clock,
            (
                "id obligation calendar_version_id zone target ladder_version_id started_at"
                " run_from left due_at latest_due_at at_risk_at waits_for_call paused_at"
                " stopped_at breached_at excused_at assessment next_step_at trouble"
            ),
        )
        self.events = Copier(
            ClockEvent,
            (
                "clock_id kind at recorded_at by_id reason calendar_version_id ladder_version_id"
                " zone target waits_for_call"
            ),
        )
        self.records = Copier(
            StepRecord,
            "clock_id assessment step_id occurrence due_at recorded_at late acted",
        )

    def write(
        self,
        level: Level,
        *,
        filed_at: datetime,
        called: bool,
        share: float,
        stopped_by: int,
        now: datetime,
    ) -> Run:
        """Write the clock of a ticket answered when `share` of its target was used.

        An answer that would come after `now` has not come: the clock runs.
        """
        assert level.target is not None
        terms = Terms(level.target, level.schedule)
        waits = level.business is not None and not level.business.is_open(filed_at)
        start = filed_at
        if waits and level.business is not None:
            start = level.business.next_opening(filed_at)
        happenings = [Happening(ClockEventKind.STARTED, start, terms=terms, waits_for_call=waits)]
        if waits and called:
            happenings.append(Happening(ClockEventKind.CALLED, filed_at))
        figures = replay(happenings)
        assert figures.due_at is not None
        answered_at = level.schedule.deadline(figures.run_from, level.target * share)
        if answered_at <= filed_at:
            answered_at = filed_at + timedelta(minutes=3)
        stops = answered_at < now
        end = answered_at if stops else now
        if figures.due_at < end:
            happenings.append(Happening(ClockEventKind.MISSED, figures.due_at))
        if stops:
            happenings.append(Happening(ClockEventKind.STOPPED, answered_at))
        figures = replay(happenings)
        key = self.clocks.key()
        steps, next_step_at = self._step(level, key, figures, end)
        self._events(level, key, happenings, filed_at, stopped_by)
        self._clock(level, key, figures, None if stops else next_step_at)
        return Run(
            key,
            figures,
            steps,
            0 if stops else sum(one.step.action == StepAction.RAISE for one in steps),
        )

    def finish(self) -> None:
        for copier in (self.clocks, self.events, self.records):
            copier.finish()

    def _step(
        self, level: Level, key: int, figures: Figures, end: datetime
    ) -> tuple[list[Stepped], datetime | None]:
        gone, ahead = [], []
        for step, occurrence, due_at in _dues(level, figures, end):
            if due_at >= end:
                ahead.append(due_at)
                continue
            gone.append(Stepped(step, due_at))
            self.records.add(f"{key}\t1\t{step.pk}\t{occurrence}\t{due_at}\t{due_at}\tf\tt")
        gone.sort(key=lambda one: one.at)
        return gone, min(ahead, default=None)

    def _events(
        self,
        level: Level,
        key: int,
        happenings: list[Happening],
        filed_at: datetime,
        stopped_by: int,
    ) -> None:
        for one in happenings:
            by = stopped_by if one.kind == ClockEventKind.STOPPED else "\\N"
            terms = f"\\N\t\\N\t\t\\N\t{'t' if one.waits_for_call else 'f'}"
            if one.terms is not None:
                waits = "t" if one.waits_for_call else "f"
                ladder = level.ladder.pk if level.ladder is not None else "\\N"
                terms = f"{level.version.pk}\t{ladder}\t{level.zone}\t{_span(one.terms.target)}"
                terms += f"\t{waits}"
            written = filed_at if one.kind == ClockEventKind.STARTED else one.at
            self.events.add(f"{key}\t{one.kind}\t{one.at}\t{written}\t{by}\t\t{terms}")

    def _clock(
        self, level: Level, key: int, figures: Figures, next_step_at: datetime | None
    ) -> None:
        assert level.ladder is not None, "a level with a target has a ladder"
        self.clocks.add(
            f"{key}\tfirst_response\t{level.version.pk}\t{level.zone}\t{_span(figures.terms.target)}"
            f"\t{level.ladder.pk}\t{figures.started_at}\t{figures.run_from}"
            f"\t{_span(figures.left)}\t{figures.due_at}\t\\N\t{figures.at_risk_at}"
            f"\t{'t' if figures.waits_for_call else 'f'}\t\\N\t{figures.stopped_at or _NULL}"
            f"\t{figures.breached_at or _NULL}\t\\N\t1\t{next_step_at or _NULL}\t"
        )


_NULL = "\\N"


def _dues(
    level: Level, figures: Figures, end: datetime
) -> Iterator[tuple[LadderStep, int, datetime]]:
    """Each step with when it comes due; of a repeating one all before `end` and the next."""
    assert figures.due_at is not None
    for step in level.steps:
        if step.share is not None:
            if step.is_deadline:
                yield step, 1, figures.due_at
            else:
                instant = figures.instant_of(figures.terms.target * float(step.share))
                assert instant is not None
                yield step, 1, min(instant, figures.due_at)
            continue
        occurrence = 1
        while True:
            assert step.delay is not None
            after = step.delay * occurrence
            plain = step.counting == Counting.PLAIN
            at = figures.due_at + after if plain else level.schedule.deadline(figures.due_at, after)
            yield step, occurrence, at
            if not step.repeats or at >= end:
                break
            occurrence += 1


def _span(span: timedelta) -> str:
    return f"{span.total_seconds():.6f} seconds"
