"""Articles are begun, written and given to a colleague to read."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from entitlements.models import Plan
from knowledge.errors import WordsChanged, WrongState
from knowledge.models import Article, ArticleDraft
from knowledge.operations.images import delete_images_of
from knowledge.permissions import can_write_articles

MOST_WORDS = 50_000
# Words of an address that lead to other pages.
TAKEN = frozenset({"new", "drafts", "images"})


@dataclass(frozen=True, slots=True)
class Words:
    """What an article says, of which products, to whom: everybody, or those of plans."""

    title: str
    summary: str
    body: str
    products: tuple[str, ...] = ()
    is_public: bool = True
    plan_keys: tuple[str, ...] = ()


@transaction.atomic
def begin_article(words: Words, *, by: User, now: datetime | None = None) -> Article:
    """Begin an article; only those who write articles see it until it is published.

    Raises: NotAllowed, InvalidInput. Effects: the Article, its ArticleDraft, one audit row.
    """
    moment = now or timezone.now()
    _require_writer(by)
    _check(words)
    article = Article.objects.create(slug=_free_slug(words.title), begun_by=by, begun_at=moment)
    draft = ArticleDraft(article=article, written_by=by, written_at=moment)
    _put(draft, words)
    record_change("article begun", article, by=by, now=moment)
    return article


@transaction.atomic
def write_article(
    article: Article, words: Words, *, seen: int, by: User, now: datetime | None = None
) -> ArticleDraft:
    """Save the words of the draft; an article without one gets one.

    `seen` is the revision the words go back to, 0 for none. What was in review is being written
    again. Raises: NotAllowed, InvalidInput; WrongState when it is retired; WordsChanged when
    somebody saved since. Effects: the ArticleDraft; drafts are no change of state, so no audit row.
    """
    _require_writer(by)
    _check(words)
    article = lock_article(article)
    if article.retired_at is not None:
        raise WrongState("It is retired. Bring it back first.")
    draft = article.writing
    if (draft.revision if draft else 0) != seen:
        raise WordsChanged(
            "A colleague saved other words since you opened this page. Copy yours, and open the "
            "page again to see theirs."
        )
    draft = draft or ArticleDraft(article=article, revision=0)
    draft.revision += 1
    draft.written_by, draft.written_at, draft.review_asked_at = by, now or timezone.now(), None
    _put(draft, words)
    return draft


@transaction.atomic
def ask_for_review(article: Article, *, by: User, now: datetime | None = None) -> Article:
    """Give the draft to colleagues to read.

    Raises: NotAllowed; WrongState without a draft. Effects: the ArticleDraft, one audit row.
    """
    moment = now or timezone.now()
    _require_writer(by)
    article = lock_article(article)
    draft = _draft(article)
    if draft.is_in_review:
        return article
    draft.review_asked_at, draft.returned_because = moment, ""
    draft.save(update_fields=["review_asked_at", "returned_because"])
    record_change("article given to review", article, by=by, now=moment)
    return article


@transaction.atomic
def return_article(
    article: Article, *, because: str, by: User, now: datetime | None = None
) -> Article:
    """Give what was read back to whoever wrote it, with what to mend.

    Raises: NotAllowed; InvalidInput without a reason; WrongState when it is not in review.
    Effects: the ArticleDraft, one audit row.
    """
    _require_writer(by)
    if not because.strip():
        raise InvalidInput("Say what should be mended.", field="because")
    article = lock_article(article)
    draft = _draft(article)
    if not draft.is_in_review:
        raise WrongState("It is not in review.")
    draft.review_asked_at, draft.returned_because = None, because.strip()
    draft.save(update_fields=["review_asked_at", "returned_because"])
    record_change("article returned", article, by=by, reason=because.strip(), now=now)
    return article


@transaction.atomic
def discard_draft_of(article: Article, *, by: User, now: datetime | None = None) -> bool:
    """Throw the draft away; an article that was never published goes with it, pictures and all.

    Say whether the article is still there. Raises: NotAllowed; WrongState without a draft.
    Effects: the ArticleDraft, perhaps the Article and its ArticleImages; one audit row.
    """
    _require_writer(by)
    article = lock_article(article)
    draft = _draft(article)
    record_change("article's draft discarded", article, by=by, now=now)
    draft.delete()
    if article.published_id is not None:
        return True
    delete_images_of(article)
    article.delete()
    return False


def lock_article(article: Article) -> Article:
    """Re-read an article and hold it to the end of the transaction.

    Its draft and its words are read when first asked for: joined, they would be those from before
    the wait.
    """
    return Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article.pk)


def words_of(article: Article) -> Words:
    """What is being written of an article, else what is published."""
    text = article.writing or article.text
    return Words(
        text.title,
        text.summary,
        text.body,
        tuple(text.products),
        text.is_public,
        tuple(text.plan_keys),
    )


def _draft(article: Article) -> ArticleDraft:
    draft = article.writing
    if draft is None:
        raise WrongState("Nothing of it is being written.")
    return draft


def _require_writer(by: User) -> None:
    if not can_write_articles(by):
        raise NotAllowed("Engineers, analysts and leads write articles.")


def _check(words: Words) -> None:
    for name, what in (("title", "a title"), ("summary", "one sentence"), ("body", "the text")):
        if not getattr(words, name).strip():
            raise InvalidInput(f"Write {what}.", field=name)
    if len(words.body) > MOST_WORDS:
        raise InvalidInput(f"At most {MOST_WORDS} characters.", field="body")
    if words.is_public == bool(words.plan_keys):
        raise InvalidInput("Choose everybody, or the plans it is for.", field="plan_keys")
    known = set(Plan.objects.exclude(key=Plan.STANDARD_KEY).values_list("key", flat=True))
    if set(words.plan_keys) - known:
        raise InvalidInput("Choose plans from the list.", field="plan_keys")


def _put(draft: ArticleDraft, words: Words) -> None:
    for name, value in asdict(words).items():
        setattr(draft, name, list(value) if isinstance(value, tuple) else value)
    draft.title, draft.summary = draft.title.strip(), draft.summary.strip()
    draft.save()


def _free_slug(title: str) -> str:
    """Make an address of a title; it stays when the title changes, so that links hold."""
    begin = slugify(title)[:70].strip("-") or "article"
    taken = set(Article.objects.filter(slug__startswith=begin).values_list("slug", flat=True))
    taken |= TAKEN
    return next(
        slug
        for number in range(1, len(taken) + 2)
        if (slug := begin if number == 1 else f"{begin}-{number}") not in taken
    )
