"""Articles are published version by version, retired and brought back."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.operations import record_change
from knowledge.errors import WordsChanged, WrongState
from knowledge.models import Article, ArticleVersion
from knowledge.operations.writing import lock_article
from knowledge.permissions import can_publish, can_retire

TEXT = ("title", "summary", "body", "products", "is_public", "plan_keys")


@transaction.atomic
def publish_article(
    article: Article, *, by: User, seen: int, change: str = "", now: datetime | None = None
) -> ArticleVersion:
    """Publish the draft as the next version: what was read is what is published.

    `seen` is the revision that was read. Raises: NotAllowed for who wrote it, or when nobody asked
    for a review; WordsChanged when it was written on since; WrongState without a draft.
    Effects: one ArticleVersion, the draft is gone, one audit row.
    """
    moment = now or timezone.now()
    article = lock_article(article)
    draft = article.writing
    if draft is None:
        raise WrongState("Nothing of it is being written.")
    if not can_publish(by, article):
        raise NotAllowed("Somebody else than who wrote it reads and publishes it.")
    if draft.revision != seen:
        raise WordsChanged("It was written on since you opened it. Read it again.")
    last = article.versions.order_by("-number").first()
    version = ArticleVersion.objects.create(
        article=article,
        number=last.number + 1 if last else 1,
        change=change.strip(),
        written_by=draft.written_by,
        published_by=by,
        published_at=moment,
        **{name: getattr(draft, name) for name in TEXT},
    )
    article.published = version
    article.save(update_fields=["published"])
    draft.delete()
    record_change(
        "article published",
        article,
        by=by,
        changes={"version": [version.number - 1, version.number]},
        reason=version.change,
        now=moment,
    )
    return version


@transaction.atomic
def retire_article(
    article: Article, *, because: str, by: User, now: datetime | None = None
) -> Article:
    """Take an article out of readers' sight; its versions stay.

    Raises: NotAllowed; WrongState when it is not published or retired already.
    Effects: the Article, one audit row.
    """
    moment = now or timezone.now()
    article = _lock_for_retiring(article, by)
    if not article.is_current:
        raise WrongState("Readers do not see it now.")
    article.retired_at = moment
    article.save(update_fields=["retired_at"])
    record_change("article retired", article, by=by, reason=because.strip(), now=moment)
    return article


@transaction.atomic
def restore_article(article: Article, *, by: User, now: datetime | None = None) -> Article:
    """Bring a retired article back as it was. Raises: NotAllowed, WrongState. Effects: as above."""
    article = _lock_for_retiring(article, by)
    if article.retired_at is None:
        raise WrongState("It is not retired.")
    article.retired_at = None
    article.save(update_fields=["retired_at"])
    record_change("article brought back", article, by=by, now=now)
    return article


def _lock_for_retiring(article: Article, by: User) -> Article:
    if not can_retire(by):
        raise NotAllowed("Engineers, analysts and leads retire articles.")
    return lock_article(article)
