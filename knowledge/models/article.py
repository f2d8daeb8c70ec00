"""Articles: what is published of them, and what is being written."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from knowledge.querysets import ArticleQuerySet


class ArticleText(models.Model):
    """The words of an article, whom it is for, and what it is about.

    `products` are names, so that an article outlives a product's. Not public: for customers with
    a contract in force under one of the plans in `plan_keys` (entitlements.Plan.key).
    """

    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300)
    body = models.TextField()
    products = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    is_public = models.BooleanField(default=False)
    plan_keys = ArrayField(models.CharField(max_length=50), default=list, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title


class Article(models.Model):
    """Something worth knowing, under one address. Written by knowledge.operations.

    `published` is the version people read; None until the first. A retired article is read by
    staff only.
    """

    slug = models.SlugField(max_length=80, unique=True)
    published = models.OneToOneField(
        "ArticleVersion", on_delete=models.PROTECT, null=True, related_name="+"
    )
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    begun_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["Article"]] = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ("-begun_at", "-pk")

    def __str__(self) -> str:
        return self.text.title

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.slug])

    @property
    def text(self) -> "ArticleText":
        """What is published, else what is being written."""
        return self.published or self.draft

    @property
    def writing(self) -> "ArticleDraft | None":
        """What is being written now, if anything."""
        return getattr(self, "draft", None)

    @property
    def is_current(self) -> bool:
        return self.published_id is not None and self.retired_at is None


class ArticleVersion(ArticleText):
    """What was published once. Immutable: the database refuses a change.

    Whoever wrote the words last does not publish them. `words` is what it is found by: title (A),
    summary (B), text (C) as in English; set by a trigger alone (migration 0001).
    """

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    change = models.CharField(max_length=200, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField()
    words = SearchVectorField(null=True, editable=False)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(
                fields=("article", "number"), name="a_version_of_an_article_has_its_number"
            ),
            models.CheckConstraint(
                condition=~Q(written_by=F("published_by")), name="a_version_was_read_by_a_second"
            ),
            models.CheckConstraint(
                condition=Q(is_public=True, plan_keys=[]) | (Q(is_public=False) & ~Q(plan_keys=[])),
                name="a_version_says_whom_it_is_for",
            ),
        )
        indexes = (GinIndex(fields=("words",), name="words_of_articles"),)


class ArticleDraft(ArticleText):
    """What is being written: one for an article. Gone once it is published.

    `revision` counts what was saved, so that nobody writes over words they have not seen;
    `review_asked_at` None: still being written.
    """

    article = models.OneToOneField(Article, on_delete=models.CASCADE, related_name="draft")
    revision = models.PositiveIntegerField(default=1)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    written_at = models.DateTimeField()
    review_asked_at = models.DateTimeField(null=True)
    returned_because = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("-written_at",)

    @property
    def is_in_review(self) -> bool:
        return self.review_asked_at is not None
