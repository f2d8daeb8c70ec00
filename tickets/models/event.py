"""A ticket's timeline."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from tickets.choices import EventKind
from tickets.models.ticket import Ticket
from tickets.querysets import EventQuerySet


class TicketEvent(models.Model):
    """One change of a ticket: who, when, what, why. Append-only: the database refuses a change.

    `by` is None for the portal itself; `reason` is what the person wrote; `details` holds the
    particulars of the kind, such as {"severity": [3, 2]} for before and after.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    objects: ClassVar[models.Manager["TicketEvent"]] = EventQuerySet.as_manager()

    class Meta:
        ordering = ("at", "pk")
        indexes = (
            models.Index(fields=("ticket", "at"), name="event_timeline"),
            # Written in the order of time, so a few kilobytes tell what happened since a minute.
            BrinIndex(fields=("at",), name="event_at", autosummarize=True, pages_per_range=16),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"
