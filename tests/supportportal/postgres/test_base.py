"""Whether a connection still stands is seen without a question."""

from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from django.db import connection, connections

pytestmark = pytest.mark.django_db(transaction=True)


def apart(look: Callable[[], Any]) -> Any:
    """Look at a connection of its own, as a page's thread has one."""
    seen: list[Any] = []

    def run() -> None:
        try:
            connection.ensure_connection()
            seen.append(look())
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join(20)
    return seen[0]


def end(pid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        return bool(cursor.fetchone()[0])


def asked_while_looking() -> tuple[bool, int]:
    """Whether the connection is usable, and how often that was asked of the server."""
    asked = 0
    cursor = connection.connection.cursor

    def count() -> Any:
        nonlocal asked
        asked += 1
        return cursor()

    connection.connection.cursor = count
    return connection.is_usable(), asked


def test_a_connection_that_stands_is_asked_nothing() -> None:
    assert apart(asked_while_looking) == (True, 0)


def test_one_that_the_server_ended_is_opened_anew_for_the_next_request() -> None:
    def look() -> tuple[bool, bool]:
        first = connection.connection.info.backend_pid
        assert apart(lambda: end(first))
        usable = connection.is_usable()
        # What the start of a request does, in `close_old_connections`.
        connections["default"].close_if_unusable_or_obsolete()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return usable, cursor.fetchone()[0] != first

    assert apart(look) == (False, True)


def test_after_an_error_the_server_is_asked() -> None:
    def look() -> tuple[bool, int]:
        connection.errors_occurred = True
        return asked_while_looking()

    assert apart(look) == (True, 1)
