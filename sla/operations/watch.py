"""What the watch writes: the steps that came due, and that it has looked."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from sla.choices import ClockEventKind
from sla.ladder_steps import DueStep, steps_ahead
from sla.models import Clock, ClockEvent, Heartbeat, StepRecord
from sla.operations.clocks import lock_clock, record_clock_event


def database_now() -> datetime:
    """The database's clock: one clock for every worker, whatever their machines say."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    assert isinstance(now, datetime)
    return now


@transaction.atomic
def claim_due_steps(clock: Clock, *, now: datetime) -> StepRecord | None:
    """Record every step of the clock that is due, and return the one to act on: the highest.

    After a downtime the lower ones are recorded as late and not acted on. The deadline's passing
    is recorded with its own clock event, in the same transaction.

    Effects: StepRecords; one ClockEvent when the deadline passed; `next_step_at` moves on.
    """
    clock = lock_clock(clock)
    due: list[DueStep] = []
    following: datetime | None = None
    for step in steps_ahead(clock, now):
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
        record_clock_event(clock, ClockEvent(kind=ClockEventKind.MISSED, at=deadline.due_at))
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
