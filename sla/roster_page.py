"""What the roster's page shows of a week: read once, with a fixed number of queries."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from accounts.models import User
from sla.business_time import Span
from sla.choices import DutyRole
from sla.models import HandOver, Shift, ShiftPattern
from sla.permissions import can_hand_over
from sla.roster_week import DAYS, Day, Group, group_of, monday_of, week_days

LOOKS_AHEAD = timedelta(days=14)
LAST_NOTES = 5
OWN_SHIFTS = 8


@dataclass(frozen=True)
class Watch:
    """Who is on duty now for something; `shifts` is empty when nobody is."""

    duty: DutyRole
    shifts: list[Shift]


@dataclass(frozen=True)
class Gaps:
    """The stretches of the next two weeks with nobody on duty, clipped to them."""

    duty: DutyRole
    spans: list[Span]
    is_unplanned: bool


@dataclass(frozen=True)
class Week:
    """A week of the roster in the reader's zone."""

    days: list[Day]
    groups: list[Group]
    before: date
    after: date

    @property
    def first(self) -> date:
        return self.days[0].on

    @property
    def last(self) -> date:
        return self.days[-1].on

    @property
    def has_today(self) -> bool:
        return any(day.is_today for day in self.days)


def week_of(day: date, zone: tzinfo, now: datetime) -> Week:
    """The week a date lies in, with its gaps. A week that has passed shows none."""
    first = monday_of(day)
    days = week_days(first, zone, now)
    start, end = days[0].span.start, days[-1].span.end
    shifts = list(Shift.objects.served(now).between(start, end).select_related("person"))
    groups = []
    for duty in DutyRole:
        # What nobody covered is past praying for; what nobody will cover can still be planned.
        gaps = Shift.objects.gaps(max(start, now), end, duty) if end > now else []
        mine = [shift for shift in shifts if shift.duty == duty]
        groups.append(group_of(duty, mine, gaps, days, zone))
    return Week(days, groups, first - timedelta(days=DAYS), first + timedelta(days=DAYS))


def watches(now: datetime) -> list[Watch]:
    """Who is on duty now, for each duty."""
    return [Watch(duty, list(Shift.objects.on_duty(now, duty))) for duty in DutyRole]


def coming_gaps(now: datetime) -> list[Gaps]:
    """The gaps of the next 14 days, for each duty."""
    end = now + LOOKS_AHEAD
    found = []
    for duty in DutyRole:
        spans = Shift.objects.gaps(now, end, duty)
        found.append(Gaps(duty, spans, is_unplanned=spans == [Span(now, end)]))
    return found


def last_notes() -> list[HandOver]:
    """The newest hand-over notes, whosever."""
    return list(HandOver.objects.select_related("author", "shift")[:LAST_NOTES])


def own_shifts(user: User, now: datetime) -> list[Shift]:
    """The person's shift now and the next ones."""
    mine = Shift.objects.planned().filter(person=user, ends_at__gt=now)
    return list(mine[:OWN_SHIFTS])


def shift_to_hand_over(user: User, now: datetime) -> Shift | None:
    """The person's shift that lasts, or else the one that ended a little while ago."""
    mine = Shift.objects.planned().filter(person=user, starts_at__lte=now).order_by("-starts_at")
    return next((shift for shift in mine[:2] if can_hand_over(user, shift, now)), None)


def patterns(today: date) -> list[ShiftPattern]:
    """The patterns that still make shifts, with their people."""
    current = ShiftPattern.objects.current(today)
    return list(current.prefetch_related("turns__person"))
