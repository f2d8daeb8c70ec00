"""What readers say of an article."""

from django.conf import settings
from django.db import models

from knowledge.models.article import Article, ArticleVersion


class ArticleVote(models.Model):
    """Whether an article helped a person, and what was missing; a later vote takes its place.

    Written by knowledge.operations.voting; read by those who write articles.
    """

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="votes")
    version = models.ForeignKey(ArticleVersion, on_delete=models.PROTECT, related_name="+")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    helped = models.BooleanField()
    comment = models.TextField(blank=True, max_length=2000)
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("article", "voter"), name="a_person_votes_once_on_an_article"
            ),
        )

    def __str__(self) -> str:
        return f"{self.voter}: {'helped' if self.helped else 'did not help'}"
