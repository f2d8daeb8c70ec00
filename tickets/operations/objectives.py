"""Our own objectives on a ticket: their clocks start, rest and stop with what happens to it.

Source: domain, Clocks; docs/decisions, objectives.
"""

from datetime import datetime, timedelta

from accounts.compiled import Compiled
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Objective
from entitlements.promise import promise_for
from sla.choices import Obligation
from sla.operations import pause_clock, reassess_clock, resume_clock, start_clock, stop_clock
from sla.operations.ladders import quiet_ladder
from tickets.choices import EventKind, TicketState
from tickets.models import Message, Ticket, TicketObjective
from tickets.reassessment import terms_of

NEXT, PROGRESS, RESOLUTION = (
    Obligation.NEXT_RESPONSE,
    Obligation.PROGRESS_NOTICE,
    Obligation.RESOLUTION,
)
# What an event begins, and what it fulfils; the end of a ticket fulfils all of them.
BEGUN: dict[EventKind, tuple[Obligation, ...]] = {
    EventKind.FILED: (PROGRESS, RESOLUTION),
    EventKind.CUSTOMER_WROTE: (NEXT,),
    EventKind.ANSWERED: (PROGRESS,),
    EventKind.REOPENED: (PROGRESS, RESOLUTION),
    EventKind.UNMERGED: (PROGRESS, RESOLUTION),
}
FULFILLED: dict[EventKind, tuple[Obligation, ...]] = {EventKind.ANSWERED: (NEXT, PROGRESS)}
MOVING = frozenset(
    {
        *BEGUN,
        *FULFILLED,
        EventKind.SEVERITY_CHANGED,
        EventKind.STATE_CHANGED,
        EventKind.RESOLVED,
        EventKind.CLOSED,
        EventKind.MERGED,
    }
)
RESTS = "The ticket waits for the customer."

_OBJECTIVES = Compiled(
    lambda level, wanted: Objective.objects.filter(service_level=level, obligation__in=wanted)
)
_RUNNING = Compiled(
    lambda ticket: (
        TicketObjective.objects.filter(ticket=ticket).running().with_rest().select_related("clock")
    )
)


def keep_objectives(ticket: Ticket, kind: EventKind, *, by: User | None, now: datetime) -> None:
    """Let the clocks of a ticket's objectives follow what just happened to it.

    Call it with the ticket locked and in its new state. Effects: TicketObjectives, Clocks and
    their events; none on a ticket whose service level has no objective.
    """
    running = _RUNNING.all(ticket.pk) if kind != EventKind.FILED else []
    for one in running:
        # An answer that was held says nothing to what came after it was pressed.
        is_met = one.obligation in FULFILLED.get(kind, ()) and one.clock.started_at <= now
        if is_met or not ticket.is_open:
            _stop(one, by=by, now=now)
    if ticket.is_open and kind == EventKind.SEVERITY_CHANGED:
        _reassess(ticket, [one for one in running if one.ended_at is None], by=by, now=now)
    there = {one.obligation for one in running if one.ended_at is None}
    if ticket.is_open and (begun := _begun(ticket, kind, by)):
        running += _start(ticket, [one for one in begun if one not in there], by=by, now=now)
    if kind == EventKind.ANSWERED and NEXT not in there and (wrote := _wrote_since(ticket, now)):
        running += _start(ticket, [NEXT], by=wrote.author, now=wrote.at)
    waits = ticket.state == TicketState.WAITING_FOR_CUSTOMER
    for one in running:
        if one.ended_at is not None or waits == bool(one.rests):
            continue
        if waits:
            pause_clock(one.clock, at=now, by=by, reason=RESTS)
        else:
            resume_clock(one.clock, at=now, by=by)


def _begun(ticket: Ticket, kind: EventKind, by: User | None) -> tuple[Obligation, ...]:
    """What an event begins to be owed; until the first answer the contract's own clock says it."""
    begun = BEGUN.get(kind, ())
    if kind == EventKind.REOPENED and by is not None and not by.is_staff_member:
        return (*begun, NEXT)
    clock = ticket.response_clock
    if kind == EventKind.CUSTOMER_WROTE and clock is not None and clock.stopped_at is None:
        return ()
    return begun


def _wrote_since(ticket: Ticket, answered_at: datetime) -> Message | None:
    """What the customer wrote first while this answer was held, and it does not answer.

    None until the first answer: the contract's clock goes on.
    """
    clock = ticket.response_clock
    if clock is not None and clock.stopped_at is None:
        return None
    since = ticket.messages.filter(from_staff=False, at__gt=answered_at)
    return since.select_related("author").order_by("at", "pk").first()


def _start(
    ticket: Ticket, wanted: list[Obligation], *, by: User | None, now: datetime
) -> list[TicketObjective]:
    targets = _targets(ticket, wanted)
    if not targets:
        return []
    promise = promise_for(terms_of(ticket), Severity(ticket.severity), now)
    return [
        TicketObjective.objects.create(
            ticket=ticket,
            obligation=obligation,
            clock=start_clock(
                calendar_version=promise.calendar_version,
                zone=promise.zone,
                target=target,
                ladder=quiet_ladder(),
                at=now,
                obligation=obligation,
                by=by,
            ),
        )
        for obligation, target in targets.items()
    ]


def _reassess(
    ticket: Ticket, running: list[TicketObjective], *, by: User | None, now: datetime
) -> None:
    """Put what runs on the targets of the ticket's new service level, from where it started."""
    targets = _targets(ticket, [Obligation(one.obligation) for one in running])
    if not targets or by is None:
        return
    promise = promise_for(terms_of(ticket), Severity(ticket.severity), now)
    for one in running:
        if (target := targets.get(Obligation(one.obligation))) is not None:
            one.clock = reassess_clock(
                one.clock,
                calendar_version=promise.calendar_version,
                zone=promise.zone,
                target=target,
                counts_from=one.clock.started_at,
                latest_due_at=None,
                at=now,
                by=by,
                reason=f"The severity is now {Severity(ticket.severity).label}.",
            )


def _targets(ticket: Ticket, wanted: list[Obligation]) -> dict[Obligation, timedelta]:
    found = _OBJECTIVES.all(ticket.service_level_id, wanted)
    return {Obligation(one.obligation): one.target for one in found}


def _stop(objective: TicketObjective, *, by: User | None, now: datetime) -> None:
    stop_clock(objective.clock, at=now, by=by)
    objective.ended_at = now
    objective.save(update_fields=["ended_at"])
