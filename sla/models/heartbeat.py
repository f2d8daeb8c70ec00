"""When something that must keep running last ran."""

from typing import ClassVar

from django.db import models

from sla.querysets import HeartbeatQuerySet


class Heartbeat(models.Model):
    """When something that must keep running last ran. Written by sla.operations.beat_heart.

    `at` is database time. No index on it, so that PostgreSQL rewrites the row in place.
    """

    WATCH = "watch"
    OUTSIDE = "outside"

    name = models.SlugField(unique=True)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["Heartbeat"]] = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S}"
