"""Calls arranged with a customer about a ticket."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tickets.models.ticket import Ticket
from tickets.querysets import ArrangedCallQuerySet

SHORTEST, LONGEST = 10, 240


class ArrangedCall(models.Model):
    """A time at which we and the customer's people talk about a ticket.

    Units: `minutes` from `starts_at`, an instant. `how` says how it is joined: a number, a room.
    `revision` grows with each change, so that calendar programs change the entry they have.
    Written by tickets.operations.arranged_calls.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="arranged_calls")
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=30)
    topic = models.CharField(max_length=200)
    how = models.CharField(max_length=300)
    arranged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)
    revision = models.PositiveSmallIntegerField(default=0)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["ArrangedCall"]] = ArrangedCallQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(minutes__gte=SHORTEST, minutes__lte=LONGEST),
                name="a_call_takes_ten_minutes_to_four_hours",
            ),
        )

    def __str__(self) -> str:
        return f"{self.ticket.reference}: {self.topic}"

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)
