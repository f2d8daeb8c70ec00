"""What a calendar's next version, or an amended contract, would mean for open tickets.

Nothing by itself; and what if somebody re-assessed them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from accounts.models import User
from entitlements.calendar_versions import current_versions
from entitlements.models import Contract
from sla.models import CalendarVersion, ClockEvent
from tickets.models import Ticket
from tickets.reassessment import (
    Outlook,
    TermsToday,
    calendars_of,
    outlook_on,
    outlook_on_contract,
)


@dataclass(frozen=True, slots=True)
class Effects:
    """The open clocks that rest on a calendar or contract, and those that would be due otherwise.

    The nearest deadline first.
    """

    open_clocks: int
    moved: list[tuple[Ticket, Outlook]]


def effects_of(version: CalendarVersion, *, reader: User, now: datetime) -> Effects:
    """Compare each open clock with what it would be if re-assessed on a version, saved or not.

    Three queries, however many clocks there are. Only tickets the reader may see.
    """
    resting = Q(response_clock__calendar_version__calendar=version.calendar_id) | Q(
        response_clock__waits_for_call=True, edition__business_calendar=version.calendar_id
    )
    tickets = list(_with_running_clocks(reader).filter(resting))
    versions = current_versions(_calendars(tickets)) | {version.calendar_id: version}
    moved = []
    for ticket in tickets:
        assert ticket.response_clock is not None, "the filter holds this"
        outlook = outlook_on(ticket, ticket.response_clock, versions, now)
        if outlook.moves:
            moved.append((ticket, outlook))
    return Effects(len(tickets), moved)


def effects_of_contract(contract: Contract, *, reader: User, now: datetime) -> Effects:
    """Compare each open clock of a contract's customer with what today's terms would make of it.

    The number of queries does not grow with the number of clocks. Nothing would move while the
    contract is not in force.
    """
    tickets = list(_with_running_clocks(reader).filter(customer=contract.customer_id))
    today = TermsToday(contract.customer, now)
    if today.contract != contract:
        return Effects(len(tickets), [])
    moved = []
    for ticket in tickets:
        assert ticket.response_clock is not None, "the filter holds this"
        outlook = outlook_on_contract(ticket, ticket.response_clock, today, now)
        if outlook is not None and outlook.moves:
            moved.append((ticket, outlook))
    return Effects(len(tickets), moved)


def _with_running_clocks(reader: User) -> QuerySet[Ticket]:
    return (
        Ticket.objects.visible_to(reader)
        .open()
        .filter(response_clock__stopped_at__isnull=True, response_clock__due_at__isnull=False)
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


def _calendars(tickets: Iterable[Ticket]) -> set[int]:
    return {
        key
        for ticket in tickets
        if ticket.response_clock is not None
        for key in calendars_of(ticket, ticket.response_clock)
    }
