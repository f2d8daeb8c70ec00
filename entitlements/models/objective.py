"""Our own objectives beside the contract's promise."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from entitlements.models.plan import ServiceLevel
from sla.choices import Obligation


class Objective(models.Model):
    """One objective that an administrator switched on for a service level.

    It is ours and never shown as contractual. Units: `target` is covered time of the level's
    calendar. Written by entitlements.operations.objectives; a ticket's clock keeps the target it
    started with.
    """

    # The contract's own clock is no objective.
    OBLIGATIONS: ClassVar[tuple[Obligation, ...]] = (
        Obligation.NEXT_RESPONSE,
        Obligation.PROGRESS_NOTICE,
        Obligation.RESOLUTION,
    )

    CHOICES: ClassVar[list[tuple[str, str]]] = [(one.value, one.label) for one in OBLIGATIONS]

    service_level = models.ForeignKey(
        ServiceLevel, on_delete=models.PROTECT, related_name="objectives"
    )
    obligation = models.CharField(max_length=16, choices=CHOICES)
    target = models.DurationField()

    class Meta:
        ordering = ("service_level", "obligation")
        constraints = (
            models.UniqueConstraint(
                fields=("service_level", "obligation"), name="a_level_has_each_objective_once"
            ),
            models.CheckConstraint(
                condition=Q(target__gt=timedelta(0)), name="an_objective_takes_time"
            ),
            models.CheckConstraint(
                condition=~Q(obligation=Obligation.FIRST_RESPONSE),
                name="the_contracts_clock_is_no_objective",
            ),
        )

    def __str__(self) -> str:
        return f"{self.service_level}, {self.get_obligation_display().lower()}"
