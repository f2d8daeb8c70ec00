"""One cause behind tickets of several customers."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from tickets.models.message import Message
from tickets.models.ticket import Ticket
from tickets.outbreak_querysets import OutbreakQuerySet, OutbreakTicketQuerySet


class Outbreak(models.Model):
    """What tickets of several customers have in common, for staff alone: no customer learns of it.

    Nothing of it is on a ticket's row, and its events are internal. Written by
    tickets.operations.outbreaks; its own changes stand in the audit rows.
    """

    title = models.CharField(max_length=200)
    summary = models.TextField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="owned_outbreaks"
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()
    submission_key = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects: ClassVar[models.Manager["Outbreak"]] = OutbreakQuerySet.as_manager()

    class Meta:
        ordering = ("-opened_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="an_ended_outbreak_says_by_whom",
            ),
            models.UniqueConstraint(
                fields=("opened_by", "submission_key"), name="an_outbreak_sent_twice_is_one"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("outbreak", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.ended_at is None


class OutbreakTicket(models.Model):
    """A ticket's part in an outbreak, from when it joined until it left."""

    outbreak = models.ForeignKey(Outbreak, on_delete=models.PROTECT, related_name="parts")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="outbreak_parts")
    joined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["OutbreakTicket"]] = OutbreakTicketQuerySet.as_manager()

    class Meta:
        ordering = ("joined_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("ticket",),
                condition=Q(left_at__isnull=True),
                name="a_ticket_is_in_one_outbreak",
            ),
        )

    def __str__(self) -> str:
        return f"{self.ticket} in {self.outbreak}"


class Broadcast(models.Model):
    """One answer written to all customers of an outbreak, each in their own thread."""

    outbreak = models.ForeignKey(Outbreak, on_delete=models.PROTECT, related_name="broadcasts")
    body = models.TextField()
    qualified = models.BooleanField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    messages = models.ManyToManyField(Message, related_name="broadcasts")
    submission_key = models.UUIDField(unique=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.author}, {self.at:%Y-%m-%d %H:%M}"
