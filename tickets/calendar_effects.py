"""What a calendar's next version would mean for open tickets: nothing by itself, and what if."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q

from accounts.models import User
from entitlements.calendar_versions import current_versions
from sla.models import CalendarVersion, ClockEvent
from tickets.models import Ticket
from tickets.reassessment import Outlook, calendars_of, outlook_on


@dataclass(frozen=True, slots=True)
class Effects:
    """The open clocks that rest on a calendar, and those that would be due at another moment."""

    open_clocks: int
    moved: list[tuple[Ticket, Outlook]]


def effects_of(version: CalendarVersion, *, reader: User, now: datetime) -> Effects:
    """Compare each open clock with what it would be if re-assessed on a version, saved or not.

    Three queries, however many clocks there are. Only tickets the reader may see.
    """
    resting = Q(response_clock__calendar_version__calendar=version.calendar_id) | Q(
        response_clock__waits_for_call=True, edition__business_calendar=version.calendar_id
    )
    tickets = list(
        Ticket.objects.visible_to(reader)
        .open()
        .filter(
            resting, response_clock__stopped_at__isnull=True, response_clock__due_at__isnull=False
        )
        .select_related(
            "customer",
            "contract",
            "edition__plan",
            "service_level__ladder",
            "response_clock__calendar_version__calendar",
        )
        .prefetch_related(
            Prefetch(
                "response_clock__events",
                ClockEvent.objects.select_related("calendar_version").order_by("pk"),
            )
        )
        .order_by("response_clock__due_at", "number")
    )
    versions = current_versions(_calendars(tickets)) | {version.calendar_id: version}
    moved = []
    for ticket in tickets:
        assert ticket.response_clock is not None, "the filter holds this"
        outlook = outlook_on(ticket, ticket.response_clock, versions, now)
        if outlook.moves:
            moved.append((ticket, outlook))
    return Effects(len(tickets), moved)


def _calendars(tickets: Iterable[Ticket]) -> set[int]:
    return {
        key
        for ticket in tickets
        if ticket.response_clock is not None
        for key in calendars_of(ticket, ticket.response_clock)
    }
