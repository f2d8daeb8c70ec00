"""What the figures for leads are made of: one narrow row a ticket, and how far they reach."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from entitlements.choices import Severity
from entitlements.models import Customer, Plan
from tickets.measure_querysets import TicketMeasureQuerySet
from tickets.models.product import Product
from tickets.models.ticket import Ticket


class TicketMeasure(models.Model):
    """What became of a ticket, measured: what the page of figures counts, and nothing else.

    Made from the ticket, its response clock and its events, and always to be made anew from them.
    `answered_at` is the qualified answer's instant and `covered_seconds` the covered time until
    then; both are empty for a ticket that its customer closed unanswered, which `is_withdrawn` when
    that was before it was due. `resolved_at` is the first resolution, whatever came after. Written
    by tickets.measuring alone.
    """

    ticket = models.OneToOneField(
        Ticket, on_delete=models.CASCADE, primary_key=True, related_name="measure"
    )
    # Without indexes of their own: the figures read stretches of time.
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, db_index=False, related_name="+")
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, db_index=False, related_name="+"
    )
    severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    filed_at = models.DateTimeField()
    is_open = models.BooleanField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    covered_seconds = models.PositiveIntegerField(null=True)
    is_excused = models.BooleanField(default=False)
    is_withdrawn = models.BooleanField(default=False)
    resolved_at = models.DateTimeField(null=True)
    reopenings = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager["TicketMeasure"]] = TicketMeasureQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(fields=("filed_at",), name="measure_filed"),
            models.Index(fields=("customer", "filed_at"), name="measure_customer"),
            models.Index(fields=("filed_at",), condition=Q(is_open=True), name="measure_backlog"),
        )

    def __str__(self) -> str:
        return f"Measure of {self.ticket_id}"


class MeasureProgress(models.Model):
    """How far tickets are measured; one row.

    `measured_to` is the newest ticket that is; `measured_at` the instant up to which everything is
    in the figures, empty while the first round lasts; `events_from` where to look for events next.
    """

    measured_to = models.BigIntegerField(default=0)
    events_from = models.DateTimeField(null=True)
    measured_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(id=1), name="measuring_has_one_progress"),
        )

    def __str__(self) -> str:
        return f"Measured to {self.measured_to}"
