"""The result of a replay as its page shows it: sums by plan and severity, and the tickets."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.models import User
from tickets.choices import ReplayOutcome
from tickets.models import PolicyReplay, ReplayCount, ReplayFlip, Ticket

LATE = (ReplayOutcome.MISSED, ReplayOutcome.EXCUSED)
# The tickets somebody asks for, by the word in the address.
FLIPS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "met-missed": ("Met, would be late", (ReplayOutcome.MET,), LATE),
    "missed-met": ("Late, would be met", LATE, (ReplayOutcome.MET,)),
    "none-missed": ("New and late", (ReplayOutcome.NONE,), LATE),
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure as it was and as it would have been."""

    was: int
    would: int

    @property
    def change(self) -> int:
        return self.would - self.was


@dataclass(frozen=True, slots=True)
class Line:
    """The tickets of a plan and severity; `plan` "" in the line of all."""

    plan: str
    severity: int
    tickets: int
    met: Pair
    missed: Pair
    without: Pair
    steps: Pair


@dataclass(frozen=True, slots=True)
class Flip:
    """Tickets that would have come out otherwise in one way; `word` is their name in FLIPS."""

    word: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Result:
    """Everything a replay has counted."""

    lines: list[Line]
    all: Line
    flips: list[Flip]


def result_of(replay: PolicyReplay) -> Result:
    """Sum what a replay has counted so far; one query."""
    counts = list(
        ReplayCount.objects.filter(replay=replay)
        .select_related("plan")
        .order_by("plan__order", "severity")
    )
    groups: dict[tuple[str, int], list[ReplayCount]] = {}
    for one in counts:
        groups.setdefault((one.plan.name, one.severity), []).append(one)
    lines = [_line(plan, severity, rows) for (plan, severity), rows in groups.items()]
    flips = [
        Flip(
            word,
            label,
            sum(one.tickets for one in counts if one.was in was and one.would in would),
        )
        for word, (label, was, would) in FLIPS.items()
    ]
    return Result(lines, _line("", 0, counts), flips)


def flips_of(replay: PolicyReplay, reader: User, word: str) -> "QuerySet[ReplayFlip]":
    """The tickets that would have come out otherwise, of a kind when `word` names one."""
    flips = (
        ReplayFlip.objects.filter(replay=replay, ticket__in=Ticket.objects.visible_to(reader))
        .select_related("ticket__customer", "ticket__edition__plan")
        .order_by("-ticket__filed_at", "pk")
    )
    if word in FLIPS:
        _, was, would = FLIPS[word]
        return flips.filter(was__in=was, would__in=would)
    return flips


def _line(plan: str, severity: int, rows: Iterable[ReplayCount]) -> Line:
    rows = list(rows)

    def pair(outcomes: tuple[str, ...]) -> Pair:
        return Pair(
            _sum(rows, lambda one: one.was in outcomes),
            _sum(rows, lambda one: one.would in outcomes),
        )

    return Line(
        plan=plan,
        severity=severity,
        tickets=sum(one.tickets for one in rows),
        met=pair((ReplayOutcome.MET,)),
        missed=pair(LATE),
        without=pair((ReplayOutcome.NONE,)),
        steps=Pair(sum(one.was_steps for one in rows), sum(one.would_steps for one in rows)),
    )


def _sum(rows: Iterable[ReplayCount], fits: Callable[[ReplayCount], bool]) -> int:
    return sum(one.tickets for one in rows if fits(one))
