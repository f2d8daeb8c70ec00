"""The self-audit: every clock replayed from its events, and what differed."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import IsNull

from sla.models.clock import Clock
from sla.models.long_run import LongRun
from sla.querysets import ClockAuditQuerySet


class ClockAudit(LongRun):
    """One replay of all clocks that there were when it began.

    `night` is the local date of a nightly one, None on demand. `differing` and `raising` count
    clocks; the first findings are listed (MOST_FINDINGS). Written by sla.operations.clock_audits;
    it mends nothing.
    """

    MOST_FINDINGS = 10_000

    night = models.DateField(null=True, unique=True)
    differing = models.PositiveIntegerField(default=0)
    raising = models.PositiveIntegerField(default=0)

    objects: ClassVar[models.Manager["ClockAudit"]] = ClockAuditQuerySet.as_manager()

    class Meta:
        ordering = ("-began_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                IsNull(F("ended_at"), True),
                condition=Q(ended_at__isnull=True),
                name="one_audit_of_clocks_runs_at_a_time",
            ),
        )

    def __str__(self) -> str:
        return f"Audit of {self.began_at:%Y-%m-%d %H:%M}"

    @property
    def troubled(self) -> int:
        """How many clocks people should look at."""
        return self.differing + self.raising

    @property
    def agreeing(self) -> int:
        return self.done - self.troubled


class AuditFinding(models.Model):
    """A field of a clock that was not what its events make of it, as text. Never changed."""

    audit = models.ForeignKey(ClockAudit, on_delete=models.CASCADE, related_name="findings")
    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="+")
    field = models.CharField(max_length=24)
    stored = models.CharField(max_length=80, blank=True)
    replayed = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("audit", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("audit", "clock", "field"), name="an_audit_finds_a_difference_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.field} of clock {self.clock_id}"

    @property
    def label(self) -> str:
        """The field in words: "due at"."""
        return self.field.replace("_", " ")
