"""Tickets that answer a question: the newest that match, the best of them first.

Ranking looks at no more than WINDOW tickets, so that a word in every ticket is as quick as a rare
one; "more" goes on in that window, then with the next older one. Why: docs/decisions, 0023.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any, Self

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery, SearchRank
from django.db.models import F, FloatField, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from tickets.models import Ticket, TicketWords
from tickets.querysets import SEES_ALL_TICKETS, seen_as_staff, visible_tickets
from tickets.search.asking import Asked, Term
from tickets.search.operators import narrow

PAGE_SIZE = 20
WINDOW = 200

type Words = SearchQuery | CombinedSearchQuery

_WRITTEN = re.compile(r"(\d{1,18})\.(\d{1,9})\.(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the newest key of its window, and the last one's rank and key."""

    newest: int
    rank: int
    key: int

    def __str__(self) -> str:
        return f"{self.newest}.{self.rank}.{self.key}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read a place from an address; None for one that is not ours."""
        found = _WRITTEN.fullmatch(text)
        return cls(*(int(part) for part in found.groups())) if found else None


@dataclass(frozen=True, slots=True)
class Found:
    """Keys of tickets, the best first; where the next page begins, and what was not understood."""

    keys: list[int]
    more: Place | None
    hints: list[str]


def find_tickets(
    asked: Asked, *, by: User, now: datetime, after: Place | None = None, size: int = PAGE_SIZE
) -> Found:
    """Find tickets this person may see, by words that they may read.

    Without words the newest come first. One query, and one for each operator that names something.
    """
    condition, hints = narrow(asked, by=by, now=now)
    if not asked.words and not condition:
        if asked.terms:
            hints.append("Add a word to look for: words to leave out find nothing alone.")
        return Found([], None, hints)
    narrowed = Ticket.objects.visible_to(by).filter(condition)
    rows: QuerySet[Any]
    if asked.terms:
        words = words_of(asked.terms)
        rows = _with_words(words, by).annotate(found=SearchRank(_readable(by), words))
        rows = rows.filter(ticket__in=narrowed.values("pk")) if condition else rows
    else:
        rows = narrowed.annotate(found=Value(0.0, FloatField()))
    return _page(rows, hints, after=after, size=size, window=WINDOW if asked.words else size)


def words_of(terms: Sequence[Term]) -> Words:
    """All terms as the database asks for them; at least one."""
    return reduce(and_, [_query(term) for term in terms])


def _query(term: Term) -> Words:
    beginnings = re.findall(r"\w+", term.text) if term.is_beginning else []
    if beginnings:
        text = " & ".join(f"{word}:*" for word in beginnings)
        query = SearchQuery(text, search_type="raw", config="english")
    else:
        kind = "phrase" if term.is_phrase else "plain"
        query = SearchQuery(term.text, search_type=kind, config="english")
    return ~query if term.is_out else query


def _with_words(words: Words, by: User) -> QuerySet[TicketWords]:
    rows = TicketWords.objects.filter(visible_tickets(by, "ticket__"))
    found = Q(words=words)
    if by.is_staff_member:
        # Where there are notes, a word to leave out must be in none of them either.
        theirs = seen_as_staff(by)
        found = (found & (Q(staff_words__isnull=True) | ~theirs)) | (Q(staff_words=words) & theirs)
    return rows.filter(found)


def _readable(by: User) -> F | Coalesce:
    """The words to rank by: those of notes only for those who read all notes."""
    if by.has_role(*SEES_ALL_TICKETS):
        return Coalesce("staff_words", "words")
    return F("words")


def _page(
    rows: QuerySet[Any], hints: list[str], *, after: Place | None, size: int, window: int
) -> Found:
    if after is not None:
        rows = rows.filter(pk__lte=after.newest)
    newest = list(rows.order_by("-pk").values_list("pk", "found")[: window + 1])
    older = newest[window:]
    ranked = sorted(((-round(rank * 10**6), -key) for key, rank in newest[:window]))
    if after is not None:
        ranked = [one for one in ranked if one > (-after.rank, -after.key)]
    if not ranked and older:
        # The window ended with the page before.
        begin = Place(older[0][0], 10**9 - 1, 10**18 - 1)
        return _page(rows, hints, after=begin, size=size, window=window)
    shown = ranked[:size]
    more = None
    if len(ranked) > size:
        rank, key = shown[-1]
        more = Place(newest[0][0] if after is None else after.newest, -rank, -key)
    elif older:
        more = Place(older[0][0], 10**9 - 1, 10**18 - 1)
    return Found([-key for _, key in shown], more, hints)
