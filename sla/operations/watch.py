"""What the watch writes: the steps that came due, and that it has looked."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from accounts.new_rows import insert_rows
from sla.choices import ClockEventKind, LateCause
from sla.ladder_steps import DueStep, due_steps, ladders_of, taken_steps
from sla.models import CalendarVersion, Clock, ClockEvent, Heartbeat, StepRecord
from sla.replay import follow

# A clock whose calculation raises is set aside for so long, and holds up nobody.
SET_ASIDE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Claim:
    """A step to act on: the highest of those that came due on a clock.

    `misses` when the clock's deadline passed with it; `late_because` when it is recorded late.
    """

    clock: Clock
    record: StepRecord
    misses: bool
    late_because: LateCause | None = None


@dataclass(slots=True)
class _Look:
    """One clock under the watch's eyes, until its rows are written."""

    clock: Clock
    was_breached: bool
    was_set_aside: bool
    due: list[DueStep] = field(default_factory=list)
    missed: ClockEvent | None = None
    trouble: Exception | None = None


def database_now() -> datetime:
    """The database's clock: one clock for every worker, whatever their machines say."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    assert isinstance(now, datetime)
    return now


@transaction.atomic
def claim_due_steps(clock: Clock, *, now: datetime) -> StepRecord | None:
    """Record every step of one clock that is due, and return the one to act on.

    Raises: what the clock's calculation raises. Effects: as claim_steps.
    """
    claims, troubles = claim_steps([clock.pk], now=now)
    for trouble in troubles.values():
        raise trouble
    return claims[0].record if claims else None


@transaction.atomic
def claim_steps(
    keys: Collection[int], *, now: datetime, to_act: bool = True
) -> tuple[list[Claim], dict[int, Exception]]:
    """Record every step that is due on many clocks, and say of each clock which to act on.

    That is the highest: after a downtime the lower ones are recorded as late and not acted on; not
    even that one without `to_act`, where there is nothing left to act on. The deadline's passing
    is recorded with its own clock event, in the same transaction. How many queries it takes does
    not depend on how many clocks there are. A clock whose calculation raises is set aside with its
    error, the second answer; the others go on.

    Effects: StepRecords; one ClockEvent for each deadline that passed; `next_step_at` moves on.
    """
    clocks = list(Clock.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    share_versions(clocks)
    looks = _look_at(clocks, now)
    sound = [look for look in looks if look.trouble is None]
    records = [_records(look, now, to_act=to_act) for look in sound]
    insert_rows([record for some in records for record in some])
    insert_rows([look.missed for look in sound if look.missed is not None])
    _save_looks(looks)
    causes = _causes(
        [(look, some[-1]) for look, some in zip(sound, records, strict=True) if some], now
    )
    claims = [
        Claim(
            look.clock,
            some[-1],
            misses=look.clock.breached_at is not None and not look.was_breached,
            late_because=causes.get(look.clock.pk),
        )
        for look, some in zip(sound, records, strict=True)
        if some
    ]
    return claims, {look.clock.pk: look.trouble for look in looks if look.trouble is not None}


def set_clock_aside(key: int, error: Exception) -> None:
    """Leave a clock alone for a while because acting on it failed. Effects: its `trouble`."""
    Clock.objects.filter(pk=key, stopped_at__isnull=True).update(
        next_step_at=database_now() + SET_ASIDE, trouble=_trouble(error)
    )


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


def share_versions(clocks: Iterable[Clock]) -> None:
    """Give clocks of one calendar version one object: each would parse its windows anew."""
    versions = CalendarVersion.objects.in_bulk({clock.calendar_version_id for clock in clocks})
    for clock in clocks:
        clock.calendar_version = versions[clock.calendar_version_id]


def _look_at(clocks: Iterable[Clock], now: datetime) -> list[_Look]:
    ladders, taken = ladders_of(clocks), taken_steps(clocks)
    looks = []
    for clock in clocks:
        look = _Look(clock, clock.breached_at is not None, was_set_aside=bool(clock.trouble))
        try:
            look.due, following = due_steps(
                clock, now, ladder=ladders[clock.ladder_version_id], taken=taken[clock.pk]
            )
            look.missed = _missed(clock, look.due, now)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this clock's alone
            look.trouble = error
            clock.next_step_at = now + SET_ASIDE
            clock.trouble = _trouble(error)
        else:
            clock.next_step_at, clock.trouble = following, ""
        looks.append(look)
    return looks


def _missed(clock: Clock, due: Iterable[DueStep], now: datetime) -> ClockEvent | None:
    """Make the event of a deadline among the steps, and put what follows from it on the clock."""
    for one in due:
        if one.step.is_deadline:
            event = ClockEvent(
                clock=clock, kind=ClockEventKind.MISSED, at=one.due_at, recorded_at=now
            )
            clock.breached_at = follow(clock.figures, event.happening()).breached_at
            return event
    return None


def _trouble(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _records(look: _Look, now: datetime, *, to_act: bool) -> list[StepRecord]:
    late_before = now - timedelta(seconds=settings.WATCH_LATE_AFTER_SECONDS)
    return [
        StepRecord(
            clock=look.clock,
            assessment=look.clock.assessment,
            step=one.step,
            occurrence=one.occurrence,
            due_at=one.due_at,
            recorded_at=now,
            late=one.due_at < late_before,
            acted=to_act and index == len(look.due) - 1,
        )
        for index, one in enumerate(look.due)
    ]


def _causes(acted: list[tuple[_Look, StepRecord]], now: datetime) -> dict[int, LateCause]:
    """Say of each clock whose step is late why it is; one query where there is any.

    An event written after the step's time put that time into the past: the watch could not have
    come sooner.
    """
    late = {look.clock.pk: (look, record) for look, record in acted if record.late}
    if not late:
        return {}
    causes = {
        key: LateCause.SET_ASIDE if look.was_set_aside else LateCause.WATCH_DOWN
        for key, (look, _) in late.items()
    }
    events = ClockEvent.objects.filter(
        clock__in=late, kind__in=LateCause.values, recorded_at__lte=now
    ).order_by("pk")
    for key, kind, recorded_at in events.values_list("clock_id", "kind", "recorded_at"):
        if recorded_at > late[key][1].due_at:
            causes[key] = LateCause(kind)
    return causes


def _save_looks(looks: list[_Look]) -> None:
    """Write what a look changes on a clock, in one statement.

    A missed deadline changes only `breached_at` among the figures. Django's bulk_update would
    build a CASE of every row for every column, which took longer than all the rest.
    """
    clocks = [look.clock for look in looks]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sla_clock SET next_step_at = new.next_step_at, breached_at = new.breached_at, "
            "trouble = new.trouble FROM unnest(%s::bigint[], %s::timestamptz[], "
            "%s::timestamptz[], %s::text[]) AS new (id, next_step_at, breached_at, trouble) "
            "WHERE sla_clock.id = new.id",
            [
                [clock.pk for clock in clocks],
                [clock.next_step_at for clock in clocks],
                [clock.breached_at for clock in clocks],
                [clock.trouble for clock in clocks],
            ],
        )
