"""The clocks of our own objectives on tickets."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from entitlements.models import Objective
from sla.models import Clock
from tickets.models.ticket import Ticket
from tickets.querysets import TicketObjectiveQuerySet


class TicketObjective(models.Model):
    """One objective of ours on one ticket, with a clock of its own. Customers never see it.

    A next response or a progress notice has one row for each time it was owed. Written by
    tickets.operations.objectives; `ended_at` is when the clock stopped.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="objectives")
    clock = models.OneToOneField(Clock, on_delete=models.PROTECT, related_name="objective")
    # The clock's own, here so that the database can hold that it runs once on a ticket.
    obligation = models.CharField(max_length=16, choices=Objective.CHOICES)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["TicketObjective"]] = TicketObjectiveQuerySet.as_manager()

    # Read by `with_rest`; one that has just begun does not rest.
    rests = False

    class Meta:
        ordering = ("ticket", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("ticket", "obligation"),
                condition=Q(ended_at__isnull=True),
                name="an_objective_runs_once_on_a_ticket",
            ),
        )

    def __str__(self) -> str:
        return f"{self.ticket.reference}: {self.get_obligation_display()}"
