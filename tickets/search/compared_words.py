"""The words by which tickets are compared, and what sharing each of them weighs.

What a word weighs is the logarithm of how rare it is, as always when texts are compared: by the
rareness itself one word that nobody else wrote would outweigh all that two subjects share.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

# So many of the description's words, the rarest, are compared too, and so much of their weight.
MOST_OF_DESCRIPTION = 12
OF_DESCRIPTION = 0.4

# Error numbers and names of files: letters and digits together. They stand in the description.
_CODE = re.compile(r"\b(?=\w*\d)(?=\w*[A-Za-z])\w{5,40}\b")
_MOST_CODES = 4
_MOST_WORDS = 60
_LONGEST = 300
_LONGEST_DESCRIPTION = 4000

# A word that is not among the statistics' common ones is rarer than the rarest of them. Counts
# ("215 stations", "GW-13") say nothing of the cause; an error's number is longer. Of what is joined
# by a hyphen the parts are compared.
_WORDS_SQL = r"""
SELECT asked.lexeme, ln(1 / (0.0005 + coalesce(known.often, 0))), asked.weights,
       coalesce(known.often, 0.0005) * greatest(
         (SELECT reltuples FROM pg_class WHERE oid = 'tickets_ticketwords'::regclass), 0)
  FROM unnest(setweight(to_tsvector('english', %(subject)s), 'A')
              || setweight(to_tsvector('english', %(codes)s), 'B')
              || to_tsvector('english', %(description)s)) AS asked
  LEFT JOIN (
    SELECT unnest(elements) AS lexeme, unnest(often[:cardinality(elements)]) AS often
      FROM (SELECT most_common_elems::text::text[] AS elements, most_common_elem_freqs AS often
              FROM pg_stats WHERE tablename = 'tickets_ticketwords' AND attname = 'words'
                AND schemaname = current_schema()) AS stats
  ) AS known ON known.lexeme = asked.lexeme
 WHERE asked.lexeme !~ '^-?[0-9]{1,3}$|\w-\w'
   AND (asked.weights && ARRAY['A', 'B'] OR known.often IS NOT NULL)
 ORDER BY 2 DESC, 1
"""


@dataclass(frozen=True, slots=True)
class Word:
    """A word that is compared, and what sharing it weighs. The subject's make up the whole.

    `tickets`: about how many have it, by the statistics.
    """

    lexeme: str
    weight: float
    in_subject: bool
    tickets: float = 0.0


type Words = Sequence[Word]


def words_of(subject: str, description: str = "") -> Words:
    """The words of a ticket that are compared, the weightiest first."""
    description = description[:_LONGEST_DESCRIPTION].replace("\x00", "")
    codes = list(dict.fromkeys(_CODE.findall(description)))[:_MOST_CODES]
    asked = {
        "subject": subject[:_LONGEST].replace("\x00", ""),
        "codes": " ".join(codes),
        "description": description,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WORDS_SQL, asked)
        found = cursor.fetchall()
    named = [
        Word(lexeme, float(weight), in_subject="A" in parts, tickets=float(tickets))
        for lexeme, weight, parts, tickets in found
        if "A" in parts or "B" in parts
    ]
    told = [
        Word(lexeme, OF_DESCRIPTION * float(weight), in_subject=False, tickets=float(tickets))
        for lexeme, weight, parts, tickets in found
        if "A" not in parts and "B" not in parts
    ]
    return sorted([*named[:_MOST_WORDS], *told[:MOST_OF_DESCRIPTION]], key=lambda one: -one.weight)
