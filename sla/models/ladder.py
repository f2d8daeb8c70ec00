"""Ladders: the plan's priority escalation as data."""

from datetime import timedelta
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.compiled import Compiled
from sla import ladder_words
from sla.choices import Audience, Counting, StepAction
from sla.querysets import LadderQuerySet


class Ladder(models.Model):
    """Whom to tell as a deadline nears and passes. What it says stands in its versions."""

    # The one that objectives' clocks climb: it has no steps, and nobody can give it any.
    QUIET_KEY = "quiet"

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=40)
    weight = models.PositiveSmallIntegerField(
        default=0, help_text="Weight of the customer's request in the queue; higher comes first."
    )

    objects: ClassVar[models.Manager["Ladder"]] = LadderQuerySet.as_manager()

    class Meta:
        ordering = ("weight",)

    def __str__(self) -> str:
        return self.name

    @property
    def current(self) -> "LadderVersion":
        """The version new clocks climb."""
        found = _CURRENT.first(self.pk)
        assert found is not None, "a ladder is made with its first version"
        found.ladder = self
        return found


class LadderVersion(models.Model):
    """One immutable state of a ladder; a change adds one, with who and why.

    `by` is None for what the catalogue brought. Written by sla.operations; the database refuses a
    change of it or of its steps, because clocks climb it and step records point at its steps.
    """

    ladder = models.ForeignKey(Ladder, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("ladder", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("ladder", "number"), name="a_ladder_numbers_its_versions_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.ladder} v{self.number}"


_CURRENT = Compiled(
    lambda ladder: LadderVersion.objects.filter(ladder=ladder).order_by("-number")[:1]
)


class LadderStep(models.Model):
    """One step of a ladder's version.

    Units: `share` is a share of the target for steps up to the deadline (1 is the deadline);
    `delay` is the span after the deadline for steps past it, counted as `counting` says, and
    repeated every `delay` when `repeats`. `order` is the order in time; higher is more urgent.
    """

    version = models.ForeignKey(LadderVersion, on_delete=models.PROTECT, related_name="steps")
    order = models.PositiveSmallIntegerField()
    share = models.DecimalField(max_digits=4, decimal_places=3, null=True, blank=True)
    delay = models.DurationField(null=True, blank=True)
    counting = models.CharField(max_length=8, choices=Counting.choices, default=Counting.COVERED)
    repeats = models.BooleanField(default=False)
    audience = ArrayField(models.CharField(max_length=20, choices=Audience.choices))
    action = models.CharField(max_length=8, choices=StepAction.choices, default=StepAction.TELL)

    class Meta:
        ordering = ("version", "order")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "order"), name="a_ladder_orders_its_steps_once"
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1, delay__isnull=True, repeats=False)
                | Q(share__isnull=True, delay__gt=timedelta(0)),
                name="a_step_has_a_share_or_a_delay",
            ),
        )

    def __str__(self) -> str:
        return ladder_words.step_words(
            self.share, self.delay, Counting(self.counting), repeats=self.repeats
        )

    @property
    def is_deadline(self) -> bool:
        return self.share == 1

    @property
    def rank(self) -> tuple[Decimal, timedelta]:
        """How far up it stands, to compare with steps of other versions of the ladder."""
        return self.share or Decimal(1), self.delay or timedelta(0)

    @property
    def is_late(self) -> bool:
        """Whether it comes at the deadline or after it."""
        return self.share is None or self.is_deadline

    def reached(self, occurrence: int = 1) -> str:
        """Say what it means that the step has come, the given time it does."""
        return ladder_words.reached_words(
            self.share, self.delay, Counting(self.counting), occurrence
        )
