"""What the watch does when a ladder step comes due."""

import logging
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import InterfaceError, OperationalError, transaction
from django.db.models.functions import Now

from sla import wording
from sla.choices import StepAction
from sla.models import Clock, StepRecord
from sla.operations import claim_due_steps, database_now
from tickets.choices import EventKind
from tickets.models import Ticket
from tickets.notices import people_of, tell_customer, tell_staff
from tickets.operations.timeline import add_event

logger = logging.getLogger(__name__)

# Small enough that a batch commits well within a second.
BATCH = 50
# A clock whose calculation raises is set aside for so long, and holds up nobody.
SET_ASIDE = timedelta(minutes=5)


def escalate_due_tickets() -> int:
    """Act on every ladder step that is due, in database time, and say how many tickets moved.

    Any number of workers may run this at once: each takes tickets nobody holds (SKIP LOCKED),
    and one transaction per ticket writes the step's record, the event and the outbox rows.
    """
    moved = 0
    seen: set[int] = set()
    while True:
        due = list(
            Ticket.objects.with_due_step(Now())
            .exclude(pk__in=seen)
            .values_list("pk", flat=True)[:BATCH]
        )
        if not due:
            return moved
        for key in due:
            seen.add(key)
            moved += _escalate_safely(key)


def _escalate_safely(key: int) -> bool:
    try:
        with transaction.atomic():
            # Never joined, as lock_ticket says.
            ticket = (
                Ticket.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
                .filter(pk=key)
                .first()
            )
            # Locked means somebody is answering or another worker is acting; the next tick looks.
            return ticket is not None and escalate_ticket(ticket, now=database_now())
    except (OperationalError, InterfaceError):
        raise  # The database's own trouble, or a deadlock: the next tick tries again.
    except Exception as error:
        logger.exception("The clock of ticket %s is set aside.", key)
        Clock.objects.filter(pk__in=Ticket.objects.filter(pk=key).values("response_clock")).update(
            next_step_at=database_now() + SET_ASIDE,
            trouble=f"{type(error).__name__}: {error}"[:500],
        )
        return False


def escalate_ticket(ticket: Ticket, *, now: datetime) -> bool:
    """Record the steps due on a locked ticket's clock and act on the highest.

    Effects: StepRecords, the raise, one event for the deadline or else for the step, notices.
    """
    clock = ticket.response_clock
    if clock is None or clock.stopped_at is not None:
        return False
    was_breached = clock.breached_at is not None
    record = claim_due_steps(clock, now=now)
    if record is None:
        return False
    step = record.step
    clock.refresh_from_db(fields=["breached_at"])
    breached_now = not was_breached and clock.breached_at is not None
    if step.action == StepAction.RAISE:
        ticket.escalation_level = min(ticket.escalation_level + 1, 99)
        ticket.save(update_fields=["escalation_level"])
    event = add_event(
        ticket,
        EventKind.MISSED if breached_now else EventKind.ESCALATED,
        by=None,
        now=now,
        step=str(step),
        late=record.late,
        due_at=record.due_at.isoformat(),
    )
    tell_staff(
        ticket,
        event,
        people_of(ticket, step.audience, now=now),
        subject=f"{_headline(record)}: {ticket.subject}",
        body=_body(ticket, record, clock),
        urgent=breached_now,
    )
    if breached_now:
        tell_customer(
            ticket,
            event,
            subject=f"is late: {ticket.subject}",
            body=(
                "We promised an answer by now and have not given it. The duty lead has been "
                "told and the ticket is at the top of our queue."
            ),
        )
    return True


def _headline(record: StepRecord) -> str:
    if record.step.is_deadline:
        return "deadline passed"
    if record.step.share is not None:
        return f"{record.step.share * 100:.0f} % of the time is used"
    return "still unanswered"


def _body(ticket: Ticket, record: StepRecord, clock: Clock) -> str:
    zone = ZoneInfo(clock.zone)
    due = wording.moment_words(clock.due_at or record.due_at, zone, now=record.recorded_at)
    owner = str(ticket.assignee) if ticket.assignee else "nobody"
    late = " This is told late: the watch was down." if record.late else ""
    return (
        f"{ticket.reference} of {ticket.customer}, {ticket.get_severity_display()}: "
        f"{_headline(record)}. Due {due}; assigned to {owner}.{late}"
    )
