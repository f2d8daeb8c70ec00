"""Many tickets with a running clock, as rows: filing hundreds by the form takes too long."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Contract, Edition
from sla.models import Clock, ClockEvent
from sla.operations import database_now
from tests.factories.clocks import make_clock
from tickets.choices import TicketKind
from tickets.models import Ticket


def make_due_tickets(
    contract: Contract,
    contact: User,
    *,
    count: int,
    began_ago: timedelta,
    over: timedelta = timedelta(0),
    assignees: Sequence[User] = (),
) -> list[Ticket]:
    """Tickets of Enterprise, Critical: 30 minutes, begun so long ago, with nothing recorded.

    With `over` they began one after another, the last so much later than the first.
    """
    level = Edition.objects.get(key="msa-enterprise").service_levels.get(severity=Severity.CRITICAL)
    began_at = database_now() - began_ago
    first = make_clock("highest", timedelta(minutes=30), began_at)
    later = [over * number / count for number in range(count)]
    clocks = [first, *(_copy(first, later=by) for by in later[1:])]
    Clock.objects.bulk_create(clocks[1:])
    started = ClockEvent.objects.get(clock=first)
    ClockEvent.objects.bulk_create(
        _copy(started, later=by, clock=clock)
        for clock, by in zip(clocks[1:], later[1:], strict=True)
    )
    start = Ticket.next_number() * 100_000
    return Ticket.objects.bulk_create(
        Ticket(
            number=start + number,
            customer=contract.customer,
            contract=contract,
            edition=level.edition,
            service_level=level,
            kind=TicketKind.SERVICE,
            subject=f"Ticket {number}",
            description="Nobody answers.",
            severity=Severity.CRITICAL,
            asked_severity=Severity.CRITICAL,
            filed_by=contact,
            submitted_by=contact,
            filed_at=began_at,
            updated_at=began_at,
            response_clock=clock,
            assignee=assignees[number % len(assignees)] if assignees else None,
        )
        for number, clock in enumerate(clocks)
    )


def _copy(row: Any, *, later: timedelta, **changed: Any) -> Any:
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    for name, value in values.items():
        if isinstance(value, datetime):
            values[name] = value + later
    one = type(row)(**values)
    for name, value in changed.items():
        setattr(one, name, value)
    return one
