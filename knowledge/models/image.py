"""Pictures in articles: our own copies, under random keys, read by whoever reads the article."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from knowledge.models.article import Article


def random_key() -> str:
    """A key nobody guesses."""
    return secrets.token_hex(16)


class ArticleImage(models.Model):
    """A picture, drawn anew by us from what was sent: no byte of a stranger's is served.

    `key` is its name in the article's text and on the disk. Units: `width` and `height` in
    pixels, `size` in bytes. Written by knowledge.operations.images.
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="images")
    key = models.CharField(max_length=32, unique=True, default=random_key)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()

    objects: ClassVar[models.Manager["ArticleImage"]] = models.Manager()

    class Meta:
        ordering = ("added_at", "pk")

    def __str__(self) -> str:
        return self.key

    def get_absolute_url(self) -> str:
        return reverse("article_image", args=[self.key])

    @property
    def place(self) -> str:
        """Where it stands below PORTAL_MEDIA."""
        return f"articles/{self.key[:2]}/{self.key}"

    @property
    def markdown(self) -> str:
        """What puts it into the article's text."""
        return f"![What it shows]({self.get_absolute_url()})"
