"""How a notice goes out by e-mail."""

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from notifications.choices import Reach
from notifications.models.notice import Notice


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Questions about deliveries."""

    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Neither sent nor given up, and free to try."""
        return self.filter(next_try_at__lte=now).order_by("next_try_at", "pk")

    def held(self) -> "DeliveryQuerySet":
        """Those that wait for a digest."""
        return self.filter(held_until__isnull=False)

    def kept_too_long(self, now: datetime) -> "DeliveryQuerySet":
        """Those whose time has come, to send or to put into a digest."""
        return self.filter(Q(next_try_at__lte=now) | Q(held_until__lte=now))


class Delivery(models.Model):
    """One notice on its way by e-mail.

    `reach` is what the person's preferences and quiet hours made of it when it was told: a mail at
    once, a place in a digest, or none. `held_until` is the digest's time while it waits for one.
    Then one delivery of those waiting sends the digest and the others are `carried_by` it.
    `next_try_at` is the relay's column: the lease while somebody is sending, the next attempt
    after a failure, None once sent or given up. `message_id` is stable, so a receiver can drop
    the double that a crash between sending and marking may cause.
    """

    notice = models.OneToOneField(Notice, on_delete=models.CASCADE, related_name="delivery")
    address = models.EmailField()
    message_id = models.CharField(max_length=120, unique=True)
    reach = models.CharField(max_length=6, choices=Reach.choices, default=Reach.EACH)
    held_until = models.DateTimeField(null=True, blank=True)
    carried_by = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="carried"
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects: ClassVar[models.Manager["Delivery"]] = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=Q(held_until__isnull=True)
                | Q(next_try_at__isnull=True, carried_by__isnull=True, sent_at__isnull=True),
                name="a_held_delivery_waits_for_its_digest_alone",
            ),
            models.CheckConstraint(
                condition=Q(carried_by__isnull=True) | Q(next_try_at__isnull=True),
                name="a_carried_delivery_is_sent_by_its_carrier",
            ),
        )
        indexes = (
            models.Index(
                fields=("next_try_at",),
                condition=Q(next_try_at__isnull=False),
                name="delivery_next_try",
            ),
            models.Index(
                fields=("held_until",),
                condition=Q(held_until__isnull=False),
                name="delivery_held",
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice} to {self.address}"
