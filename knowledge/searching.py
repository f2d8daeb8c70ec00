"""Articles by words: the whole question for the search, any two words for what is being typed."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import add

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import Case, F, Func, IntegerField, TextField, Value, When
from django.db.models.expressions import Combinable
from django.utils.safestring import SafeString

from accounts.marked_text import BEGIN, END, safe_marks, safe_piece
from knowledge.models import Article
from knowledge.querysets import ArticleQuerySet, Reader

LONGEST = 200
# Of what somebody types while filing: so many of its last words are looked for.
MOST_LIKE_WORDS = 24
# One common word says little; of a text with more, so many must be in an article.
FEWEST_LIKE_WORDS = 2

_WORD = re.compile(r"[^\W_]{3,}")


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """An article and where it holds the words, marked; safe to show."""

    article: Article
    title: SafeString
    piece: SafeString


def find_articles(text: str, *, reader: Reader, product: str = "") -> ArticleQuerySet:
    """Find what the reader may read, the best first; without words the newest first.

    Quotes make a phrase, a minus leaves out, as in the search of tickets.
    """
    found = Article.objects.visible_to(reader).current()
    if product:
        found = found.filter(published__products__contains=[product])
    asked = _clean(text)
    if not asked:
        return found.select_related("published").order_by("-published__published_at", "-pk")
    query = SearchQuery(asked, search_type="websearch", config="english")
    return (
        found.filter(published__words=query)
        .annotate(rank=SearchRank(F("published__words"), query))
        .select_related("published")
        .order_by("-rank", "-published__published_at", "-pk")
    )


def mark_articles(articles: list[Article], text: str) -> list[FoundArticle]:
    """Mark the words in the articles of a page. One query."""
    query = SearchQuery(_clean(text), search_type="websearch", config="english")
    rows = Article.objects.filter(pk__in=[article.pk for article in articles]).values_list(
        "pk",
        _headline("published__title", query),
        _headline("published__body", query, min_words=14, max_words=32, max_fragments=1),
    )
    marks = {pk: (safe_marks(title), safe_piece(piece)) for pk, title, piece in rows}
    return [FoundArticle(article, *marks[article.pk]) for article in articles]


def articles_like(
    text: str, *, user: Reader, product: str = "", most: int = 3, now: datetime | None = None
) -> list[Article]:
    """Offer articles that may answer what is being typed, the likeliest first.

    Each comes with `.published` (title, summary) and may be read by this person. Of several words
    two must be in the article, and who has more of them comes first, behind what a named product
    is about: one word written often says less. Two queries at most, none for a text without words.
    """
    words = list(dict.fromkeys(word.lower() for word in _WORD.findall(text[-4000:])))
    if not words:
        return []
    words = words[-MOST_LIKE_WORDS:]
    queries = [SearchQuery(word, config="english") for word in words]
    either = SearchQuery(" | ".join(words), search_type="raw", config="english")
    matched = reduce(add, (_one_if(query) for query in queries))
    found = (
        Article.objects.visible_to(user, now)
        .current()
        .filter(published__words=either)
        .annotate(
            matched=matched,
            about=_one_if_about(product),
            rank=SearchRank(F("published__words"), either),
        )
        .filter(matched__gte=min(FEWEST_LIKE_WORDS, len(words)))
        .select_related("published")
        .order_by("-about", "-matched", "-rank", "-pk")
    )
    return list(found[:most])


def products_of(reader: Reader) -> list[str]:
    """Name the products that articles of this reader are about, by name. One query."""
    rows = Article.objects.visible_to(reader).current().values_list("published__products")
    return sorted({name for (names,) in rows for name in names})


def _clean(text: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text)[:LONGEST].strip()


def _one_if(query: SearchQuery) -> Combinable:
    return Case(When(published__words=query, then=1), default=0, output_field=IntegerField())


def _one_if_about(product: str) -> Combinable:
    return Case(
        When(published__products__contains=[product], then=1),
        default=0,
        output_field=IntegerField(),
    )


def _headline(field: str, query: SearchQuery, **options: int | None) -> SearchHeadline:
    bare = Func(
        F(field), Value(BEGIN + END), Value(""), function="TRANSLATE", output_field=TextField()
    )
    return SearchHeadline(
        bare,
        query,
        config="english",
        start_sel=BEGIN,
        stop_sel=END,
        min_words=options.get("min_words"),
        max_words=options.get("max_words"),
        max_fragments=options.get("max_fragments"),
        # Without a length: the whole text.
        highlight_all=None if options else True,
    )
