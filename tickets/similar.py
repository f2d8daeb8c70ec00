"""What may help somebody before they file: solved tickets of their company, and articles."""

import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from django.conf import settings
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F
from django.utils.module_loading import import_string

from accounts.models import User
from entitlements.models import Customer
from tickets.models import Product, Ticket, TicketWords
from tickets.querysets import visible_tickets

OFFERED = 3
MOST_WORDS = 12
# One word of a subject ranks 0.61 divided by the number of words asked for, two words 1.22.
# A single word that both subjects have is a coincidence.
ENOUGH = 0.9


class Article(Protocol):
    """What a knowledge base offers."""

    title: str
    url: str


type Suggest = Callable[..., Sequence[Article]]


def similar_solved_tickets(
    customer: Customer, words: str, *, by: User, product: Product | None = None
) -> list[Ticket]:
    """Solved tickets of the company that this person may see, whose subjects share words.

    Those about the same product first. Two queries.
    """
    beginnings = list(dict.fromkeys(re.findall(r"\w{3,}", words.lower())))[:MOST_WORDS]
    if not beginnings:
        return []
    # Weight A is the subject.
    asked = SearchQuery(
        " | ".join(f"{word}:*A" for word in beginnings), search_type="raw", config="english"
    )
    least = ENOUGH / len(beginnings) if len(beginnings) > 1 else 0
    found: Any = (
        TicketWords.objects.filter(visible_tickets(by, "ticket__"), words=asked)
        .filter(ticket__customer=customer, ticket__resolved_at__isnull=False)
        .annotate(rank=SearchRank(F("words"), asked))
        .filter(rank__gt=least)
        .order_by("-rank", "-ticket")
        .values_list("ticket", flat=True)[: 3 * OFFERED]
    )
    by_key = Ticket.objects.in_bulk(list(found))
    ranked = [by_key[key] for key in found if key in by_key and not by_key[key].is_open]
    about = product.pk if product is not None else None
    return sorted(ranked, key=lambda one: about is not None and one.product_id != about)[:OFFERED]


def suggested_articles(
    customer: Customer, words: str, *, by: User, product: Product | None = None
) -> list[Article]:
    """Articles the person may read, when there is a knowledge base that suggests some."""
    if not settings.ARTICLE_SUGGESTIONS or not words.strip():
        return []
    suggest: Suggest = import_string(settings.ARTICLE_SUGGESTIONS)
    return list(suggest(words, customer=customer, by=by, product=product))[:OFFERED]
