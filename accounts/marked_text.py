"""Found words marked by the database in text from others, made safe.

The database marks with two control characters, which are taken out of the text before. The text is
escaped and only then do the marks become tags, so that nothing somebody wrote becomes HTML.
"""

import re

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

BEGIN, END = "\x02", "\x03"
# What makes a heading, bold words or code of a text in Markdown.
_MARKDOWN = re.compile(r"(?:^|(?<=\s))#{1,6}\s+|\*\*|`+")
# The line below the head of a table.
_RULE = re.compile(r"\|(?:\s*:?-{3,}:?\s*\|)+")


def safe_marks(marked: str) -> SafeString:
    """Turn the database's marks into tags, and nothing else."""
    escaped = str(escape(marked))
    return mark_safe(escaped.replace(BEGIN, "<mark>").replace(END, "</mark>"))  # noqa: S308 - escaped above


def safe_piece(marked: str) -> SafeString:
    """As safe_marks, for a piece of a text in Markdown: its words without what formats them."""
    words, rules = _RULE.subn("", marked)
    if rules:  # Other texts have pipes of their own.
        words = " ".join(words.replace("|", " ").split())
    return safe_marks(_MARKDOWN.sub("", words))
