"""The tabs of the queue: which tickets each holds, and where it stands."""

from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse


@dataclass(frozen=True, slots=True)
class View:
    """A tab of the queue: its name, address and size."""

    key: str
    label: str
    url: str
    count: int


def view_at(path: str, query: QueryDict) -> str:
    """The view of the queue that stands at an address."""
    own = {reverse("my_tickets"): "mine", reverse("at_risk"): "at_risk"}
    asked = query.get("view", "")
    return own.get(path) or (asked if asked in {"unassigned", "waiting", "overdue"} else "open")


def tabs(counts: dict[str, int]) -> list[View]:
    """The views with their sizes."""
    queue_url = reverse("queue")
    return [
        View("open", "All open", f"{queue_url}?view=open", counts["open"]),
        View("mine", "Mine", reverse("my_tickets"), counts["mine"]),
        View("unassigned", "Unassigned", f"{queue_url}?view=unassigned", counts["unassigned"]),
        View("at_risk", "At risk", reverse("at_risk"), counts["at_risk"]),
        View("waiting", "Waiting for customer", f"{queue_url}?view=waiting", counts["waiting"]),
        View("overdue", "Overdue", f"{queue_url}?view=overdue", counts["overdue"]),
    ]
