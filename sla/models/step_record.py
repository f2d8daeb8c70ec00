"""What the watch recorded: each step of each clock once, whom it told, and who took it."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils import timezone

from sla.models.clock import Clock
from sla.models.ladder import LadderStep
from sla.querysets import StepRecordQuerySet


class StepRecord(models.Model):
    """A ladder step that came due on a clock: exactly one row, whatever fails.

    `acted` is false for steps missed in a downtime that a higher one overtook; `late` when the
    watch came later than the setting WATCH_LATE_AFTER_SECONDS. `told` are our own people whom it
    told; those may acknowledge it.
    """

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="step_records")
    assessment = models.PositiveSmallIntegerField()
    step = models.ForeignKey(LadderStep, on_delete=models.PROTECT, related_name="records")
    occurrence = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    late = models.BooleanField(default=False)
    acted = models.BooleanField(default=True)
    told = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")

    objects: ClassVar[models.Manager["StepRecord"]] = StepRecordQuerySet.as_manager()

    class Meta:
        ordering = ("clock", "due_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("clock", "assessment", "step", "occurrence"),
                name="a_step_of_a_clock_is_recorded_once",
            ),
        )
        # For the lag of the last hour and day. Written in the order of time: a few kilobytes do.
        indexes = (
            BrinIndex(
                fields=("recorded_at",),
                name="step_recorded_at",
                autosummarize=True,
                pages_per_range=16,
            ),
        )

    def __str__(self) -> str:
        return f"{self.step} of clock {self.clock_id}"

    @property
    def reached(self) -> str:
        """Say what it means that the step has come: "50 % of the time is used"."""
        return self.step.reached(self.occurrence)


class StepAcknowledgement(models.Model):
    """Somebody who was told of a step says: I know, I am on it.

    The step's repeats tell this person no more; a higher step does. Written by sla.operations.
    """

    record = models.ForeignKey(
        StepRecord, on_delete=models.CASCADE, related_name="acknowledgements"
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("record", "at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("record", "person"), name="a_person_acknowledges_a_step_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} on {self.record}"

    def covers(self, record: StepRecord) -> bool:
        """Whether this person has said enough about a step of the same clock.

        What is no higher than the acknowledged step is covered; from the deadline on a repeating
        step says nothing new either.
        Source: docs/decisions, an acknowledged escalation.
        """
        if record.assessment != self.record.assessment:
            return False
        mine, theirs = self.record.step, record.step
        return theirs.rank <= mine.rank or (theirs.repeats and mine.is_late)
