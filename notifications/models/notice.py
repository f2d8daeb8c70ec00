"""What a person is told."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Questions about notices."""

    def visible_to(self, user: models.Model) -> "NoticeQuerySet":
        """A person's own notices, and nobody else's.

        What they may still read of them, `notifications.sight` says.
        """
        return self.filter(recipient_id=user.pk)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)

    def threads(self) -> "models.QuerySet[Notice, str]":
        """What they are about, each once."""
        return self.order_by().exclude(thread="").values_list("thread", flat=True).distinct()


class Notice(models.Model):
    """One thing one person is told. Shown in the portal; e-mail goes by its Delivery.

    `key` is unique: the same event told twice to the same person is one notice. `path` is a
    path in the portal. `thread` names what it is about, such as "ticket:20418", and `title` says
    it in words; `promise` and `why` are sentences as they stood when it was told. Written by
    notifications.operations.notify.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=250)
    body = models.TextField()
    path = models.CharField(max_length=200, blank=True)
    thread = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=250, blank=True)
    promise = models.CharField(max_length=300, blank=True)
    why = models.CharField(max_length=200, blank=True)
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
