"""Tickets like another: those that share the words which few tickets have.

Candidates are the newest that share at least three of the rarest words, or two where that finds
few; what they share, against the weight of the subject, decides among them. Only words that
customers may read are compared, so nothing of a note shows by what it resembles.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Left

from accounts.models import User
from entitlements.models import Customer
from tickets.models import Message, Product, Ticket, TicketWords
from tickets.querysets import visible_tickets
from tickets.search.compared_words import Word, Words, words_of

MOST = 5
# So many of the rarest words find candidates, and so many of the newest candidates are weighed.
RAREST = 8
WINDOW = 200
# Of one company, what was solved last is looked through: whose words match is asked of each, 10 µs.
LATEST = 1000
# So many judgements of the words' index find candidates, about 0.1 µs each.
MOST_READ = 200_000
# A ticket that shares less, measured by the weight of the subject's words, is not like it.
ENOUGH = 0.35
# Nor is one of which a single word was found in what somebody types.
MORE_THAN_A_WORD = 1.5
# A word in the subject says what a ticket is about; elsewhere it may be said in passing.
ELSEWHERE = 0.5
SHOWN_OF_SOLUTION = 300

_WEIGH_SQL = """
WITH asked AS (
    SELECT quote_literal(lexeme) AS word, weight
      FROM unnest(%(lexemes)s::text[], %(weights)s::float8[]) AS given (lexeme, weight)
)
SELECT words.ticket_id, sum(asked.weight * CASE
         WHEN words.words @@ (asked.word || ':A')::tsquery THEN 1
         WHEN words.words @@ asked.word::tsquery THEN %(elsewhere)s
         ELSE 0 END) / %(whole)s AS share
  FROM (SELECT ticket_id, words FROM tickets_ticketwords
         WHERE ticket_id = ANY(%(keys)s) AND words @@ %(either)s::tsquery
         ORDER BY ticket_id DESC LIMIT %(window)s) AS words CROSS JOIN asked
 GROUP BY words.ticket_id
 ORDER BY share DESC, words.ticket_id DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class Similar:
    """A ticket like the one asked for; `solution` is what solved it, empty where nothing did."""

    ticket: Ticket
    solution: str


def similar_tickets(ticket: Ticket, *, by: User, most: int = MOST) -> list[Similar]:
    """Find tickets like this one among all that a person of ours sees, of any customer."""
    seen = TicketWords.objects.filter(visible_tickets(by, "ticket__")).exclude(pk=ticket.pk)
    keys = _candidates(seen, words := words_of(ticket.subject, ticket.description))
    return _shown(_best(keys, words, most))


def solved_like(
    subject: str, *, customer: Customer, by: User, product: Product | None = None, most: int = MOST
) -> list[Similar]:
    """Find solved tickets of one company like what somebody is about to file.

    Only what `by` may see, of the LATEST; those about the same product first. Each word counts
    the same: how rare one is among all customers' tickets would tell of the others. A single word
    that two subjects of several have is a coincidence.
    """
    words = [Word(one.lexeme, 1.0, in_subject=True) for one in words_of(subject)]
    if not words:
        return []
    solved = Ticket.objects.visible_to(by).filter(customer=customer, resolved_at__isnull=False)
    keys = list(solved.order_by("-pk").values_list("pk", flat=True)[:LATEST])
    enough = max(ENOUGH, MORE_THAN_A_WORD / len(words)) if len(words) > 1 else ENOUGH
    found = _shown(_best(keys, words, 3 * most, enough=enough))
    about = product.pk if product is not None else None
    return sorted(found, key=lambda one: about is not None and one.ticket.product_id != about)[
        :most
    ]


def _candidates(rows: "QuerySet[TicketWords]", words: Words) -> list[int]:
    found: list[int] = []
    for together in (3, 2):
        rarest = _affordable(words, together)
        if len(rarest) < together:
            continue
        query = " | ".join(f"({' & '.join(some)})" for some in combinations(rarest, together))
        matching = rows.filter(words=SearchQuery(query, search_type="raw", config="simple"))
        # By a sum, so that the words' index is read and not the keys' one, all of it, backwards.
        newest = matching.order_by((F("pk") + 0).desc()).values_list("pk", flat=True)
        found = list(newest[:WINDOW])
        if len(found) >= 2 * MOST:
            break
    return found


def _affordable(words: Words, together: int) -> list[str]:
    """As many of the rarest words as can be asked for `together` at a time, in every way.

    The words' index reads the lists of all but the commonest `together - 1`, and judges each ticket
    in them by each of the ways: where every word is a common one, fewer are asked for.
    """
    rarest = sorted(words[:RAREST], key=lambda one: one.tickets)
    while len(rarest) > together:
        read = sum(one.tickets for one in rarest[: len(rarest) - together + 1])
        if read * comb(len(rarest), together) <= MOST_READ:
            break
        rarest = rarest[:-1]
    return [_quoted(one.lexeme) for one in rarest]


def _best(keys: Sequence[int], words: Words, most: int, *, enough: float = ENOUGH) -> list[int]:
    if not keys:
        return []
    given: dict[str, Any] = {
        "lexemes": [one.lexeme for one in words],
        "weights": [one.weight for one in words],
        "whole": sum(one.weight for one in words if one.in_subject),
        "elsewhere": ELSEWHERE,
        "keys": list(keys),
        "either": " | ".join(_quoted(one.lexeme) for one in words),
        "window": WINDOW,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WEIGH_SQL, given)
        return [key for key, share in cursor.fetchall() if share >= enough]


def _shown(keys: Sequence[int]) -> list[Similar]:
    solved = Message.objects.filter(
        ticket=OuterRef("pk"), from_staff=True, at=OuterRef("resolved_at")
    ).order_by("-pk")
    rows = (
        Ticket.objects.select_related("customer")
        .annotate(solution=Subquery(solved.values(said=Left("body", SHOWN_OF_SOLUTION))[:1]))
        .in_bulk(keys)
    )
    return [
        Similar(ticket, getattr(ticket, "solution", "") or "")
        for key in keys
        if (ticket := rows.get(key)) is not None
    ]


def _quoted(lexeme: str) -> str:
    return "'" + lexeme.replace("\\", "\\\\").replace("'", "''") + "'"
