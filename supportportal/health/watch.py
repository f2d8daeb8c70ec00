"""How well the watch keeps up: its lag, its backlog, and the clocks set aside."""

from dataclasses import dataclass
from datetime import timedelta

from sla.models import Clock, StepRecord
from sla.querysets import Backlog, Lag
from tickets.models import Ticket

SPANS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
# More are counted, not listed: whatever sets so many aside is one fault.
LISTED = 50


@dataclass(frozen=True, slots=True)
class WatchFigures:
    """Everything about the watch at one moment. `lag` is by name of its span."""

    lag: dict[str, Lag]
    backlog: Backlog
    set_aside: int


def watch_figures() -> WatchFigures:
    """Ask the database for the figures; no process keeps any, so every web worker says the same."""
    return WatchFigures(
        lag={name: StepRecord.objects.lag(span) for name, span in SPANS.items()},
        backlog=Clock.objects.backlog(),
        set_aside=Clock.objects.set_aside().count(),
    )


def tickets_set_aside() -> list[Ticket]:
    """List the tickets whose clock was set aside, the first to be tried again first."""
    return list(
        Ticket.objects.filter(response_clock__in=Clock.objects.set_aside())
        .select_related("response_clock", "customer")
        .order_by("response_clock__next_step_at", "number")[:LISTED]
    )
