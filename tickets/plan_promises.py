"""What other plans would have promised for a ticket: from where its own clock counts."""

from datetime import datetime

from entitlements.choices import Severity
from entitlements.plan_promises import PlanPromise, promises_of_plans
from entitlements.promise import contract_in_force
from tickets.models import Ticket


def counts_from(ticket: Ticket) -> datetime:
    """From when the plans are compared: the filing, or the change that put the clock anew."""
    clock = ticket.response_clock
    if clock is None or clock.assessment == 1:
        return ticket.filed_at
    return max(clock.started_at, ticket.filed_at)


def promises_for_ticket(ticket: Ticket, *, reader_zone: str) -> list[PlanPromise]:
    """Compare the plans for a ticket's severity and start."""
    contract = ticket.contract or contract_in_force(ticket.customer, ticket.filed_at)
    return promises_of_plans(
        Severity(ticket.severity),
        counts_from(ticket),
        contract=contract,
        reader_zone=reader_zone,
    )
