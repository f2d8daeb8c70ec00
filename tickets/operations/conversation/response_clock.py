"""The clocks that an answer stops, and the answers that stop a clock."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from accounts.compiled import Compiled
from accounts.models import User
from sla import wording
from sla.choices import Audience
from sla.models import Clock
from sla.operations import claim_steps, stop_clock
from tickets.choices import EventKind, LinkKind
from tickets.errors import InvalidTransition
from tickets.models import Message, Ticket
from tickets.notices import people_of, tell_staff
from tickets.operations.timeline import add_event
from tickets.permissions import sees_as_staff

_MERGED = Compiled(
    lambda target: Ticket.objects.filter(
        links_out__target=target, links_out__kind=LinkKind.MERGED, response_clock__isnull=False
    ).select_related("response_clock")
)


def stop_response_clock(ticket: Ticket, *, by: User, now: datetime) -> None:
    """Stop the first-response clock if it still runs; the ticket is no longer raised.

    The clocks of tickets merged into it stop with it: one answer is given to all of them. A
    deadline that passed while the watch was away is recorded first, and told to the leads.
    Call it with the ticket locked. Effects: the clocks' events; `escalation_level`; for a deadline
    nobody had recorded its steps, one event, notices.
    """
    owing = [one for one in _answered_tickets(ticket) if _runs(one.response_clock)]
    _record_what_nobody_saw(ticket, owing, by=by, now=now)
    for one in owing:
        clock = one.response_clock
        assert clock is not None
        stopped = stop_clock(clock, at=now, by=by)
        if clock.pk != ticket.response_clock_id:
            continue
        ticket.response_clock = stopped
        if ticket.escalation_level:
            ticket.escalation_level = 0
            ticket.save(update_fields=["escalation_level"])


def answers_to(ticket: Ticket) -> QuerySet[Message]:
    """Qualified answers that stand, the first one first: each stops the ticket's clock.

    Those on a ticket that it was merged into are among them, from the time when it was.
    """
    said = Q(ticket=ticket)
    for merge in ticket.merges.all():
        there = Q(ticket=merge.target_id, at__gte=merge.at)
        said |= there if merge.undone_at is None else there & Q(at__lt=merge.undone_at)
    standing = Message.objects.filter(said, qualified=True, overturned_at__isnull=True)
    return standing.select_related("author").order_by("at", "pk")


def is_owed_on(target: Ticket, owed: Clock) -> bool:
    """Whether a ticket owes an answer no later than a clock: who works on it misses neither."""
    covering = target.response_clock
    return (
        covering is not None
        and covering.stopped_at is None
        and covering.due_at is not None
        and owed.due_at is not None
        and covering.due_at <= owed.due_at
    )


def require_merged_owed_on(ticket: Ticket) -> None:
    """Refuse to let a ticket be due after what is merged into it: that would go by unseen.

    Call it with the ticket locked and its clock as it will be. Raises: InvalidTransition.
    """
    for one in _MERGED.all(ticket.pk):
        owed = one.response_clock
        if owed is not None and owed.stopped_at is None and not is_owed_on(ticket, owed):
            raise InvalidTransition(
                f"{one.reference} is merged into it and would be due before it. Answer first, or "
                "undo that merge."
            )


def _runs(clock: Clock | None) -> bool:
    return clock is not None and clock.stopped_at is None


def _record_what_nobody_saw(
    ticket: Ticket, owing: list[Ticket], *, by: User, now: datetime
) -> None:
    """Record deadlines that have passed and that the watch has not come to.

    It comes each second, and passes over a ticket that somebody is answering. Of what is merged
    into the ticket only the clocks are written: those are not locked, and it was due first.
    """
    unseen = [
        one.response_clock.pk
        for one in owing
        if one.response_clock is not None
        and one.response_clock.breached_at is None
        and one.response_clock.due_at is not None
        and one.response_clock.due_at < now
    ]
    if not unseen:
        return
    claims, _ = claim_steps(unseen, now=now, to_act=False)
    for claim in claims:
        if not claim.misses or claim.clock.pk != ticket.response_clock_id:
            continue
        due_at = claim.clock.due_at
        assert due_at is not None
        leads = people_of(ticket, (Audience.DUTY_LEAD, Audience.TAM), now=now)
        told = [one for one in leads if one != by and sees_as_staff(one, ticket)]
        details: dict[str, Any] = {
            "step": str(claim.record.step),
            "reached": claim.record.reached,
            "late": claim.record.late,
            "due_at": due_at.isoformat(),
            "told": [one.name for one in told],
        }
        if claim.late_because is not None:
            details["late_because"] = claim.late_because.value
        event = add_event(ticket, EventKind.MISSED, by=None, now=now, **details)
        due = wording.moment_words(due_at, ZoneInfo(claim.clock.zone), now=now)
        tell_staff(
            ticket,
            event,
            told,
            subject=f"missed its deadline: {ticket.subject}",
            body=f"{ticket.reference} of {ticket.customer}, {ticket.get_severity_display()}, was "
            f"due {due}. Nobody had been told when {by} stopped its clock.",
        )


def _answered_tickets(ticket: Ticket) -> list[Ticket]:
    """The tickets that an answer on one is given to: itself, and what is merged into it.

    In the order in which others lock several. The merged tickets are not locked, by the database
    neither: whoever locks two takes them in one order, and this one is locked already.
    """
    answered = [one for one in (ticket, *_MERGED.all(ticket.pk)) if one.response_clock is not None]
    return sorted(answered, key=lambda one: one.response_clock_id or 0)
