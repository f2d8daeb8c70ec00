"""Where a found ticket holds the words, with the words marked: text from others, made safe.

How marks become HTML: accounts.marked_text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.safestring import SafeString

from accounts.marked_text import BEGIN, END, safe_marks, safe_piece
from accounts.models import User
from tickets.models import TicketWords
from tickets.querysets import seen_as_staff
from tickets.search.asking import Term

# So much of a text is looked at, and so many messages and notes of a ticket. Units: characters.
LOOKED_AT = 4000
MOST_PARTS = 10

_LOOK = f"StartSel={BEGIN}, StopSel={END}"
_WHOLE = f"{_LOOK}, HighlightAll=true"
_PIECE = f"{_LOOK}, MinWords=12, MaxWords=28, MaxFragments=1"

_SQL = """
WITH asked AS (SELECT {query} AS words)
SELECT ticket.id,
       ts_headline('english', translate(ticket.subject, %(marks)s, ''), asked.words, %(whole)s),
       part.kind,
       ts_headline('english', translate(part.body, %(marks)s, ''), asked.words, %(piece)s)
  FROM tickets_ticket AS ticket CROSS JOIN asked
  LEFT JOIN LATERAL (
    SELECT kind, body FROM (
        SELECT '' AS kind, left(ticket.description, %(length)s) AS body
        UNION ALL
        (SELECT 'message', left(body, %(length)s) FROM tickets_message
          WHERE ticket_id = ticket.id ORDER BY at DESC LIMIT %(parts)s)
        UNION ALL
        (SELECT 'note', left(body, %(length)s) FROM tickets_note
          WHERE ticket_id = ticket.id AND ticket.id = ANY(%(noted)s) ORDER BY at DESC
          LIMIT %(parts)s)
        UNION ALL
        (SELECT 'file', name || ' ' || regexp_replace(name, '[^[:alnum:]]+', ' ', 'g')
           FROM tickets_attachment
          WHERE ticket_id = ticket.id AND (note_id IS NULL OR ticket.id = ANY(%(noted)s))
          ORDER BY id DESC LIMIT %(parts)s)
    ) AS parts
    WHERE to_tsvector('english', body) @@ asked.words
    LIMIT 1
  ) AS part ON true
 WHERE ticket.id = ANY(%(keys)s)
"""


@dataclass(frozen=True, slots=True)
class Marks:
    """A ticket's subject and the place of the words, as HTML.

    `kind` names the place: "message", "note", "file", or nothing for the description; `piece` is
    empty when the words stand in the subject alone.
    """

    subject: SafeString
    kind: str
    piece: SafeString


def mark_words(keys: Sequence[int], terms: Sequence[Term], *, by: User) -> dict[int, Marks]:
    """Mark the terms in tickets that were found for this person. One query, two for some staff."""
    words = [term for term in terms if not term.is_out]
    if not keys or not words:
        return {}
    query = " || ".join(
        f"{'phraseto' if term.is_phrase else 'plainto'}_tsquery('english', %(word{place})s)"
        for place, term in enumerate(words)
    )
    given: dict[str, Any] = {
        "marks": BEGIN + END,
        "whole": _WHOLE,
        "piece": _PIECE,
        "length": LOOKED_AT,
        "parts": MOST_PARTS,
        "noted": _with_notes_read(keys, by),
        "keys": list(keys),
        **{f"word{place}": term.text for place, term in enumerate(words)},
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL.format(query=query), given)
        return {
            key: Marks(safe_marks(subject), kind or "", safe_piece(piece or ""))
            for key, subject, kind, piece in cursor.fetchall()
        }


def _with_notes_read(keys: Sequence[int], by: User) -> list[int]:
    if not by.is_staff_member:
        return []
    read = TicketWords.objects.filter(seen_as_staff(by), pk__in=keys)
    return list(read.values_list("pk", flat=True))
