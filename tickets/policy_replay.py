"""The replay of a policy at work: stretch by stretch over the tickets, results kept."""

from collections import Counter, defaultdict
from datetime import datetime
from functools import partial
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, F

from entitlements.what_if import Kept, Outcome, replay_ticket
from sla.choices import ClockState
from sla.long_runs import commit_stretch, end_run, work_slice
from sla.models import StepRecord
from tickets.models import PolicyReplay, ReplayCount, ReplayFlip, Ticket
from tickets.policy_rules import PolicyRules, histories_of
from tickets.querysets import TicketQuerySet

# Some 50 ms: a slice does several, and a killed worker loses little.
STRETCH = 200
_OUTCOMES = {
    ClockState.MET: Outcome.MET,
    ClockState.MISSED: Outcome.MISSED,
    ClockState.OVERDUE: Outcome.MISSED,
    ClockState.EXCUSED: Outcome.EXCUSED,
}


class _Cell(NamedTuple):
    plan: int
    severity: int
    was: Outcome
    would: Outcome


class _Sum(NamedTuple):
    tickets: int = 0
    was_steps: int = 0
    would_steps: int = 0


def tickets_of(replay: PolicyReplay) -> TicketQuerySet:
    """The tickets a replay is about."""
    tickets = Ticket.objects.filter(filed_at__gte=replay.since, filed_at__lt=replay.until)
    plan = replay.draft.plan
    return tickets.filter(edition__plan__key=plan) if plan else tickets


def continue_replays() -> bool:
    """Do a slice of the oldest replay under way, and say whether more waits."""
    waiting = PolicyReplay.objects.filter(ended_at__isnull=True).order_by("began_at", "pk")
    replay = waiting.first()
    if replay is None:
        return False
    rules = PolicyRules(replay.draft)
    stretch = partial(replay_stretch, rules=rules)
    # Whoever is at it already goes on by themselves: asking again and again would help nobody.
    return work_slice(replay, stretch) or (not replay.is_running and waiting.exists())


def replay_stretch(replay: PolicyReplay, *, rules: PolicyRules) -> None:
    """Replay the next tickets, and write how they came out and would have.

    Raises: LeaseLost. Effects: ReplayCounts, ReplayFlips, the run's position. It locks no ticket.
    """
    tickets = list(
        tickets_of(replay)
        .filter(pk__gt=replay.position, pk__lte=replay.last)
        .select_related("edition__plan", "contract", "response_clock")
        .prefetch_related("contract__amendments")
        .order_by("pk")[:STRETCH]
    )
    if not tickets:
        with transaction.atomic():
            end_run(replay)
        return
    recorded = _recorded_steps(tickets, replay.until)
    histories = histories_of(tickets, rules)
    sums: defaultdict[_Cell, _Sum] = defaultdict(_Sum)
    flips = []
    for ticket in tickets:
        history = histories[ticket.pk]
        was = kept_by(ticket, replay.until, recorded[ticket.response_clock_id or 0])
        would = replay_ticket(history, rules.of(ticket), until=replay.until)
        cell = _Cell(ticket.edition.plan_id, ticket.severity, was.outcome, would.outcome)
        so_far = sums[cell]
        sums[cell] = _Sum(
            so_far.tickets + 1, so_far.was_steps + was.steps, so_far.would_steps + would.steps
        )
        if was.outcome != would.outcome:
            flips.append(
                ReplayFlip(
                    replay=replay,
                    ticket=ticket,
                    was=was.outcome,
                    would=would.outcome,
                    was_due_at=was.due_at,
                    would_due_at=would.due_at,
                    answered_at=history.answered_at,
                )
            )
    with transaction.atomic():
        commit_stretch(replay, position=tickets[-1].pk, done=len(tickets))
        _add(replay, sums)
        ReplayFlip.objects.bulk_create(flips)


def kept_by(ticket: Ticket, at: datetime, steps: int) -> Kept:
    """How a ticket's own clock stands at an instant; `steps` as they were recorded."""
    clock = ticket.response_clock
    if clock is None:
        return Kept(Outcome.NONE)
    return Kept(_OUTCOMES.get(clock.state(at), Outcome.OPEN), clock.due_at, steps)


def _recorded_steps(tickets: list[Ticket], until: datetime) -> Counter[int]:
    records = StepRecord.objects.filter(
        clock__in=[one.response_clock_id for one in tickets if one.response_clock_id],
        due_at__lte=until,
    )
    counts = records.values_list("clock").annotate(count=Count("pk")).order_by()
    return Counter(dict(counts))


def _add(replay: PolicyReplay, sums: dict[_Cell, _Sum]) -> None:
    """Add a stretch's sums to the kept ones; whoever holds the lease is the only one to write."""
    for cell, added in sums.items():
        place = {
            "replay": replay,
            "plan_id": cell.plan,
            "severity": cell.severity,
            "was": cell.was,
            "would": cell.would,
        }
        so_far = ReplayCount.objects.filter(**place)
        if not so_far.update(
            tickets=F("tickets") + added.tickets,
            was_steps=F("was_steps") + added.was_steps,
            would_steps=F("would_steps") + added.would_steps,
        ):
            ReplayCount.objects.create(
                **place,
                tickets=added.tickets,
                was_steps=added.was_steps,
                would_steps=added.would_steps,
            )
