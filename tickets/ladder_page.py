"""What the pages of ladders show: who climbs them, what comes next, what an edit would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet

from accounts.models import User
from entitlements.models import ServiceLevel
from sla.ladder_drawing import draw_ladder
from sla.ladder_preview import ClockChange, next_steps, preview_move
from sla.ladder_steps import DueStep
from sla.models import Clock, Ladder, LadderVersion
from sla.ribbon import Ribbon
from sla.rungs import Rung
from tickets.models import Ticket

# The soonest are what somebody wants to see; the rest are a number.
SHOWN = 15


@dataclass(frozen=True, slots=True)
class Overview:
    """A ladder in the list."""

    ladder: Ladder
    version: LadderVersion
    rungs: list[Rung]
    drawing: Ribbon
    levels: int
    open_clocks: int


@dataclass(frozen=True, slots=True)
class Coming:
    """A ticket that climbs a ladder, and its next step."""

    ticket: Ticket
    step: DueStep | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What an edit would change: steps that go and come, and what becomes of open clocks.

    `changes` are the soonest of the open clocks, none when they stay as they are.
    """

    gone: list[Rung]
    new: list[Rung]
    drawing: Ribbon
    open_clocks: int
    set_aside: int
    moves_open_clocks: bool
    changes: list[tuple[Ticket, ClockChange]]


def overviews() -> list[Overview]:
    """All ladders with their present steps; the number of queries does not grow with them."""
    ladders = list(Ladder.objects.of_plans())
    versions = {
        version.ladder_id: version
        for version in LadderVersion.objects.filter(ladder__in=ladders)
        .order_by("number")
        .select_related("by", "ladder")
        .prefetch_related("steps")
    }
    levels = _counted(ServiceLevel.objects.filter(ladder__isnull=False).values_list("ladder"))
    clocks = _counted(Clock.objects.running().values_list("ladder_version__ladder"))
    found = []
    for ladder in ladders:
        rungs = rungs_of(versions[ladder.pk])
        found.append(
            Overview(
                ladder,
                versions[ladder.pk],
                rungs,
                draw_ladder(rungs),
                levels.get(ladder.pk, 0),
                clocks.get(ladder.pk, 0),
            )
        )
    return found


def rungs_of(version: LadderVersion) -> list[Rung]:
    """Return a version's steps in their order."""
    return [Rung.of(step) for step in version.steps.all()]


def clocks_by_version(ladder: Ladder) -> dict[int, int]:
    """How many open clocks climb each version of a ladder, by its number."""
    return _counted(Clock.objects.climbing(ladder).values_list("ladder_version__number"))


def coming_tickets(ladder: Ladder, reader: User) -> list[Coming]:
    """The tickets the reader sees whose next step on this ladder comes soonest."""
    tickets = _soonest(ladder, reader)
    steps = next_steps([_clock(ticket) for ticket in tickets])
    return [Coming(ticket, steps[_clock(ticket).pk]) for ticket in tickets]


def effect_of(
    ladder: Ladder,
    present: Sequence[Rung],
    wanted: Sequence[Rung],
    *,
    moves_open_clocks: bool,
    reader: User,
    now: datetime,
) -> Effect:
    """Say what saving these steps would change."""
    tickets = _soonest(ladder, reader) if moves_open_clocks else []
    movable = [ticket for ticket in tickets if not _clock(ticket).trouble]
    changes = preview_move([_clock(ticket) for ticket in movable], wanted, now=now)
    climbing = Clock.objects.climbing(ladder)
    return Effect(
        gone=[rung for rung in present if rung not in wanted],
        new=[rung for rung in wanted if rung not in present],
        drawing=draw_ladder(wanted),
        open_clocks=climbing.count(),
        set_aside=climbing.set_aside().count(),
        moves_open_clocks=moves_open_clocks,
        changes=list(zip(movable, changes, strict=True)),
    )


def _soonest(ladder: Ladder, reader: User) -> list[Ticket]:
    return list(
        Ticket.objects.visible_to(reader)
        .filter(
            response_clock__in=Clock.objects.climbing(ladder),
            response_clock__next_step_at__isnull=False,
        )
        .with_clock()
        .order_by("response_clock__next_step_at", "pk")[:SHOWN]
    )


def _clock(ticket: Ticket) -> Clock:
    assert ticket.response_clock is not None, "only tickets with a clock climb a ladder"
    return ticket.response_clock


def _counted(keys: QuerySet[Any, Any]) -> dict[int, int]:
    """How often each value stands in a query of one column."""
    return dict(keys.order_by().annotate(count=Count("pk")))
