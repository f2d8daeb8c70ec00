"""Changes of clocks. Each adds its event, then stores what replay makes of all of them.

Callers hold the lock of the row that owns the clock (a ticket) and a transaction; the clock row
itself is locked here. Database time decides what is due: callers pass `now` from `database_now`.
"""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from accounts.new_rows import insert_row
from sla.choices import ClockEventKind, Obligation
from sla.errors import ClockConflict
from sla.ladder_steps import next_step_at
from sla.models import CalendarVersion, Clock, ClockEvent, Ladder
from sla.replay import Figures, replay


@transaction.atomic(savepoint=False)
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

    It climbs the version of the ladder that is current now, and keeps it.
    Effects: one Clock, one ClockEvent.
    """
    ladder_version = ladder.current
    event = ClockEvent(
        kind=ClockEventKind.STARTED,
        at=at,
        by=by,
        calendar_version=calendar_version,
        ladder_version=ladder_version,
        zone=zone,
        target=target,
        waits_for_call=waits_for_call,
    )
    clock = Clock(
        obligation=obligation,
        calendar_version=calendar_version,
        ladder_version=ladder_version,
        zone=zone,
        target=target,
    )
    _store(clock, replay([event.happening()]))
    event.clock = clock
    insert_row(event)
    return clock


@transaction.atomic
def log_call(clock: Clock, *, at: datetime, by: User) -> Clock:
    """Record a customer's phone call; it starts a clock that waits for one.

    Effects: one ClockEvent; due time may move earlier, never later.
    """
    return record_clock_event(
        lock_clock(clock), ClockEvent(kind=ClockEventKind.CALLED, at=at, by=by)
    )


@transaction.atomic
def pause_clock(clock: Clock, *, at: datetime, by: User | None, reason: str) -> Clock:
    """Pause a clock that may pause; the contract's first-response clock never does.

    Raises: ClockConflict. Effects: one ClockEvent.
    """
    clock = lock_clock(clock)
    if clock.obligation == Obligation.FIRST_RESPONSE:
        raise ClockConflict("The first-response clock does not pause.")
    return record_clock_event(
        clock, ClockEvent(kind=ClockEventKind.PAUSED, at=at, by=by, reason=reason)
    )


@transaction.atomic
def resume_clock(clock: Clock, *, at: datetime, by: User | None) -> Clock:
    """Let a paused clock run on. Effects: one ClockEvent."""
    return record_clock_event(
        lock_clock(clock), ClockEvent(kind=ClockEventKind.RESUMED, at=at, by=by)
    )


@transaction.atomic
def stop_clock(clock: Clock, *, at: datetime, by: User | None, reason: str = "") -> Clock:
    """Stop a clock: the obligation is fulfilled at `at`.

    Raises: ClockConflict when it is stopped already. Effects: one ClockEvent.
    """
    clock = lock_clock(clock)
    if clock.stopped_at is not None:
        raise ClockConflict("This clock has stopped already.")
    return record_clock_event(
        clock, ClockEvent(kind=ClockEventKind.STOPPED, at=at, by=by, reason=reason)
    )


@transaction.atomic
def overturn_stop(clock: Clock, *, at: datetime, by: User, reason: str) -> Clock:
    """Undo a stop: the clock is what it would have been.

    Raises: ClockConflict when it has not stopped. Effects: one ClockEvent.
    """
    clock = lock_clock(clock)
    if clock.stopped_at is None:
        raise ClockConflict("This clock has not stopped, so there is nothing to overturn.")
    return record_clock_event(
        clock, ClockEvent(kind=ClockEventKind.OVERTURNED, at=at, by=by, reason=reason)
    )


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
    ladder: Ladder | None = None,
) -> Clock:
    """Put a running clock on other terms, keeping the superseded deadline on record.

    It climbs its ladder anew, in the version that is current now; `ladder` is given when the terms
    have another one. Raises: ClockConflict when it has stopped. Effects: one ClockEvent.
    """
    clock = lock_clock(clock)
    if clock.stopped_at is not None:
        raise ClockConflict("This clock has stopped, so its deadline stays.")
    return record_clock_event(
        clock,
        ClockEvent(
            kind=ClockEventKind.REASSESSED,
            at=at,
            by=by,
            reason=reason,
            calendar_version=calendar_version,
            ladder_version=(ladder or clock.ladder).current,
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
    clock = lock_clock(clock)
    missed = clock.due_at is not None and (clock.stopped_at or at) > clock.due_at
    if not missed:
        raise ClockConflict("Only a missed deadline can be excused.")
    return record_clock_event(
        clock, ClockEvent(kind=ClockEventKind.EXCUSED, at=at, by=by, reason=reason)
    )


def lock_clock(clock: Clock) -> Clock:
    """Re-read a clock under its row lock."""
    return Clock.objects.select_for_update(of=("self",)).get(pk=clock.pk)


def record_clock_event(clock: Clock, event: ClockEvent) -> Clock:
    """Write the event on a locked clock, and the figures that follow from all events so far."""
    if event.kind == ClockEventKind.REASSESSED:
        event.superseded_due_at = clock.due_at
        assert event.calendar_version is not None
        assert event.ladder_version is not None
        assert event.target is not None
        clock.calendar_version = event.calendar_version
        clock.ladder_version = event.ladder_version
        clock.ladder_from = None
        clock.zone = event.zone
        clock.target = event.target
    event.clock = clock
    event.save()
    _store(clock, clock.replayed())
    return clock


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
    clock.next_step_at = next_step_at(clock)
    if clock.stopped_at is not None:
        clock.trouble = ""  # There is nothing left to try again.
    if clock._state.adding:
        insert_row(clock)
    else:
        clock.save()
