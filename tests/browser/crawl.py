"""Walking a person's pages: one example of each page they can reach by links."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Error

from tests.browser.visitor import Visitor

# Not pages: they end the session, or hand over a file or data.
SKIPPED = {"account_logout", "attachment", "schema", "health", "health_live", "roster_feed"}


def walk(visitor: Visitor, start: str = "/", *, most: int = 80) -> Iterator[tuple[str, str]]:
    """Visit one example of each page reachable from `start`, and yield (page's name, path).

    The page is open in the visitor's window while the caller has the pair.
    """
    waiting, seen = [start], set[str]()
    while waiting and len(seen) < most:
        path = waiting.pop(0)
        name = _name(path)
        if name is None or name in seen or name in SKIPPED:
            continue
        seen.add(name)
        try:
            visitor.page.goto(path)
        except Error as error:
            if "Download is starting" in error.message:
                continue  # A file is no page.
            raise
        yield name, path
        waiting += visitor.links()


def _name(path: str) -> str | None:
    """The page's url name; a page with a query counts as itself."""
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return None
    if urlsplit(path).path.startswith(("/static/", "/api/")):
        return None
    return match.view_name
