"""Articles, for programs."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import Instant
from knowledge.models import Article


class ArticleSummary(serializers.Serializer[Article]):
    """An article of a list."""

    slug = serializers.CharField()
    title = serializers.CharField(source="published.title")
    summary = serializers.CharField(source="published.summary")
    products = serializers.ListField(
        child=serializers.CharField(), source="published.products", help_text="Names of products."
    )
    is_public = serializers.BooleanField(
        source="published.is_public", help_text="Whether it is read without signing in."
    )
    version = serializers.IntegerField(source="published.number")
    published_at = Instant(source="published.published_at")


class ArticleOutput(ArticleSummary):
    """An article with its text."""

    body = serializers.CharField(source="published.body", help_text="Markdown.")


class ArticlePage(serializers.Serializer[Any]):
    """A page of what was found, the best first; without words the newest first."""

    count = serializers.IntegerField()
    next_page = serializers.IntegerField(allow_null=True)
    results = ArticleSummary(many=True)
