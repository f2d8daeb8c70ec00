"""Closures of the demo: one of last spring, and one just added, with what a lead makes of it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.choices import Role
from sla.calendar_draft import Draft
from sla.models import Calendar, CalendarVersion
from sla.operations import change_calendar
from tickets.choices import Basis
from tickets.demo.cast import Cast
from tickets.demo.timeline import Script
from tickets.models import Ticket
from tickets.operations.reassessment import reassess_ticket
from tickets.reassessment import outlooks

CALENDAR = "msa-business-hours"
ALL_HANDS_AGO = timedelta(days=190)
ANNOUNCED_BEFORE = timedelta(days=21)
CLOSED_AGO = timedelta(minutes=20)
REASSESSED_AGO = timedelta(minutes=10)


def close_days(cast: Cast, now: datetime) -> Script:
    """Close a day of half a year ago, and just now the next working day; re-assess one ticket.

    The other open clocks that rest on the day are left as filed, for a visitor to look at.
    """
    yield (at := now - ALL_HANDS_AGO - ANNOUNCED_BEFORE)
    _close(_working_day(now - ALL_HANDS_AGO), "All-hands day", "Announced to customers.", cast, at)
    yield (at := now - CLOSED_AGO)
    _close(
        _working_day(now),
        "Power works in the building",
        "The landlord cuts the power; break/fix waits, premium incidents are answered from home.",
        cast,
        at,
    )
    yield (at := now - REASSESSED_AGO)
    waiting = Ticket.objects.open().filter(response_clock__stopped_at__isnull=True)
    for ticket in waiting.order_by("number"):
        if Basis.CALENDAR in outlooks(ticket, at):
            reassess_ticket(
                ticket,
                basis=Basis.CALENDAR,
                reason="Our building has no power that day. We agreed on the phone to answer the "
                "day after.",
                by=cast.the(Role.DUTY_LEAD),
                now=at,
            )
            return


def _close(day: date, name: str, reason: str, cast: Cast, at: datetime) -> None:
    calendar = Calendar.objects.get(key=CALENDAR)
    version = calendar.current
    draft = Draft.of(version)
    change_calendar(
        calendar,
        draft=Draft(
            draft.zone,
            draft.windows,
            draft.country,
            draft.subdivision,
            draft.skipped_holidays,
            {**draft.own_closures, day: name},
        ),
        based_on=version.number,
        reason=reason,
        by=cast.the(Role.ADMINISTRATOR),
        now=at,
    )


def _working_day(after: datetime) -> date:
    """The first day with covered time after an instant's own local day."""
    version: CalendarVersion = Calendar.objects.get(key=CALENDAR).current
    zone = ZoneInfo(version.zone)
    tomorrow = after.astimezone(zone).date() + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time(), zone)
    return version.schedule().next_opening(midnight).astimezone(zone).date()
