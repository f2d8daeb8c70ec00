"""Articles as the desk would write them."""

from dataclasses import replace
from datetime import UTC, datetime

from accounts.choices import Role
from accounts.models import User
from knowledge.models import Article
from knowledge.operations.publishing import publish_article
from knowledge.operations.writing import Words, ask_for_review, begin_article
from tests.factories.entitlements import make_staff_member

WORDS = Words(
    title="A web cache keeps databases old",
    summary="Agents get yesterday’s databases because a proxy keeps the list of builds.",
    body="## What you see\n\nThe mirror says it is up to date.\n\n## What helps\n\n"
    "Exclude `updates.orrin.example` from caching.",
    products=("Management Server",),
)
PUBLISHED_AT = datetime(2026, 2, 3, 9, 0, tzinfo=UTC)


def a_writer() -> User:
    found = User.objects.filter(email="theo.hartmann@orrin.example").first()
    return found or make_staff_member("Theo Hartmann", Role.ENGINEER)


def a_reviewer() -> User:
    found = User.objects.filter(email="june.park@orrin.example").first()
    return found or make_staff_member("June Park", Role.DUTY_LEAD)


def make_draft(title: str = WORDS.title, **changes: object) -> Article:
    words = replace(WORDS, title=title, **changes)  # type: ignore[arg-type]  # the test's own
    return begin_article(words, by=a_writer(), now=PUBLISHED_AT)


def make_article(title: str = WORDS.title, **changes: object) -> Article:
    """A published article; public unless `plan_keys` say otherwise."""
    if "plan_keys" in changes:
        changes["is_public"] = False
    return publish(make_draft(title, **changes))


def publish(article: Article) -> Article:
    article = ask_for_review(article, by=a_writer(), now=PUBLISHED_AT)
    seen = article.draft.revision
    publish_article(article, by=a_reviewer(), seen=seen, now=PUBLISHED_AT)
    return Article.objects.get(pk=article.pk)
