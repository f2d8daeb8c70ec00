"""What customers say of how a ticket went."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tickets.choices import Score
from tickets.models.ticket import Ticket
from tickets.querysets import RatingQuerySet


class Rating(models.Model):
    """One person's word on how a ticket was handled, said once it was solved; it may change.

    Written by tickets.operations.rating; the timeline keeps what was said before.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="ratings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField(choices=Score.choices)
    comment = models.TextField(blank=True, max_length=2000)
    rated_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Rating"]] = RatingQuerySet.as_manager()

    class Meta:
        ordering = ("rated_at", "pk")
        constraints = (
            models.UniqueConstraint(fields=("ticket", "by"), name="a_person_rates_a_ticket_once"),
            models.CheckConstraint(
                condition=Q(score__in=[1, 2, 3]), name="a_rating_is_one_of_three"
            ),
        )

    def __str__(self) -> str:
        return f"{self.ticket.reference}: {self.get_score_display()}"
