"""Weekly patterns, and the shifts they make for the weeks ahead."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.operations import record_change
from sla.business_time import WEEKDAYS, Span
from sla.choices import DutyRole
from sla.errors import RosterConflict
from sla.models import Shift, ShiftPattern, ShiftTurn
from sla.notices import tell_of_pattern, tell_of_pattern_end
from sla.operations.shifts import lock_people, require_planner
from sla.permissions import can_be_on_duty

# A holiday is asked for two months ahead; further than that people leave and come.
WEEKS_AHEAD = 8


class Planned(NamedTuple):
    """What planning a pattern gave: shifts made, and those its people had no time for."""

    shifts: int
    clashes: int


@transaction.atomic
def plan_pattern(
    *,
    duty: DutyRole,
    weekdays: Sequence[str],
    starts: time,
    ends: time,
    zone: str,
    from_on: date,
    until_on: date | None,
    people: Sequence[User],
    weeks_each: int,
    by: User,
    now: datetime | None = None,
) -> tuple[ShiftPattern, Planned]:
    """Plan a shift that comes again every week, its people taking turns in their order.

    Raises: NotAllowed, InvalidInput. Effects: one ShiftPattern with its ShiftTurns, the Shifts of
    the weeks ahead, one audit row, notices to its people.
    """
    moment = now or timezone.now()
    require_planner(by)
    if not people:
        raise InvalidInput("Name at least one person.", field="people")
    if not set(weekdays) & set(WEEKDAYS):
        raise InvalidInput("Choose at least one weekday.", field="weekdays")
    if until_on is not None and until_on < from_on:
        raise InvalidInput("The last day is before the first.", field="until_on")
    for person in people:
        if not can_be_on_duty(person, duty):
            raise InvalidInput(
                f"{person} does not have the role for this: {duty.label.lower()}.", field="people"
            )
    pattern = ShiftPattern.objects.create(
        duty=duty,
        weekdays=[day for day in WEEKDAYS if day in weekdays],
        starts=starts,
        ends=ends,
        zone=zone,
        from_on=from_on,
        until_on=until_on,
        weeks_each=weeks_each,
    )
    ShiftTurn.objects.bulk_create(
        ShiftTurn(pattern=pattern, person=person, order=order)
        for order, person in enumerate(people)
    )
    planned = _plan(pattern, weeks=WEEKS_AHEAD, now=moment)
    record_change(
        "shift pattern planned",
        pattern,
        by=by,
        changes={
            "people": [[], [person.name for person in people]],
            "shifts": [0, planned.shifts],
        },
        now=moment,
    )
    tell_of_pattern(pattern, people, by=by, now=moment)
    return pattern, planned


@transaction.atomic
def end_pattern(
    pattern: ShiftPattern, *, last_on: date, by: User, now: datetime | None = None
) -> ShiftPattern:
    """Let a pattern end after a day; its later shifts come off the roster.

    Raises: NotAllowed; RosterConflict when it has ended by then; InvalidInput for a day that has
    passed or before its first. Effects: the ShiftPattern, its later Shifts that have not begun,
    one audit row, notices to its people and to who had taken one of those over.
    """
    moment = now or timezone.now()
    require_planner(by)
    pattern = ShiftPattern.objects.select_for_update().get(pk=pattern.pk)
    if pattern.until_on is not None and pattern.until_on <= last_on:
        raise RosterConflict("This pattern ends by then already.")
    if last_on < moment.astimezone(ZoneInfo(pattern.zone)).date():
        raise InvalidInput("Choose today or a later day.", field="last_on")
    if last_on < pattern.from_on:
        raise InvalidInput("The pattern begins later than that.", field="last_on")
    before, pattern.until_on = pattern.until_on, last_on
    pattern.save(update_fields=["until_on"])
    later = pattern.shifts.planned().filter(planned_on__gt=last_on, starts_at__gt=moment)
    # Who took one over is not of the pattern, and would come all the same.
    people = {*pattern.people(), *User.objects.filter(pk__in=later.values("person"))}
    removed = later.update(removed_at=moment, changed_at=moment)
    record_change(
        "shift pattern ended",
        pattern,
        by=by,
        changes={
            "until_on": [before.isoformat() if before else None, last_on.isoformat()],
            "shifts": [removed, 0],
        },
        now=moment,
    )
    tell_of_pattern_end(pattern, people, last_on=last_on, by=by, now=moment)
    return pattern


def plan_coming_shifts(*, weeks: int = WEEKS_AHEAD, now: datetime | None = None) -> int:
    """Make the shifts of all patterns for the weeks ahead that are not there yet; say how many.

    A second run makes none: each date of a pattern is planned once, even when its shift was
    removed, given away or swapped since.

    Effects: per pattern, in a transaction of its own: Shifts, and one audit row when there are any.
    """
    moment = now or timezone.now()
    # A zone is at most a day behind UTC, and a pattern may end on its local today.
    yesterday = moment.date() - timedelta(days=1)
    made = 0
    for key in ShiftPattern.objects.current(yesterday).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            pattern = ShiftPattern.objects.select_for_update().get(pk=key)
            planned = _plan(pattern, weeks=weeks, now=moment)
            if planned.shifts:
                record_change(
                    "shifts planned",
                    pattern,
                    by=None,
                    changes={"shifts": [0, planned.shifts]},
                    now=moment,
                )
            made += planned.shifts
    return made


def _plan(pattern: ShiftPattern, *, weeks: int, now: datetime) -> Planned:
    """Make what is missing of a locked pattern. Whoever is away or lost the role is left out."""
    people = pattern.people()
    lock_people(people)
    today = now.astimezone(ZoneInfo(pattern.zone)).date()
    first = max(pattern.from_on, today)
    horizon = today + timedelta(weeks=weeks)
    known = set(pattern.shifts.filter(planned_on__gte=first).values_list("planned_on", flat=True))
    taken = _taken(people, now)
    fresh: list[Shift] = []
    clashes = 0
    for number in range((horizon - first).days):
        day = first + timedelta(days=number)
        if day in known or not pattern.falls_on(day):
            continue
        span = pattern.span_on(day)
        person = pattern.turn_on(day, people)
        if span is None or span.end <= now or not can_be_on_duty(person, pattern.duty):
            continue
        if any(one.start < span.end and span.start < one.end for one in taken[person.pk]):
            clashes += 1
            continue
        taken[person.pk].append(span)
        fresh.append(
            Shift(
                person=person,
                duty=pattern.duty,
                starts_at=span.start,
                ends_at=span.end,
                zone=pattern.zone,
                pattern=pattern,
                planned_on=day,
                changed_at=now,
            )
        )
    Shift.objects.bulk_create(fresh)
    return Planned(len(fresh), clashes)


def _taken(people: Sequence[User], now: datetime) -> dict[int, list[Span]]:
    taken: dict[int, list[Span]] = {person.pk: [] for person in people}
    rows = (
        Shift.objects.planned()
        .filter(person__in=people, ends_at__gt=now)
        .values_list("person_id", "starts_at", "ends_at")
    )
    for key, start, end in rows:
        taken[key].append(Span(start, end))
    return taken
