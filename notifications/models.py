"""Notices to people, and their delivery: outbox rows written with the change they tell of."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Questions about notices."""

    def visible_to(self, user: models.Model) -> "NoticeQuerySet":
        """A person's own notices, and nobody else's."""
        return self.filter(recipient_id=user.pk)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One thing one person is told. Shown in the portal; e-mail goes by its Delivery.

    `key` is unique: the same event told twice to the same person is one notice. `path` is a
    path in the portal. Written by notifications.operations.notify.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=250)
    body = models.TextField()
    path = models.CharField(max_length=200, blank=True)
    urgent = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    read_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Notice"]] = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(fields=("recipient", "-created_at"), name="notice_recipient"),
            models.Index(
                fields=("recipient",), condition=Q(read_at__isnull=True), name="notice_unread"
            ),
        )

    def __str__(self) -> str:
        return self.subject


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Questions about deliveries."""

    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Neither sent nor given up, and free to try."""
        return self.filter(next_try_at__lte=now).order_by("next_try_at", "pk")


class Delivery(models.Model):
    """One notice on its way by e-mail.

    `next_try_at` is the relay's column: the lease while somebody is sending, the next attempt
    after a failure, None once sent or given up. `message_id` is stable, so a receiver can drop
    the double that a crash between sending and marking may cause.
    """

    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, related_name="delivery")
    address = models.EmailField()
    message_id = models.CharField(max_length=120, unique=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects: ClassVar[models.Manager["Delivery"]] = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        indexes = (
            models.Index(
                fields=("next_try_at",),
                condition=Q(next_try_at__isnull=False),
                name="delivery_next_try",
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice} to {self.address}"
