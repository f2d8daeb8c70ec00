"""What the watch does when ladder steps come due."""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, prefetch_related_objects
from django.db.models.functions import Least, Now

from notifications.operations import Telling, notify_all
from sla import wording
from sla.choices import StepAction
from sla.models import StepRecord
from sla.operations import Claim, claim_steps, database_now, set_clock_aside
from tickets.choices import EventKind
from tickets.models import Ticket, TicketEvent
from tickets.notices import RollCall, customer_telling, followers_of, staff_telling
from tickets.operations.timeline import add_events

logger = logging.getLogger(__name__)

# Whoever answers one of a batch's tickets waits until the batch is written.
BATCH = 200
HIGHEST_LEVEL = 99


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
    claim_steps; for each ticket that moved the raise, one event for the deadline or else for the
    step, and notices. How many queries it takes does not depend on how many tickets there are.
    """
    by_clock = {
        ticket.response_clock_id: ticket
        for ticket in tickets
        if ticket.response_clock_id is not None
    }
    claims, troubles = claim_steps(by_clock.keys(), now=now)
    moving = [(by_clock[claim.clock.pk], claim) for claim in claims]
    _raise_levels([ticket for ticket, claim in moving if _raises(claim)])
    events = [_event(ticket, claim, now) for ticket, claim in moving]
    add_events(events, now=now)
    notify_all(_tellings(moving, events, now), now=now)
    return len(moving), troubles


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


def _raises(claim: Claim) -> bool:
    return claim.record.step.action == StepAction.RAISE


def _raise_levels(tickets: Sequence[Ticket]) -> None:
    for ticket in tickets:
        ticket.escalation_level = min(ticket.escalation_level + 1, HIGHEST_LEVEL)
    Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets]).update(
        escalation_level=Least(F("escalation_level") + 1, HIGHEST_LEVEL)
    )


def _event(ticket: Ticket, claim: Claim, now: datetime) -> TicketEvent:
    record = claim.record
    return TicketEvent(
        ticket=ticket,
        kind=EventKind.MISSED if claim.misses else EventKind.ESCALATED,
        at=now,
        details={
            "step": str(record.step),
            "late": record.late,
            "due_at": record.due_at.isoformat(),
        },
    )


def _tellings(
    moving: Sequence[tuple[Ticket, Claim]], events: Sequence[TicketEvent], now: datetime
) -> list[Telling]:
    """Say to whom what is told. What hangs on the tickets is read for all of them at once."""
    prefetch_related_objects(
        [ticket for ticket, _ in moving],
        "assignee",
        "customer__tam__tam_teams",
        "customer__tam_team__members__tam_teams",
    )
    missing = [ticket for ticket, claim in moving if claim.misses]
    followers = followers_of(missing) if missing else {}
    roll = RollCall(now)
    tellings = []
    for (ticket, claim), event in zip(moving, events, strict=True):
        ticket.response_clock = claim.clock  # As it stands now; not read for each ticket.
        tellings.append(
            staff_telling(
                ticket,
                event,
                roll.people_of(ticket, claim.record.step.audience),
                subject=f"{_headline(claim.record)}: {ticket.subject}",
                body=_body(ticket, claim),
                urgent=claim.misses,
            )
        )
        if claim.misses:
            tellings.append(
                customer_telling(
                    ticket,
                    event,
                    followers[ticket.pk],
                    subject=f"is late: {ticket.subject}",
                    body=(
                        "We promised an answer by now and have not given it. The duty lead has "
                        "been told and the ticket is at the top of our queue."
                    ),
                )
            )
    return tellings


def _headline(record: StepRecord) -> str:
    if record.step.is_deadline:
        return "deadline passed"
    if record.step.share is not None:
        return f"{record.step.share * 100:.0f} % of the time is used"
    return "still unanswered"


def _body(ticket: Ticket, claim: Claim) -> str:
    clock, record = claim.clock, claim.record
    zone = ZoneInfo(clock.zone)
    due = wording.moment_words(clock.due_at or record.due_at, zone, now=record.recorded_at)
    owner = str(ticket.assignee) if ticket.assignee else "nobody"
    late = " This is told late: the watch was down." if record.late else ""
    return (
        f"{ticket.reference} of {ticket.customer}, {ticket.get_severity_display()}: "
        f"{_headline(record)}. Due {due}; assigned to {owner}.{late}"
    )
