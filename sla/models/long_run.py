"""Work of minutes done in slices of half a second, so that it holds up nobody."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from sla.wording import span_sentence


class LongRun(models.Model):
    """A piece of long work, done stretch by stretch; whoever holds its lease does the next.

    `position` is the key of the last row done: a stretch's results and the new position are one
    transaction, so a killed worker loses a stretch and nothing is done twice. `by` is None when
    the portal itself began it. Written by sla.long_runs; times are database time.
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    began_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    position = models.BigIntegerField(default=0)
    last = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0)
    trouble = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    @property
    def is_given_up(self) -> bool:
        """Whether it ended before all was done, and nobody stopped it."""
        return self.ended_at is not None and bool(self.trouble)

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_by_id is not None

    @property
    def is_complete(self) -> bool:
        """Whether it ended with everything looked at."""
        return not (self.is_running or self.is_cancelled or self.is_given_up)

    @property
    def took(self) -> str:
        """How long it took, in words: "3 s", "2 min"."""
        if self.ended_at is None:
            return ""
        span = self.ended_at - self.began_at
        if span < timedelta(minutes=1):
            return f"{max(span.total_seconds(), 0):.0f} s"
        return span_sentence(span)

    @property
    def percent(self) -> int:
        """How much is done, in whole percent of what there was at the beginning."""
        if not self.total:
            return 0 if self.is_running else 100
        return min(100 * self.done // self.total, 100)
