"""What the watch recorded: each step of each clock once."""

from typing import ClassVar

from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from sla.models.clock import Clock
from sla.models.ladder import LadderStep
from sla.querysets import StepRecordQuerySet


class StepRecord(models.Model):
    """A ladder step that came due on a clock: exactly one row, whatever fails.

    `acted` is false for steps missed in a downtime that a higher one overtook; `late` when the
    watch came later than the setting WATCH_LATE_AFTER_SECONDS.
    """

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="step_records")
    assessment = models.PositiveSmallIntegerField()
    step = models.ForeignKey(LadderStep, on_delete=models.PROTECT, related_name="records")
    occurrence = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    late = models.BooleanField(default=False)
    acted = models.BooleanField(default=True)

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
