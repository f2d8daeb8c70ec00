"""Sets of clocks."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import DurationField, ExpressionWrapper, F
from django.db.models.functions import Now

if TYPE_CHECKING:  # The models name these querysets; only the annotations look back.
    from sla.models import Clock, Heartbeat  # noqa: F401 - named in a base class, as text


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


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    """Questions about what must keep running."""

    def age_of(self, name: str) -> timedelta | None:
        """How long ago it last ran, in database time; None when it never did."""
        age = ExpressionWrapper(Now() - F("at"), output_field=DurationField())
        return self.filter(name=name).values_list(age, flat=True).first()
