"""Whose turn it is on a ticket, since when, and what comes next: for its customer. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _

from sla.choices import ClockState
from tickets.choices import TicketState
from tickets.models import CustomerEscalation, Ticket, TicketEvent
from tickets.querysets import REOPEN_WITHIN

_THEIRS = frozenset({TicketState.WAITING_FOR_CUSTOMER, TicketState.RESOLVED})


class Side(StrEnum):
    """Who moves next."""

    YOURS = "yours"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class Turn:
    """Who moves next and since when; `lead` and `at` are the next promise, "" and None without.

    `zone` is the one a promised moment is counted in; empty where none is counted.
    """

    side: Side
    who: str
    since: datetime
    lead: str = ""
    at: datetime | None = None
    zone: str = ""


def turn_of(
    ticket: Ticket,
    events: Iterable[TicketEvent],
    *,
    escalation: CustomerEscalation | None,
    now: datetime,
) -> Turn | None:
    """Read whose turn it is from the state and the timeline; None on a closed ticket.

    The newest promise that is open is the one that counts: what the owner of an escalation said,
    else the clock's.
    """
    if ticket.state == TicketState.CLOSED:
        return None
    if ticket.state == TicketState.RESOLVED:
        solved_at = ticket.resolved_at
        assert solved_at is not None, "a constraint holds this"
        return Turn(
            Side.YOURS, "", solved_at, _("It closes by itself on"), solved_at + REOPEN_WITHIN
        )
    since = _since(ticket, events)
    if ticket.state == TicketState.WAITING_FOR_CUSTOMER:
        return Turn(Side.YOURS, "", since)
    return Turn(Side.OURS, _who(ticket), since, *_next(ticket, escalation, now))


def _since(ticket: Ticket, events: Iterable[TicketEvent]) -> datetime:
    """When the turn last went from one side to the other; the filing, when it never did."""
    since = ticket.filed_at
    for event in sorted(events, key=lambda one: (one.at, one.pk)):
        before, after = event.details.get("state") or (None, None)
        if before is not None and (before in _THEIRS) != (after in _THEIRS):
            since = event.at
    return since


def _who(ticket: Ticket) -> str:
    if ticket.state == TicketState.WAITING_FOR_LAB:
        return _("Our lab has it")
    if ticket.assignee is None:
        return _("In our queue")
    return _("%(name)s has it") % {"name": ticket.assignee.name}


def _next(
    ticket: Ticket, escalation: CustomerEscalation | None, now: datetime
) -> tuple[str, datetime | None, str]:
    if escalation is not None and escalation.next_word_at is not None:
        if escalation.owner is None:
            return _("The lead on duty writes by"), escalation.next_word_at, ""
        words = _("%(name)s writes by") % {"name": escalation.owner.name}
        return words, escalation.next_word_at, ""
    clock = ticket.response_clock
    if clock is None or clock.stopped_at is not None or clock.due_at is None:
        return "", None, ""
    state = clock.state(now)
    if state == ClockState.OVERDUE:
        return _("The answer is late; promised for"), clock.due_at, clock.zone
    if state == ClockState.WAITING_FOR_CALL:
        return _("Without a call we answer by"), clock.due_at, clock.zone
    return _("We answer by"), clock.due_at, clock.zone
