"""Open clocks re-assessed together: what was decided, and what became of each ticket."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse

from entitlements.models import Contract
from sla.models import Calendar, LongRun
from tickets.choices import Basis, ReassessmentOutcome
from tickets.models.ticket import Ticket


class BulkReassessment(LongRun):
    """The open clocks of one calendar or one contract, put on today's terms with one reason.

    Its lines are the tickets that were shown to differ when it was decided. `moved` and `kept`
    count what became of them. Written by tickets.operations.bulk_reassessment and
    tickets.bulk_reassessment.
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, null=True, related_name="+")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.TextField()
    moved = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager["BulkReassessment"]] = models.Manager()

    class Meta:
        ordering = ("-began_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(calendar__isnull=True, contract__isnull=False)
                | Q(calendar__isnull=False, contract__isnull=True),
                name="a_bulk_reassessment_is_of_a_calendar_or_a_contract",
            ),
            models.UniqueConstraint(
                fields=("calendar",),
                condition=Q(ended_at__isnull=True),
                name="a_calendar_is_reassessed_once_at_a_time",
            ),
            models.UniqueConstraint(
                fields=("contract",),
                condition=Q(ended_at__isnull=True),
                name="a_contract_is_reassessed_once_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"Re-assessment of {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("bulk_reassessment", args=[self.pk])

    @property
    def basis(self) -> Basis:
        return Basis.CALENDAR if self.contract_id is None else Basis.CONTRACT

    @property
    def subject(self) -> str:
        """What the clocks count on, by its name."""
        if self.contract is not None:
            return f"contract {self.contract.number} of {self.contract.customer}"
        return str(self.calendar)


class ReassessmentLine(models.Model):
    """One ticket of a bulk re-assessment: the deadlines that were shown, and what became of it.

    `after` is the deadline it got; `why` says why it was left as it was.
    """

    run = models.ForeignKey(BulkReassessment, on_delete=models.CASCADE, related_name="lines")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    shown_before = models.DateTimeField()
    shown_after = models.DateTimeField()
    outcome = models.CharField(
        max_length=7, choices=ReassessmentOutcome.choices, default=ReassessmentOutcome.WAITING
    )
    after = models.DateTimeField(null=True)
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("run", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("run", "ticket"), name="a_bulk_reassessment_names_a_ticket_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.ticket_id}: {self.outcome}"
