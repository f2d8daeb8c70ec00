"""The demo's roster: follow-the-sun engineers, leads in turns, and one gap to be seen."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import NamedTuple

from accounts.choices import Role
from accounts.models import User
from sla.choices import DutyRole
from sla.models import Shift
from sla.operations.hand_overs import write_hand_over
from sla.operations.shift_patterns import plan_coming_shifts, plan_pattern
from sla.operations.shifts import remove_shift
from tickets.models import Ticket

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
ALL_DAYS = (*WORKDAYS, "sat", "sun")


class Watch(NamedTuple):
    """Hours of somebody on duty, on the clocks of `zone`; several people take turns by week."""

    duty: DutyRole
    names: tuple[str, ...]
    days: tuple[str, ...]
    starts: time
    ends: time
    zone: str


NEW_YORK, ZAGREB, KOLKATA = "America/New_York", "Europe/Zagreb", "Asia/Kolkata"
WATCHES = (
    # Kolkata 06:00–15:00 is 01:30–10:30 in Zagreb in winter; every change of hands overlaps, so
    # that daylight saving on one side alone opens no gap.
    Watch(DutyRole.ENGINEER, ("Anjali Menon",), ALL_DAYS, time(6), time(15), KOLKATA),
    Watch(DutyRole.ENGINEER, ("Mara Kovač",), WORKDAYS, time(9), time(18), ZAGREB),
    Watch(DutyRole.ENGINEER, ("Jonas Lindqvist",), WORKDAYS, time(9), time(18), NEW_YORK),
    Watch(
        DutyRole.ENGINEER,
        ("Tomás Herrera",),
        ALL_DAYS,
        time(14),
        time(23),
        "America/Los_Angeles",
    ),
    Watch(
        DutyRole.ENGINEER,
        ("Mara Kovač", "Jonas Lindqvist"),
        ("sat", "sun"),
        time(9),
        time(23, 30),
        ZAGREB,
    ),
    Watch(
        DutyRole.DUTY_LEAD,
        ("Theo Hartmann", "Ingrid Solberg"),
        ALL_DAYS,
        time(8),
        time(20),
        NEW_YORK,
    ),
    Watch(
        DutyRole.DUTY_LEAD,
        ("Ingrid Solberg", "Theo Hartmann"),
        ALL_DAYS,
        time(20),
        time(8),
        NEW_YORK,
    ),
)
# Somebody is ill the day after tomorrow: the gap that a roster shows before it happens.
MISSING = "Tomás Herrera"
MISSING_AFTER = timedelta(hours=40)
# The oldest first.
NOTES = (
    "Two calls on the priority line, both answered and written up. The queue was empty at my end.",
    "Busy first half, then quiet. The lab has the new samples; it writes on the tickets itself.",
    "Quiet watch: everything due is answered. The tickets below wait for logs; take them first.",
)
# What was planned so long ago fills the weeks that have passed.
PLANNED_BEFORE = timedelta(weeks=4)
BEFORE_THE_END = timedelta(minutes=5)


def plan_roster(staff: Iterable[User], now: datetime) -> int:
    """Plan the roster of the demo's staff eight weeks ahead, and say how many shifts it has.

    Effects: what the roster's operations write; people who are not among `staff` are left out.
    """
    people = {user.name: user for user in staff}
    lead = next((user for user in people.values() if user.has_role(Role.DUTY_LEAD)), None)
    if lead is None:
        return 0
    for watch in WATCHES:
        turns = [people[name] for name in watch.names if name in people]
        if turns:
            _plan(watch, turns, by=lead, now=now)
    plan_coming_shifts(now=now)
    _leave_notes(now)
    missing = Shift.objects.planned().filter(
        person=people.get(MISSING), starts_at__gt=now + MISSING_AFTER
    )
    if (shift := missing.first()) is not None:
        remove_shift(shift, reason="Tomás is ill.", by=lead, now=now)
    return Shift.objects.planned().count()


def _plan(watch: Watch, people: Sequence[User], *, by: User, now: datetime) -> None:
    plan_pattern(
        duty=watch.duty,
        weekdays=watch.days,
        starts=watch.starts,
        ends=watch.ends,
        zone=watch.zone,
        from_on=(now - PLANNED_BEFORE).date(),
        until_on=None,
        people=people,
        weeks_each=1,
        by=by,
        now=now - PLANNED_BEFORE,
    )


def _leave_notes(now: datetime) -> None:
    waiting = Ticket.objects.waiting_on_customer().order_by("-number")
    attention = ", ".join(ticket.reference for ticket in waiting[:2])
    over = Shift.objects.manned().filter(duty=DutyRole.ENGINEER, ends_at__lte=now)
    newest = list(over.order_by("-ends_at")[: len(NOTES)])
    for shift, body in zip(reversed(newest), NOTES, strict=False):
        write_hand_over(
            shift,
            body=body,
            attention=attention if shift == newest[0] else "",
            by=shift.person,
            now=shift.ends_at - BEFORE_THE_END,
        )
