"""Which ticket an article was made from: ours to know, no reader's."""

from django.conf import settings
from django.db import models

from knowledge.models import Article
from tickets.models.ticket import Ticket


class TicketArticle(models.Model):
    """An article begun from a ticket. Staff only. Written by tickets.operations.articles."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="made_articles")
    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="origin")
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    begun_at = models.DateTimeField()

    class Meta:
        ordering = ("begun_at", "pk")

    def __str__(self) -> str:
        return f"{self.article_id} from {self.ticket_id}"
