"""The tickets behind a figure, newest first, page by page."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from tickets.insight.asking import Question
from tickets.models import Ticket, TicketMeasure

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the tickets of a figure; `total` of all pages, `more` where the next begins."""

    tickets: list[Ticket]
    total: int
    more: int | None


def tickets_of(asked: Question, *, by: User, as_of: datetime, before: int | None = None) -> Listing:
    """List the tickets that a figure counted. Three queries, however many there are."""
    rows = asked.narrow(TicketMeasure.objects.visible_to(by), as_of)
    older = rows if before is None else rows.filter(pk__lt=before)
    keys = list(older.order_by("-pk").values_list("pk", flat=True)[: PAGE_SIZE + 1])
    found = Ticket.objects.with_clock().in_bulk(keys[:PAGE_SIZE])
    return Listing(
        [found[key] for key in keys[:PAGE_SIZE] if key in found],
        rows.count(),
        keys[PAGE_SIZE - 1] if len(keys) > PAGE_SIZE else None,
    )
