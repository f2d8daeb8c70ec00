"""Answers kept for the next time, one person's own or shared by the desk."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse

from accounts.models import User


class CannedAnswerQuerySet(models.QuerySet["CannedAnswer"]):
    """Questions about canned answers."""

    def visible_to(self, user: User) -> "CannedAnswerQuerySet":
        """The shared ones and the person's own; none for those who do not answer customers."""
        if not user.is_authenticated or not user.is_staff_member:
            return self.none()
        return self.filter(Q(owner=None) | Q(owner=user))

    def matching(self, text: str) -> "CannedAnswerQuerySet":
        """Those that hold every word that was typed, in the title or the text."""
        found = self
        for word in text.split()[:8]:
            found = found.filter(Q(title__icontains=word) | Q(body__icontains=word))
        return found


class CannedAnswer(models.Model):
    """A text to begin an answer with. `owner` None: the whole desk shares it.

    `body` may hold the placeholders of tickets.placeholders, which are filled when it is put into
    an answer. Written by tickets.operations.canned_answers.
    """

    title = models.CharField(max_length=80)
    body = models.TextField()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="canned_answers"
    )
    changed_at = models.DateTimeField()

    objects: ClassVar[models.Manager["CannedAnswer"]] = CannedAnswerQuerySet.as_manager()

    class Meta:
        ordering = (Lower("title"), "pk")
        constraints = (
            models.UniqueConstraint(
                Lower("title"), "owner", nulls_distinct=False, name="a_canned_title_is_used_once"
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("canned_answer", args=[self.pk])
