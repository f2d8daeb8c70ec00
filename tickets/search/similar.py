"""Tickets like another: those that share the words which few tickets have.

Candidates are the newest that share at least three of the rarest words, or two where that finds
few; a share of the weight of all words decides among them. Only words that customers may read are
compared, so nothing of a note shows by what it resembles.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Left

from accounts.models import User
from entitlements.models import Customer
from tickets.models import Message, Product, Ticket, TicketWords
from tickets.querysets import visible_tickets

MOST = 5
# So many of the rarest words find candidates, and so many of the newest candidates are weighed.
RAREST = 6
WINDOW = 200
# A ticket that shares less of the words' weight is not like it.
ENOUGH = 0.3
# Nor is one of which a single word was found in what somebody types.
MORE_THAN_A_WORD = 1.5
# A word in the subject says what a ticket is about; elsewhere it may be said in passing.
ELSEWHERE = 0.5
SHOWN_OF_SOLUTION = 300

# Error numbers and names of files: letters and digits together. They stand in the description.
_CODE = re.compile(r"\b(?=\w*\d)(?=\w*[A-Za-z])\w{5,40}\b")
_MOST_CODES = 4
_LONGEST = 300

# A word that is not among the statistics' common ones is rarer than the rarest of them.
_WORDS_SQL = """
SELECT asked.lexeme, coalesce(1 / (0.0005 + known.often), 2000)
  FROM unnest(to_tsvector('english', %s)) AS asked
  LEFT JOIN (
    SELECT unnest(elements) AS lexeme, unnest(often[:cardinality(elements)]) AS often
      FROM (SELECT most_common_elems::text::text[] AS elements, most_common_elem_freqs AS often
              FROM pg_stats WHERE tablename = 'tickets_ticketwords' AND attname = 'words'
                AND schemaname = current_schema()) AS stats
  ) AS known ON known.lexeme = asked.lexeme
 ORDER BY 2 DESC, 1 LIMIT 100
"""
_WEIGH_SQL = """
WITH asked AS (
    SELECT quote_literal(lexeme) AS word, weight
      FROM unnest(%(lexemes)s::text[], %(weights)s::float8[]) AS given (lexeme, weight)
)
SELECT words.ticket_id, sum(asked.weight * CASE
         WHEN words.words @@ (asked.word || ':A')::tsquery THEN 1
         WHEN words.words @@ asked.word::tsquery THEN %(elsewhere)s
         ELSE 0 END) / %(whole)s AS share
  FROM tickets_ticketwords AS words CROSS JOIN asked
 WHERE words.ticket_id = ANY(%(keys)s)
 GROUP BY words.ticket_id
 ORDER BY share DESC, words.ticket_id DESC LIMIT %(most)s
"""

type Words = Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class Similar:
    """A ticket like the one asked for; `solution` is what solved it, empty where nothing did."""

    ticket: Ticket
    solution: str


def similar_tickets(ticket: Ticket, *, by: User, most: int = MOST) -> list[Similar]:
    """Find tickets like this one among all that a person of ours sees, of any customer."""
    text = ticket_words(ticket.subject, ticket.description)
    seen = TicketWords.objects.filter(visible_tickets(by, "ticket__")).exclude(pk=ticket.pk)
    keys = _candidates(seen, words := _words(text))
    return _shown(_best(keys, words, most))


def solved_like(
    subject: str, *, customer: Customer, by: User, product: Product | None = None, most: int = MOST
) -> list[Similar]:
    """Find solved tickets of one company like what somebody is about to file.

    Only what `by` may see; those about the same product first. Each word counts the same: how
    rare one is among all customers' tickets would tell of the others. A single word that two
    subjects of several have is a coincidence.
    """
    words = [(word, 1.0) for word, _ in _words(ticket_words(subject, ""))]
    if not words:
        return []
    asked = " | ".join(_quoted(word) for word, _ in words)
    theirs = TicketWords.objects.filter(
        visible_tickets(by, "ticket__"),
        words=SearchQuery(asked, search_type="raw", config="simple"),
        ticket__customer=customer,
        ticket__resolved_at__isnull=False,
    )
    keys = list(theirs.order_by("-pk").values_list("pk", flat=True)[:WINDOW])
    enough = max(ENOUGH, MORE_THAN_A_WORD / len(words)) if len(words) > 1 else ENOUGH
    found = _shown(_best(keys, words, 3 * most, enough=enough))
    about = product.pk if product is not None else None
    return sorted(found, key=lambda one: about is not None and one.ticket.product_id != about)[
        :most
    ]


def ticket_words(subject: str, description: str) -> str:
    """What is compared of a ticket: its subject, and the codes of its description."""
    codes = dict.fromkeys(_CODE.findall(description[:4000]))
    return " ".join([subject[:_LONGEST], *list(codes)[:_MOST_CODES]]).replace("\x00", "")


def _words(text: str) -> Words:
    """The words of a text, the rarest first, each with its weight."""
    with connection.cursor() as cursor:
        cursor.execute(_WORDS_SQL, [text])
        return [(lexeme, float(weight)) for lexeme, weight in cursor.fetchall()]


def _candidates(rows: "QuerySet[TicketWords]", words: Words) -> list[int]:
    rarest = [_quoted(lexeme) for lexeme, _ in words[:RAREST]]
    found: list[int] = []
    for together in (3, 2):
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


def _best(keys: Sequence[int], words: Words, most: int, *, enough: float = ENOUGH) -> list[int]:
    if not keys:
        return []
    given: dict[str, Any] = {
        "lexemes": [lexeme for lexeme, _ in words],
        "weights": [weight for _, weight in words],
        "whole": sum(weight for _, weight in words),
        "elsewhere": ELSEWHERE,
        "keys": list(keys),
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
