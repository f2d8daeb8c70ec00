"""Measuring tickets for the figures: each once, and anew when something happened to it.

Covered time is counted by the clocks' own code, which the database cannot do; so it is counted
when a ticket changes and not when somebody looks. Why: docs/decisions, 0028.
"""

import time
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import timezone

from entitlements.models import known_editions
from sla.choices import ClockEventKind
from sla.models import Clock
from sla.replay import replay
from tickets.choices import OPEN_STATES, EventKind
from tickets.models import MeasureProgress, Ticket, TicketEvent, TicketMeasure, TicketMerge
from tickets.reassessment import WITH_VERSIONS

# A stretch takes a worker's thread for about a fifth of a second.
STRETCH = 2000
SLICE_SECONDS = 0.5
# An event is seen when its transaction has ended: none takes so long.
OVERLAP = timedelta(minutes=5)

_TOLD_BY = (EventKind.RESOLVED, EventKind.REOPENED)
type _Happened = tuple[str, datetime]
_FIELDS = tuple(
    field.name for field in TicketMeasure._meta.concrete_fields if field.name != "ticket"
)


def refresh_measures(*, seconds: float = SLICE_SECONDS, now: datetime | None = None) -> bool:
    """Measure what came or changed, for so long, and say whether more is left.

    Effects: TicketMeasures, the MeasureProgress. One does it at a time; a second one returns at
    once.
    """
    until = time.monotonic() + seconds
    while _stretch(now or timezone.now()):
        if time.monotonic() >= until:
            return True
    return False


@transaction.atomic
def _stretch(now: datetime) -> bool:
    MeasureProgress.objects.get_or_create(pk=1)
    progress = MeasureProgress.objects.select_for_update(skip_locked=True).first()
    if progress is None:
        return False
    events_from = progress.events_from or now
    newer = Ticket.objects.filter(pk__gt=progress.measured_to).order_by("pk")
    keys = list(newer.values_list("pk", flat=True)[:STRETCH])
    if keys:
        measure_tickets(keys)
        progress.measured_to = keys[-1]
    is_whole = len(keys) < STRETCH
    if is_whole:
        _measure_changed(events_from - OVERLAP)
        progress.measured_at = events_from = now
    progress.events_from = events_from
    progress.save()
    return not is_whole


def _measure_changed(since: datetime) -> None:
    changed = TicketEvent.objects.filter(at__gt=since).order_by("ticket").values("ticket")
    measure_with_merged(set(changed.distinct().values_list("ticket", flat=True)))


def measure_with_merged(found: set[int]) -> None:
    """Measure tickets anew, and what was merged into them. Effects: as measure_tickets."""
    # What happens to a target happens to the clocks of what was merged into it, without an event
    # of their own.
    merges = TicketMerge.objects.filter(target__in=found).order_by()
    keys = sorted(found.union(merges.values_list("source", flat=True)))
    for first in range(0, len(keys), STRETCH):
        measure_tickets(keys[first : first + STRETCH])


def measure_tickets(keys: Sequence[int]) -> None:
    """Measure these tickets anew: five queries at most, one write. Effects: TicketMeasures."""
    asked = Ticket.objects.filter(pk__in=keys).select_related("response_clock").order_by("pk")
    tickets = list(asked.prefetch_related("merges__target"))
    clocks = [one.response_clock for one in tickets if one.response_clock is not None]
    prefetch_related_objects([clock for clock in clocks if clock.assessment > 1], WITH_VERSIONS)
    told = TicketEvent.objects.filter(ticket__in=keys, kind__in=_TOLD_BY).order_by("pk")
    happened: dict[int, list[_Happened]] = {}
    for key, kind, at in told.values_list("ticket", "kind", "at"):
        happened.setdefault(key, []).append((kind, at))
    TicketMeasure.objects.bulk_create(
        [_measure(ticket, happened.get(ticket.pk, ())) for ticket in tickets],
        update_conflicts=True,
        unique_fields=["ticket"],
        update_fields=_FIELDS,
    )


def _counted_from(clock: Clock) -> datetime:
    """When the time to its answer began: a severity that is raised counts its deadline anew."""
    if clock.assessment == 1:
        return clock.started_at
    first = takewhile(lambda one: one.kind != ClockEventKind.REASSESSED, clock.events.all())
    return min(replay(one.happening() for one in first).started_at, clock.started_at)


def _measure(ticket: Ticket, happened: Collection[_Happened]) -> TicketMeasure:
    clock = ticket.response_clock
    resolved = [at for kind, at in happened if kind == EventKind.RESOLVED]
    stopped_at = clock.stopped_at if clock is not None else None
    elapsed, is_withdrawn = None, False
    if clock is not None and stopped_at is not None:
        if ticket.was_withdrawn:
            # Was it due by then, the promise is broken all the same.
            is_withdrawn = clock.due_at is None or stopped_at <= clock.due_at
        else:
            elapsed = clock.schedule.elapsed(_counted_from(clock), stopped_at)
    return TicketMeasure(
        ticket=ticket,
        customer_id=ticket.customer_id,
        plan_id=known_editions.get(ticket.edition_id).plan_id,
        product_id=ticket.product_id,
        severity=ticket.severity,
        filed_at=ticket.filed_at,
        is_open=ticket.state in OPEN_STATES,
        due_at=clock.due_at if clock is not None else None,
        answered_at=None if elapsed is None else stopped_at,
        covered_seconds=None if elapsed is None else elapsed // timedelta(seconds=1),
        is_excused=clock is not None and clock.excused_at is not None,
        is_withdrawn=is_withdrawn,
        resolved_at=min(resolved, default=None),
        reopenings=sum(kind == EventKind.REOPENED for kind, _ in happened),
    )
