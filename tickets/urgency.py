"""The queue's order, in one place: four groups by the clock, and a rank inside each.

The groups move with time, so they are asked as ranges and never stored. The rank moves only when
somebody changes the ticket: the database keeps it on the row, and one index has the rows in its
order. Why it is so: docs/decisions, 0014.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.core.checks import CheckMessage
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.functions import Cast, Coalesce

from entitlements.choices import Severity
from sla import wording
from tickets.choices import TicketState

if TYPE_CHECKING:  # The model has the rank's column; only the annotation looks back.
    from tickets.models import Ticket

# A number after every instant and every other number: what has none comes last.
LAST = 2**63 - 1

RankField = ArrayField(models.BigIntegerField())


class Urgency(models.IntegerChoices):
    """The groups of the queue, most urgent first."""

    OVERDUE = 0, "Overdue"
    AT_RISK = 1, "At risk"
    LATER = 2, "Later"
    RESTING = 3, "No clock running"

    def holds(self, now: datetime) -> Q:
        """The tickets of this group at `now`: each open ticket is in exactly one."""
        return {
            Urgency.OVERDUE: RUNNING & Q(answer_due_at__lt=now),
            Urgency.AT_RISK: RUNNING & Q(answer_due_at__gte=now, answer_at_risk_at__lte=now),
            Urgency.LATER: RUNNING & Q(answer_due_at__gte=now, answer_at_risk_at__gt=now),
            Urgency.RESTING: Q(rank__gte=_FIRST_RESTING),
        }[self]


def urgency_at(now: datetime) -> Case:
    """The group of each row at `now`, for sorting: as `Urgency.holds` tells it for finding.

    By the instants alone: a rank compared as well, for each of many rows, takes as long as the
    rest. They are there exactly while the rank begins with 0.
    """
    return Case(
        When(answer_due_at__isnull=True, then=Value(Urgency.RESTING)),
        When(answer_due_at__lt=now, then=Value(Urgency.OVERDUE)),
        When(answer_at_risk_at__lte=now, then=Value(Urgency.AT_RISK)),
        default=Value(Urgency.LATER),
        output_field=models.IntegerField(),
    )


def rank_of(numbers: list[int]) -> Cast:
    """A rank as the database compares it: number by number, a shorter one before what it begins."""
    return Cast(Value(numbers, RankField), RankField)


# A rank begins with 0 while the response clock runs. Written out, not bound: where a group begins
# in the index is known to a plan that holds for all values.
_FIRST_RESTING = Func(template="'{1}'::bigint[]", output_field=RankField)
RUNNING = Q(rank__lt=_FIRST_RESTING)


class Microseconds(Func):
    """An instant as a whole number, exactly. Unlike a cast it depends on no setting."""

    template = (
        "(EXTRACT(EPOCH FROM %(expressions)s - TIMESTAMPTZ '2000-01-01 00:00:00+00')"
        " * 1000000)::bigint"
    )
    output_field = models.BigIntegerField()


class Numbers(Func):
    """A row of numbers, compared one by one."""

    template = "ARRAY[%(expressions)s]::bigint[]"
    output_field = RankField


class RankColumn(models.GeneratedField):
    """A column the database computes, whose check asks no server: makemigrations needs none."""

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return super().check(**{**kwargs, "databases": None})


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(1)), default=Value(0))


# In each group: what waits for the customer last; what the customer escalated, a ticket before a
# whole account, the oldest first; severity; how often the ladder raised it; the plan's escalation
# weight; due time; age. The first number splits the groups with a clock from the one without.
RANK = Numbers(
    _flag(Q(answer_due_at__isnull=True)),
    _flag(Q(state=TicketState.WAITING_FOR_CUSTOMER.value)),
    Coalesce(Microseconds(F("escalated_at")), Value(LAST)),
    Coalesce(Microseconds(F("account_escalated_at")), Value(LAST)),
    F("severity"),
    -F("escalation_level"),
    -F("weight"),
    Coalesce(Microseconds(F("answer_due_at")), Value(LAST)),
    Microseconds(F("filed_at")),
    F("number"),
)


def urgency_of(ticket: "Ticket", *, now: datetime) -> Urgency:
    """The group of one open ticket, as `Urgency.holds` has it for all."""
    if ticket.answer_due_at is None:
        return Urgency.RESTING
    if ticket.answer_due_at < now:
        return Urgency.OVERDUE
    is_at_risk = ticket.answer_at_risk_at is not None and ticket.answer_at_risk_at <= now
    return Urgency.AT_RISK if is_at_risk else Urgency.LATER


def place_words(ticket: "Ticket", *, now: datetime, zone: ZoneInfo) -> str:
    """Say in one sentence why a ticket stands where it does: its group, then what counts there."""
    due = ticket.answer_due_at
    moment = wording.moment_words(due, zone, now=now) if due is not None else ""
    group = {
        Urgency.OVERDUE: f"is overdue: its answer was due {moment}",
        Urgency.AT_RISK: f"is at risk: its answer is due {moment}",
        Urgency.LATER: f"is not at risk yet: its answer is due {moment}",
        Urgency.RESTING: "has no clock running",
    }[urgency_of(ticket, now=now)]
    counts = []
    if ticket.state == TicketState.WAITING_FOR_CUSTOMER:
        counts.append("it waits for the customer, which comes last")
    if ticket.escalated_at is not None:
        counts.append("its customer’s escalation")
    elif ticket.account_escalated_at is not None:
        counts.append("the escalation of its whole account")
    counts.append(f"severity {Severity(ticket.severity).label}")
    if ticket.escalation_level:
        times = "once" if ticket.escalation_level == 1 else f"{ticket.escalation_level} times"
        counts.append(f"raised {times} by the ladder")
    if ticket.weight:
        counts.append(f"its plan’s weight of {ticket.weight}")
    last = "its age" if due is None else "its due time"
    return f"{group}; there counts, in this order: {', '.join(counts)}, then {last}."
