"""The queue's order, over any rows that have what it asks of a ticket."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, F, Func, Q

from accounts.models import User
from tickets.choices import OPEN_STATES, TicketState
from tickets.urgency import RUNNING, Urgency, urgency_at


class IsOpen(Func):
    """Whether a state is an open one.

    The states are written out and not bound as values: the plan of a prepared question, which
    holds for all values, can then read an index of the open tickets alone.
    """

    template = f"%(expressions)s IN ({', '.join(f"'{state}'" for state in OPEN_STATES)})"
    output_field = models.BooleanField()


class UrgencyOrdered[Row: models.Model](models.QuerySet[Row]):
    """Rows with a ticket's `rank`, clock's instants, `state` and `assignee`."""

    def open(self) -> Self:
        return self.filter(IsOpen(F("state")))

    def overdue(self, now: datetime) -> Self:
        """Open tickets whose promise is broken and not yet answered."""
        return self.open().filter(Urgency.OVERDUE.holds(now))

    def at_risk(self, now: datetime) -> Self:
        """Open tickets past the at-risk point, overdue ones included."""
        return self.open().filter(RUNNING, answer_at_risk_at__lte=now)

    def in_urgency_order(self, now: datetime) -> Self:
        """The queue's default order; the rule is told on the page as "why is this first?".

        Overdue first, then at risk, then running, then no promise left to keep; within a group
        by rank. It sorts all rows: for a page or the first one, take `by_urgency`.
        Source: tickets.urgency.
        """
        return self.annotate(urgency=urgency_at(now)).order_by("urgency", "rank")

    def by_urgency(self, now: datetime) -> Iterator[tuple[Urgency, Self]]:
        """The groups of the queue's order, the most urgent first, each in order by itself.

        One after the other they are `in_urgency_order`; each is read along one index, as far as
        it is needed.
        """
        for urgency in Urgency:
            yield urgency, self.of_urgency(urgency, now)

    def of_urgency(self, urgency: Urgency, now: datetime) -> Self:
        """One group of the queue's order, in order by itself."""
        return self.filter(urgency.holds(now)).order_by("rank")

    def counts_by_view(self, user: User, now: datetime) -> dict[str, int]:
        """How many open tickets each view of the queue holds, in one query."""
        return self.open().aggregate(
            # Of a column that is never empty: it stands in the index, and no row need be read.
            open=Count("state"),
            mine=Count("state", filter=Q(assignee=user)),
            unassigned=Count("state", filter=Q(assignee__isnull=True)),
            at_risk=Count("state", filter=Q(answer_at_risk_at__lte=now)),
            waiting=Count("state", filter=Q(state=TicketState.WAITING_FOR_CUSTOMER)),
            overdue=Count("state", filter=Q(answer_due_at__lt=now)),
        )

    def counts_by_urgency(self, now: datetime) -> dict[int, int]:
        """How many tickets each group of the queue's order holds, in one query."""
        groups = self.in_urgency_order(now).order_by("urgency").values("urgency")
        return dict(groups.annotate(size=Count("*")).values_list("urgency", "size"))


# Tickets, or what stands for them, when it does not matter which.
type Tickets = UrgencyOrdered[Any]
