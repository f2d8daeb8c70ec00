"""Long lists, page by page, by cursor: no page is missed or doubled while rows are added."""

from typing import Any, Self

from rest_framework.exceptions import ParseError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request


class Pages(CursorPagination):
    """Pages of 25 rows, at most 100; a wrong cursor or size is an error, not a guess.

    `ordering` is a whole number in every subclass, so that a forged cursor can be told.
    """

    page_size = 25
    max_page_size = 100
    page_size_query_param = "page_size"
    ordering = "-pk"

    def get_page_size(self, request: Request) -> int:
        """Return how many rows are wanted, at most 100. Raises: ParseError."""
        given = str(request.query_params.get("page_size", "25"))
        if not _is_key(given) or int(given) == 0:
            raise ParseError("page_size is a whole number from 1 to 100.")
        return min(int(given), 100)

    def decode_cursor(self, request: Request) -> Any:
        """Return the place in the list. Raises: ParseError."""
        given = request.query_params.get("cursor")
        if given is None:
            return None
        try:
            cursor = super().decode_cursor(request)
        except Exception as error:  # NotFound, and whatever base64 and URL parsing may raise
            raise ParseError("This cursor is not ours. Start at the first page.") from error
        if cursor is None or not _is_key(str(cursor.position or "0")):
            raise ParseError("This cursor is not ours. Start at the first page.")
        return cursor


# How many rows a first page reads: one more tells whether another page follows.
FIRST_ROWS = Pages.page_size + 1


class FirstRows[Row](list[Row]):
    """The rows of a first page, read already and in order: the list is asked for nothing more."""

    def order_by(self, *_names: str) -> Self:
        """As a queryset is asked for the order that these rows have."""
        return self


class OldestFirst(Pages):
    """What was written first comes first: conversations and timelines."""

    ordering = "pk"


def _is_key(text: str) -> bool:
    """Whether a text is a whole number that fits a key's column."""
    return text.isascii() and text.isdigit() and len(text) <= 18
