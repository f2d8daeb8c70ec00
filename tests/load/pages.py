"""What is measured: each kind of request, with many different ones of it."""

import itertools
import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urljoin

from tests.load.client import Connection, Request, get, post

# Words that many tickets have, some have, and few have.
WORDS = ("update", "proxy", "service restart", "quarantine", "export", "relay", "headset", "policy")
# Words that fill a page of the queue at every size. Of the others a small queue has few tickets,
# which is little to draw: only these tell what the number of tickets itself costs.
COMMON = ("agent", "machines", "console", "server", "database")
# What the subjects begin with that are filed while measuring (tests.load.tidying).
FILED = "Agents at the Leeds site stop reporting after the update"
FACETS = ("severity=1", "severity=3", "state=waiting_for_customer", "plan=5", "product=2")


@dataclass(frozen=True)
class Page:
    """A kind of request, and the requests a second it must reach at concurrency 8."""

    name: str
    target: int | None
    requests: Callable[[], Iterator[Request]]


def pages(people: dict[str, Any], port: int) -> list[Page]:
    """List what is measured, the floor first."""
    cookies = [f"Cookie: {people['cookie']}={key}; {people['csrf']}" for key in people["sessions"]]
    token = f"Authorization: Bearer {people['reader']}"

    def desk(*paths: str) -> Callable[[], Iterator[Request]]:
        """Every path as every engineer, in turn."""
        turns = [get(path, cookie) for path in paths for cookie in cookies]
        return lambda: itertools.cycle(turns)

    facets = [f"/queue/?{facet}" for facet in FACETS]
    facets += [f"/queue/?assignee={people['assignee']}", "/queue/?view=unassigned"]
    facets += [f"/queue/?customer={slug}" for slug in people["customers"][:3]]
    return [
        Page("floor", None, lambda: itertools.cycle([get("/floor/", cookies[0])])),
        Page("queue", 120, desk("/queue/")),
        Page("queue, a facet", 120, desk(*facets)),
        Page("queue, page 50", 120, desk(_page(port, cookies[0], 50))),
        Page("ticket, 20 messages", 150, desk(*(f"/tickets/{one}/" for one in people["tickets"]))),
        Page("search", 115, desk(*map(_search, WORDS))),
        Page("search, a full page", 115, desk(*map(_search, COMMON))),
        Page("filing", 120, lambda: _filings(people)),
        Page(
            "API list of 25",
            150,
            lambda: itertools.cycle([get("/api/v1/tickets/", token, "Accept: application/json")]),
        ),
    ]


def _search(words: str) -> str:
    return f"/queue/?q={quote_plus(words)}"


def _page(port: int, cookie: str, number: int) -> str:
    """Walk to a page of the queue as a reader does; the last one when there are fewer."""
    connection, path = Connection(port), "/queue/"
    for _ in range(number - 1):
        _, answer = connection.send(get(path, cookie).wire)
        found = re.search(rb'rel="next" href="([^"]+)"', answer)
        if found is None:
            break
        path = urljoin(path, found[1].decode().replace("&amp;", "&"))
    connection.close()
    return path


def _filings(people: dict[str, Any]) -> Iterator[Request]:
    """One premium incident in four, each with a key of its own, from many people in turn."""
    premium, break_fix = itertools.cycle(people["premium"]), itertools.cycle(people["break_fix"])
    for number in itertools.count():
        is_premium = number % 4 == 0 and people["premium"]
        one = next(premium if is_premium else break_fix)
        body = {
            "company": one["company"],
            "kind": "premium" if is_premium else "break_fix",
            "severity": 1 + number % 4,
            "subject": f"{FILED}, {number}",
            "description": "Since 09:40 about thirty machines show as offline. " * 6,
        }
        yield post(
            "/api/v1/tickets/",
            json.dumps(body).encode(),
            f"Authorization: Bearer {one['token']}",
            f"Idempotency-Key: {uuid.uuid4()}",
            status=201,
        )
