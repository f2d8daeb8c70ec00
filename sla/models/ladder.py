"""Ladders: the plan's priority escalation as data."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from sla import wording
from sla.choices import Audience, Counting, StepAction


class Ladder(models.Model):
    """Whom to tell as a deadline nears and passes: the plan's priority escalation as data."""

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=40)
    weight = models.PositiveSmallIntegerField(
        default=0, help_text="Weight of the customer's request in the queue; higher comes first."
    )

    class Meta:
        ordering = ("weight",)

    def __str__(self) -> str:
        return self.name


class LadderStep(models.Model):
    """One step of a ladder.

    Units: `share` is a share of the target for steps up to the deadline (1 is the deadline);
    `delay` is the span after the deadline for steps past it, counted as `counting` says, and
    repeated every `delay` when `repeats`.
    """

    ladder = models.ForeignKey(Ladder, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    share = models.DecimalField(max_digits=4, decimal_places=3, null=True, blank=True)
    delay = models.DurationField(null=True, blank=True)
    counting = models.CharField(max_length=8, choices=Counting.choices, default=Counting.COVERED)
    repeats = models.BooleanField(default=False)
    audience = ArrayField(models.CharField(max_length=20, choices=Audience.choices))
    action = models.CharField(max_length=8, choices=StepAction.choices, default=StepAction.TELL)

    class Meta:
        ordering = ("ladder", "order")
        constraints = (
            models.UniqueConstraint(
                fields=("ladder", "order"), name="a_ladder_orders_its_steps_once"
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1, delay__isnull=True, repeats=False)
                | Q(share__isnull=True, delay__gt=timedelta(0)),
                name="a_step_has_a_share_or_a_delay",
            ),
        )

    def __str__(self) -> str:
        if self.is_deadline:
            return "deadline"
        if self.share is not None:
            return f"{self.share * 100:.0f} %"
        assert self.delay is not None, "a constraint holds this"
        return f"{'every' if self.repeats else 'after'} {wording.span_sentence(self.delay)}"

    @property
    def is_deadline(self) -> bool:
        return self.share == 1
