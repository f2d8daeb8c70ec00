"""What the watch does when ladder steps come due."""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Now

from sla.operations import claim_steps, database_now, set_clock_aside
from tickets.models import Ticket
from tickets.operations.ladder_step import take_steps

logger = logging.getLogger(__name__)

# Whoever answers one of a batch's tickets waits until the batch is written.
BATCH = 200


def escalate_due_tickets() -> int:
    """Act on every ladder step that is due, in database time, and say how many tickets moved.

    Any number of workers may run this at once: each takes tickets nobody holds (SKIP LOCKED),
    and one transaction a batch writes the steps' records, the events and the outbox rows.
    """
    # First without a lock: nearly always there is nothing.
    if not Ticket.objects.with_due_step(Now()).exists():
        return 0
    moved = 0
    while (some := _escalate_some()) is not None:
        moved += some
    return moved


def escalate_ticket(ticket: Ticket, *, now: datetime) -> bool:
    """Act on the steps due on one locked ticket's clock, as escalate_tickets.

    Raises: what the clock's calculation raises.
    """
    moved, troubles = escalate_tickets([ticket], now=now)
    for trouble in troubles.values():
        raise trouble
    return moved == 1


def escalate_tickets(
    tickets: Collection[Ticket], *, now: datetime
) -> tuple[int, dict[int, Exception]]:
    """Record the steps due on locked tickets' clocks, and act on the highest of each.

    Returns how many tickets moved, and by clock what went wrong with those set aside. Effects: as
    claim_steps and take_steps. How many queries it takes does not depend on how many tickets there
    are.
    """
    by_clock = {
        ticket.response_clock_id: ticket
        for ticket in tickets
        if ticket.response_clock_id is not None
    }
    claims, troubles = claim_steps(by_clock.keys(), now=now)
    take_steps([(by_clock[claim.clock.pk], claim) for claim in claims], now=now)
    return len(claims), troubles


def _escalate_some(among: Sequence[int] | None = None) -> int | None:
    """Act on a batch of tickets with a step due that nobody holds; None when there is none.

    Who holds a ticket is answering it, or is another worker: the next tick looks again. When one
    ticket makes a batch fail, its halves are tried until that ticket is alone and set aside.
    """
    due = Ticket.objects.with_due_step(Now())
    if among is not None:
        due = due.filter(pk__in=among)
    tickets: list[Ticket] = []
    try:
        with transaction.atomic():
            tickets = list(due.locked_if_free()[:BATCH])
            if not tickets:
                return None
            moved, troubles = escalate_tickets(tickets, now=database_now())
    except (OperationalError, InterfaceError):
        raise  # The database's own trouble, or a deadlock: the next tick tries again.
    except Exception as error:
        if len(tickets) > 1:
            keys = [ticket.pk for ticket in tickets]
            halves = keys[: len(keys) // 2], keys[len(keys) // 2 :]
            return sum(_escalate_some(half) or 0 for half in halves)
        clock = tickets[0].response_clock_id if tickets else None
        if clock is None:
            raise
        set_clock_aside(clock, error)
        moved, troubles = 0, {clock: error}
    for clock, trouble in troubles.items():
        logger.error("Clock %s is set aside.", clock, exc_info=trouble)
    return moved
