"""A page as somebody reads it."""

import html
import re
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

# Elements within a line; the others set their words apart.
_INLINE = re.compile(r"</?(?:a|b|code|s|span|strong|time)\b[^>]*>")


def words(response: Any) -> str:
    """The words of a page, without its markup."""
    return _plain(response.content.decode())


def element(response: Any, key: str) -> str:
    """The words from the element with an id up to the next one with an id."""
    text = response.content.decode()
    found = re.search(rf'id="{key}"[^>]*>(.*?)(?=<[^>]* id=")', text, re.DOTALL)
    assert found is not None, f"there is no {key}"
    return _plain(found[1])


def _plain(markup: str) -> str:
    text = re.sub(r"<[^>]*>", " ", _INLINE.sub("", markup))
    return " ".join(html.unescape(text).split())


def queries_of(client: Client, path: str) -> int:
    """How many queries a page takes."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert response.status_code == 200
    return len(queries)
