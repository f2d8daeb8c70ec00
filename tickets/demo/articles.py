"""What the desk of the demo wrote down, how readers took it, and a draft that waits."""

import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from accounts.choices import Role
from accounts.models import User
from knowledge.models import Article, ArticleVote
from knowledge.operations.images import add_article_image
from knowledge.operations.publishing import publish_article
from knowledge.operations.writing import Words, ask_for_review, begin_article, write_article
from tickets.demo.pictures import cache_between

_TEXTS = Path(__file__).with_name("articles.toml")


def write_articles(staff: Mapping[str, User], now: datetime) -> None:
    """Write, review and publish the articles at their age, and let customers vote on them.

    Effects: as the operations; votes in one statement.
    """
    writers = cycle([user for user in staff.values() if user.has_role(Role.ENGINEER, Role.ANALYST)])
    reader = next(user for user in staff.values() if user.has_role(Role.DUTY_LEAD))
    customers = list(User.objects.filter(roles__len=0).order_by("pk"))
    votes: list[ArticleVote] = []
    texts = tomllib.loads(_TEXTS.read_text(encoding="utf-8"))["article"]
    for place, (told, writer) in enumerate(zip(texts, writers, strict=False)):
        article = _write(told, by=writer, second=reader, now=now)
        if article is not None:
            # Other people begin each time, so that nobody votes on everything.
            votes += _votes(article, told, islice(cycle(customers), place * 7, None), now)
    ArticleVote.objects.bulk_create(votes)


def _write(told: Mapping[str, Any], *, by: User, second: User, now: datetime) -> Article | None:
    """Bring an article to where it stands; None while readers do not see it."""
    at = now - timedelta(days=told["age"])
    plans = tuple(told.get("plans", ()))
    words = Words(
        told["title"],
        told["summary"],
        told["body"].strip(),
        tuple(told["products"]),
        not plans,
        plans,
    )
    article = begin_article(words, by=by, now=at)
    ask_for_review(article, by=by, now=at + timedelta(hours=1))
    if told.get("state") == "review":
        return None
    publish_article(article, seen=1, by=second, now=at + timedelta(hours=20))
    if "again" in told:
        later = at + timedelta(days=told["age"] // 2)
        added = told["again"].strip()
        if "{picture}" in added:
            image = add_article_image(article, cache_between(), by=by, now=later)
            added = added.replace("{picture}", image.get_absolute_url())
        more = Words(
            words.title,
            words.summary,
            f"{words.body}\n\n{added}",
            words.products,
            words.is_public,
            words.plan_keys,
        )
        write_article(article, more, seen=0, by=by, now=later)
        ask_for_review(article, by=by, now=later)
        publish_article(
            article,
            seen=1,
            change=told["change"],
            by=second,
            now=later + timedelta(hours=5),
        )
    return Article.objects.select_related("published").get(pk=article.pk)


def _votes(
    article: Article, told: Mapping[str, Any], voters: Iterable[User], now: datetime
) -> list[ArticleVote]:
    assert article.published is not None
    published_at = article.published.published_at
    said = [True] * told["helped"] + [False] * told["not_helped"]
    return [
        ArticleVote(
            article=article,
            version=article.published,
            voter=voter,
            helped=helped,
            # The last one says what is missing.
            comment=told.get("comment", "") if place == len(said) else "",
            at=min(published_at + timedelta(days=place), now),
        )
        for place, (helped, voter) in enumerate(zip(said, voters, strict=False), 1)
    ]
