"""Readers say whether an article helped."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from knowledge.errors import WrongState
from knowledge.models import Article, ArticleVote
from knowledge.operations.writing import lock_article

LONGEST_COMMENT = 2000


@transaction.atomic
def vote_on_article(
    article: Article, *, helped: bool, comment: str = "", by: User, now: datetime | None = None
) -> ArticleVote:
    """Say whether it helped; a person has one vote, and a later one takes its place.

    The caller fetched the article through visible_to. Raises: WrongState when readers do not see
    it. Effects: the ArticleVote; a vote changes no state, so no audit row.
    """
    article = lock_article(article)
    if not article.is_current or article.published is None:
        raise WrongState("This article is not published now.")
    vote, _ = ArticleVote.objects.update_or_create(
        article=article,
        voter=by,
        defaults={
            "version": article.published,
            "helped": helped,
            "comment": comment.strip()[:LONGEST_COMMENT],
            "at": now or timezone.now(),
        },
    )
    return vote
