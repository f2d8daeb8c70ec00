"""Rows of SQL that is written out, as the database holds them."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from psycopg.pq import Format


def plain_rows(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Ask for rows, and have them sent as the database holds them and not written as text.

    Text is written there and read here: for fifty rows of the queue, with ten moments each, that
    took as long as to find them. JSON comes read, and not as Django's text of it. Effects: one
    query.
    """
    with connection.cursor() as cursor:
        cursor.cursor.format = Format.BINARY
        cursor.execute(statement, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
