"""Changes of clocks. Each adds its event, then stores what replay makes of all of them.

Callers hold the lock of the row that owns the clock (a ticket) and a transaction; the clock row
itself is locked here. Database time decides what is due: callers pass `now` from `database_now`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from accounts.models import User
from sla.choices import ClockEventKind, Counting, Obligation
from sla.errors import ClockConflict
from sla.models import (
    Calendar,
    CalendarVersion,
    Clock,
    ClockEvent,
    Heartbeat,
    Ladder,
    LadderStep,
    StepRecord,
)
from sla.replay import Figures, replay


def database_now() -> datetime:
    """The database's clock: one clock for every worker, whatever their machines say."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    assert isinstance(now, datetime)
    return now


@transaction.atomic
def publish_calendar(
    calendar: Calendar,
    *,
    zone: str,
    windows: Mapping[str, list[list[str]]],
    closures: Mapping[date, str],
) -> CalendarVersion:
    """Add a version to a calendar; clocks already started stay on theirs.

    Raises: BusinessTimeError for hours that make no schedule.
    Effects: one CalendarVersion, under a lock of the calendar.
    """
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    latest = calendar.versions.order_by("-number").first()
    version = CalendarVersion(
        calendar=calendar,
        number=1 if latest is None else latest.number + 1,
        zone=zone,
        windows=dict(windows),
        closures=sorted(closures),
        closure_names={day.isoformat(): name for day, name in sorted(closures.items())},
    )
    version.schedule()
    version.save()
    return version


@transaction.atomic
def start_clock(
    *,
    calendar_version: CalendarVersion,
    zone: str,
    target: timedelta,
    ladder: Ladder,
    at: datetime,
    waits_for_call: bool = False,
    obligation: Obligation = Obligation.FIRST_RESPONSE,
    by: User | None = None,
) -> Clock:
    """Start a clock at `at`, which may lie ahead when it waits for a phone call.

    Effects: one Clock, one ClockEvent.
    """
    event = ClockEvent(
        kind=ClockEventKind.STARTED,
        at=at,
        by=by,
        calendar_version=calendar_version,
        zone=zone,
        target=target,
        waits_for_call=waits_for_call,
    )
    clock = Clock(
        obligation=obligation,
        calendar_version=calendar_version,
        zone=zone,
        target=target,
        ladder=ladder,
    )
    _store(clock, replay([event.happening()]))
    event.clock = clock
    event.save()
    return clock


@transaction.atomic
def log_call(clock: Clock, *, at: datetime, by: User) -> Clock:
    """Record a customer's phone call; it starts a clock that waits for one.

    Effects: one ClockEvent; due time may move earlier, never later.
    """
    return _record(clock, ClockEvent(kind=ClockEventKind.CALLED, at=at, by=by))


@transaction.atomic
def pause_clock(clock: Clock, *, at: datetime, by: User | None, reason: str) -> Clock:
    """Pause a clock that may pause; the contract's first-response clock never does.

    Raises: ClockConflict. Effects: one ClockEvent.
    """
    if clock.obligation == Obligation.FIRST_RESPONSE:
        raise ClockConflict("The first-response clock does not pause.")
    return _record(clock, ClockEvent(kind=ClockEventKind.PAUSED, at=at, by=by, reason=reason))


@transaction.atomic
def resume_clock(clock: Clock, *, at: datetime, by: User | None) -> Clock:
    """Let a paused clock run on. Effects: one ClockEvent."""
    return _record(clock, ClockEvent(kind=ClockEventKind.RESUMED, at=at, by=by))


@transaction.atomic
def stop_clock(clock: Clock, *, at: datetime, by: User, reason: str = "") -> Clock:
    """Stop a clock: the obligation is fulfilled at `at`.

    Raises: ClockConflict when it is stopped already. Effects: one ClockEvent.
    """
    if clock.stopped_at is not None:
        raise ClockConflict("This clock has stopped already.")
    return _record(clock, ClockEvent(kind=ClockEventKind.STOPPED, at=at, by=by, reason=reason))


@transaction.atomic
def overturn_stop(clock: Clock, *, at: datetime, by: User, reason: str) -> Clock:
    """Undo a stop: the clock is what it would have been.

    Raises: ClockConflict when it has not stopped. Effects: one ClockEvent.
    """
    if clock.stopped_at is None:
        raise ClockConflict("This clock has not stopped, so there is nothing to overturn.")
    return _record(clock, ClockEvent(kind=ClockEventKind.OVERTURNED, at=at, by=by, reason=reason))


@transaction.atomic
def reassess_clock(
    clock: Clock,
    *,
    calendar_version: CalendarVersion,
    zone: str,
    target: timedelta,
    counts_from: datetime,
    latest_due_at: datetime | None,
    at: datetime,
    by: User,
    reason: str,
) -> Clock:
    """Put a running clock on other terms, keeping the superseded deadline on record.

    Raises: ClockConflict when it has stopped. Effects: one ClockEvent.
    """
    if clock.stopped_at is not None:
        raise ClockConflict("This clock has stopped, so its deadline stays.")
    return _record(
        clock,
        ClockEvent(
            kind=ClockEventKind.REASSESSED,
            at=at,
            by=by,
            reason=reason,
            calendar_version=calendar_version,
            zone=zone,
            target=target,
            counts_from=counts_from,
            latest_due_at=latest_due_at,
        ),
    )


@transaction.atomic
def excuse_clock(clock: Clock, *, at: datetime, by: User, reason: str) -> Clock:
    """Excuse a missed deadline; it is still counted apart in reports.

    Raises: ClockConflict when nothing was missed. Effects: one ClockEvent.
    """
    missed = clock.due_at is not None and (clock.stopped_at or at) > clock.due_at
    if not missed:
        raise ClockConflict("Only a missed deadline can be excused.")
    return _record(clock, ClockEvent(kind=ClockEventKind.EXCUSED, at=at, by=by, reason=reason))


@dataclass(frozen=True, slots=True)
class DueStep:
    """A ladder step whose time has come."""

    step: LadderStep
    occurrence: int
    due_at: datetime


@transaction.atomic
def claim_due_steps(clock: Clock, *, now: datetime) -> StepRecord | None:
    """Record every step of the clock that is due, and return the one to act on: the highest.

    After a downtime the lower ones are recorded as late and not acted on. The deadline's passing
    is recorded with its own clock event, in the same transaction.

    Effects: StepRecords; one ClockEvent when the deadline passed; `next_step_at` moves on.
    """
    clock = Clock.objects.select_for_update(of=("self",)).get(pk=clock.pk)
    due: list[DueStep] = []
    following: datetime | None = None
    for step in _steps_ahead(clock, now):
        if step.due_at > now:
            following = step.due_at if following is None else min(following, step.due_at)
        else:
            due.append(step)
    due.sort(key=lambda one: (one.due_at, one.step.order))
    late_before = now - timedelta(seconds=settings.WATCH_LATE_AFTER_SECONDS)
    records = [
        StepRecord(
            clock=clock,
            assessment=clock.assessment,
            step=one.step,
            occurrence=one.occurrence,
            due_at=one.due_at,
            recorded_at=now,
            late=one.due_at < late_before,
            acted=index == len(due) - 1,
        )
        for index, one in enumerate(due)
    ]
    StepRecord.objects.bulk_create(records)
    deadline = next((one for one in due if one.step.is_deadline), None)
    if deadline is not None:
        _record(clock, ClockEvent(kind=ClockEventKind.MISSED, at=deadline.due_at))
    Clock.objects.filter(pk=clock.pk).update(next_step_at=following, trouble="")
    return records[-1] if records else None


def beat_heart(name: str) -> None:
    """Say that something which must keep running has just run.

    Effects: one Heartbeat, inserted or moved on in one statement.
    """
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=Now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )


def coming_steps(clock: Clock, recorded: Iterable[StepRecord]) -> list[DueStep]:
    """List the steps still ahead of a clock, soonest first, given those recorded so far."""
    ahead = _steps_ahead(clock, None, recorded)
    return sorted(ahead, key=lambda one: (one.due_at, one.step.order))


def _record(clock: Clock, event: ClockEvent) -> Clock:
    """Write the event and the figures that follow from all events so far."""
    locked = Clock.objects.select_for_update(of=("self",)).get(pk=clock.pk)
    if event.kind == ClockEventKind.REASSESSED:
        event.superseded_due_at = locked.due_at
        assert event.calendar_version is not None
        assert event.target is not None
        locked.calendar_version = event.calendar_version
        locked.zone = event.zone
        locked.target = event.target
    event.clock = locked
    event.save()
    _store(locked, locked.replayed())
    return locked


def _store(clock: Clock, figures: Figures) -> None:
    clock.started_at = figures.started_at
    clock.run_from = figures.run_from
    clock.left = figures.left
    clock.due_at = figures.due_at
    clock.latest_due_at = figures.latest_due_at
    clock.at_risk_at = figures.at_risk_at
    clock.waits_for_call = figures.waits_for_call
    clock.paused_at = figures.paused_at
    clock.stopped_at = figures.stopped_at
    clock.breached_at = figures.breached_at
    clock.excused_at = figures.excused_at
    clock.assessment = figures.assessment
    clock.next_step_at = _next_step_at(clock)
    clock.save()


def _next_step_at(clock: Clock) -> datetime | None:
    if clock.stopped_at is not None or clock.due_at is None:
        return None
    return min((one.due_at for one in _steps_ahead(clock, None)), default=None)


def _steps_ahead(
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
