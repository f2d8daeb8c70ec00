"""How many of the open tickets have a word, as the database knows it for its own plans."""

from collections.abc import Sequence
from math import prod

from django.db import connection

from accounts.kept_rows import KeptRows
from tickets.models import QueueWords
from tickets.search.asking import Term

# From this share on, going through the queue comes upon a page of them sooner than finding all
# that have the words and sorting them: of 33,000 open tickets 1,500 had one (docs/queries.md).
COMMON = 0.05

_SHARES = f"""
SELECT coalesce(known.share, 0)
  FROM unnest(tsvector_to_array(to_tsvector('english', %s))) AS word
  LEFT JOIN (
    SELECT told.word, told.share
      FROM pg_stats AS stats,
           unnest(stats.most_common_elems::text::text[], stats.most_common_elem_freqs)
             AS told (word, share)
     WHERE stats.schemaname = current_schema()
       AND stats.tablename = '{QueueWords._meta.db_table}' AND stats.attname = 'words'
  ) AS known USING (word)
"""  # noqa: S608 - a table of our own


def are_common(terms: Sequence[Term]) -> bool:
    """Whether so many open tickets have all the terms; what is left out, or a phrase, never is.

    One query for each term not asked for in the last minute.
    """
    if any(term.is_phrase or term.is_out or term.is_beginning for term in terms):
        return False
    return prod((_shares.get(term.text) for term in terms), start=1.0) >= COMMON


def _share(text: str) -> float:
    """The share of open tickets that have the words of a text, as if each stood by itself."""
    with connection.cursor() as cursor:
        cursor.execute(_SHARES, [text])
        shares = [share for (share,) in cursor.fetchall()]
    return prod(shares) if shares else 0.0


_shares: KeptRows[float, str] = KeptRows(_share)
