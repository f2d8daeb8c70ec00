"""The tabs of the queue: which tickets each holds, and where it stands."""

from dataclasses import dataclass
from functools import cache

from django.http import QueryDict
from django.urls import reverse

LABELS = {
    "open": "All open",
    "mine": "Mine",
    "unassigned": "Unassigned",
    "at_risk": "At risk",
    "waiting": "Waiting for customer",
    "overdue": "Overdue",
}


@dataclass(frozen=True, slots=True)
class View:
    """A tab of the queue: its name, address and size."""

    key: str
    label: str
    url: str
    count: int


def view_at(path: str, query: QueryDict) -> str:
    """The view of the queue that stands at an address.

    Those that have a page of their own stand at the queue's too: a saved view is a query alone.
    """
    addresses = _addresses()
    own = next((key for key in ("mine", "at_risk") if path == addresses[key]), None)
    asked = query.get("view", "")
    return own or (asked if asked in LABELS else "open")


def address_of(view: str) -> str:
    """Where the whole view stands: never the bare queue, which may begin with a saved view."""
    return _addresses()[view]


def saved_query(address: str) -> str:
    """The query that shows at the queue's own address what stands at this one."""
    path, _, narrowing = address.partition("?")
    query = QueryDict(narrowing, mutable=True)
    view = view_at(path, query)
    query.pop("view", None)
    if view == "open":
        return query.urlencode()
    return "&".join(part for part in (f"view={view}", query.urlencode()) if part)


def tabs(counts: dict[str, int]) -> list[View]:
    """The views with their sizes."""
    addresses = _addresses()
    return [View(key, label, addresses[key], counts[key]) for key, label in LABELS.items()]


@cache
def _addresses() -> dict[str, str]:
    queue_url = reverse("queue")
    own = {"mine": reverse("my_tickets"), "at_risk": reverse("at_risk")}
    return {key: own.get(key, f"{queue_url}?view={key}") for key in LABELS}
