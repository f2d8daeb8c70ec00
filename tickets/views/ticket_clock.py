"""A ticket's clock and ladder on the engineer's page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from accounts.models import User
from entitlements.promise import terms_words
from notifications.models import Notice
from sla.acknowledged import acknowledgements_of, standing
from sla.choices import ClockState
from sla.explanation import explain_clock
from sla.operations import coming_steps
from tickets.choices import EventKind
from tickets.ladder_lines import duty_of, newest_records, next_step, rungs_of
from tickets.models import Ticket, TicketEvent


def clock_and_ladder(
    ticket: Ticket,
    user: User,
    now: datetime,
    events: Sequence[TicketEvent],
    *,
    has_records: bool,
) -> dict[str, Any]:
    """Give the page the clock with its explanation, its ladder and who is on duty for it."""
    clock = ticket.response_clock
    if clock is None:
        return {"clock": None, "no_clock": _no_clock(ticket)}
    records = newest_records(clock, user) if has_records else []
    coming = coming_steps(clock, records)
    acknowledged = acknowledgements_of(clock) if records and clock.stopped_at is None else []
    terms = terms_words(ticket.edition, ticket.severity)
    context: dict[str, Any] = {
        "clock": clock,
        "explanation": explain_clock(
            clock, now=now, zone=user.timezone, filed_at=ticket.filed_at, terms=terms
        ),
        "rungs": rungs_of(records, coming),
        "next_step": next_step(ticket, coming, acknowledged),
        "duty": duty_of(user, records, acknowledged) if clock.stopped_at is None else None,
        "acknowledged": standing(acknowledged, records[-1]) if records else [],
        "waits_for_call": clock.state(now) == ClockState.WAITING_FOR_CALL,
    }
    if clock.breached_at is not None or clock.state(now) in {
        ClockState.OVERDUE,
        ClockState.MISSED,
        ClockState.EXCUSED,
    }:
        missed = [event for event in events if event.kind == EventKind.MISSED]
        context["breach"] = {
            "at": clock.due_at,
            "told": _told(missed[-1]) if missed else "",
            "is_answered": clock.stopped_at is not None,
            "is_excused": clock.excused_at is not None,
        }
    return context


def _no_clock(ticket: Ticket) -> str:
    return (
        f"{ticket.edition.plan.name} promises no time for {ticket.get_severity_display()}. "
        "Work on it in covered hours."
    )


def _told(event: TicketEvent) -> str:
    """Name the people the breach was told to, from the outbox itself: ours, then theirs."""
    told = (
        Notice.objects.filter(key__startswith=f"ticket-event:{event.pk}:")
        .order_by("recipient__name")
        .values_list("recipient__name", "recipient__roles")
    )
    ours = ", ".join(name for name, roles in told if roles)
    theirs = ", ".join(name for name, roles in told if not roles)
    return "; at the customer: ".join(names for names in (ours, theirs) if names)
