"""What is announced, what was said on it since, and who has read it."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from announcements.choices import Audience, Kind, Level
from announcements.querysets import AnnouncementQuerySet
from entitlements.models import Customer, Plan
from tickets.models import Outbreak, Product


class Announcement(models.Model):
    """A service notice or a known problem, shown from `starts_at` until `ends_at` (None: open).

    `plans`, `products` or `customers` say to whom, where the audience asks for them. `outbreak` is
    ours to know: nothing a customer sees names it, or who else is concerned. `mailed_at` is when
    those concerned were mailed; None with `is_mailed`: at `starts_at`. `changed_at` is when its
    words were last corrected, `revision` how often. What ends in the moment it begins was called
    off before. Written by announcements.operations.
    """

    kind = models.CharField(max_length=8, choices=Kind.choices)
    level = models.PositiveSmallIntegerField(choices=Level.choices, default=Level.INFORMATION)
    title = models.CharField(max_length=120)
    body = models.TextField()
    audience = models.CharField(max_length=10, choices=Audience.choices)
    plans = models.ManyToManyField(Plan, related_name="+", blank=True)
    products = models.ManyToManyField(Product, related_name="+", blank=True)
    customers = models.ManyToManyField(Customer, related_name="+", blank=True)
    outbreak = models.ForeignKey(
        Outbreak, on_delete=models.PROTECT, null=True, related_name="announcements"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    is_mailed = models.BooleanField(default=False)
    mailed_at = models.DateTimeField(null=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)
    revision = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager["Announcement"]] = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ("-level", "-starts_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="an_announcement_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(mailed_at__isnull=True) | Q(is_mailed=True),
                name="an_announcement_is_mailed_by_choice",
            ),
        )
        indexes = (
            models.Index(
                fields=("starts_at",),
                condition=Q(is_mailed=True, mailed_at__isnull=True),
                name="announcement_to_mail",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("announcement", args=[self.pk])

    @property
    def was_called_off(self) -> bool:
        """Whether it was ended before it began: only staff ever saw it."""
        return self.ends_at == self.starts_at

    def has_ended(self, now: datetime) -> bool:
        """Whether it is over: it stays on the page of all, unless it was called off."""
        return self.ends_at is not None and (self.ends_at <= now or self.was_called_off)


class AnnouncementUpdate(models.Model):
    """What was said on an announcement later. Append-only: the database refuses a change."""

    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="updates")
    body = models.TextField()
    is_end = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.announcement}, {self.at:%Y-%m-%d %H:%M}"


class AnnouncementReading(models.Model):
    """Somebody has read an announcement and wants no banner of it any more."""

    announcement = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, related_name="readings"
    )
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("announcement", "reader"), name="a_person_acknowledges_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.reader}: {self.announcement}"
