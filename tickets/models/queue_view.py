"""Views of the queue that people named."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import User

LONGEST_NAME = 40


class QueueViewQuerySet(models.QuerySet["QueueView"]):
    """Questions about saved views."""

    def visible_to(self, user: User) -> "QueueViewQuerySet":
        """One's own, and what others share with the team."""
        return self.filter(Q(owner=user) | Q(is_shared=True))


class QueueView(models.Model):
    """A narrowing of the queue with a name: `query` is the part of its address behind the "?".

    Shared ones are everybody's who works at the queue. `opens_for` are the people whose queue
    begins with it. Written by tickets.operations.queue_views.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="queue_views"
    )
    name = models.CharField(max_length=LONGEST_NAME)
    query = models.CharField(max_length=1000, blank=True)
    is_shared = models.BooleanField(default=False)
    opens_for = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True)

    objects: ClassVar[models.Manager["QueueView"]] = QueueViewQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=("owner", "name"), name="a_persons_views_have_names"),
        )

    def __str__(self) -> str:
        return self.name
