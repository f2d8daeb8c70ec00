"""Sets of clocks."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    pass  # The model names this queryset; only the annotation looks back.


class ClockQuerySet(models.QuerySet["Clock"]):
    """Questions about clocks."""

    def running(self) -> "ClockQuerySet":
        """Clocks still owed an answer, overdue ones included."""
        return self.filter(stopped_at__isnull=True)

    def due(self, now: datetime) -> "ClockQuerySet":
        """Clocks with a ladder step whose time has come; served by one partial index."""
        return self.filter(next_step_at__lte=now).order_by("next_step_at", "pk")

    def set_aside(self) -> "ClockQuerySet":
        """Clocks whose calculation failed; the watch leaves them until `retry_at`."""
        return self.filter(trouble__gt="")
