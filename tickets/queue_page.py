"""A page of the queue by its place in the order: no page is missed or doubled as tickets move."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.urgency import Urgency, rank_of

# A walk through the pages keeps the instant it began at, so that no ticket slips from one group
# into a page already read. Older than this, it would show a queue that no longer is.
WALK_LASTS = timedelta(hours=1)

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_WRITTEN = re.compile(r"\d{1,18}\.[0-3](\.-?\d{1,19}){1,20}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Place:
    """A row of the order, to begin after or before: its group, as of an instant, and its rank."""

    as_of: datetime
    urgency: Urgency
    rank: tuple[int, ...]

    def __str__(self) -> str:
        began = (self.as_of - _EPOCH) // timedelta(microseconds=1)
        return ".".join(str(number) for number in (began, int(self.urgency), *self.rank))

    @classmethod
    def read(cls, text: str, *, now: datetime) -> Self | None:
        """Read a place from an address; None for one that is not ours."""
        if not _WRITTEN.fullmatch(text):
            return None
        began, urgency, *rank = (int(number) for number in text.split("."))
        if any(abs(number) >= 2**63 for number in rank):
            return None
        try:
            as_of = _EPOCH + timedelta(microseconds=began)
        except OverflowError:
            return None
        if not now - WALK_LASTS <= as_of <= now:
            as_of = now
        return cls(as_of, Urgency(urgency), tuple(rank))


@dataclass(frozen=True, slots=True)
class QueuePage:
    """Rows in order with their groups, and the places of the pages before and after."""

    rows: list[tuple[Urgency, Ticket]]
    before: Place | None
    after: Place | None


def queue_page(
    tickets: TicketQuerySet,
    *,
    size: int,
    now: datetime,
    after: Place | None = None,
    before: Place | None = None,
) -> QueuePage:
    """Read a page: the first one, the one after a place, or the one before it.

    `tickets` are open ones, narrowed in any way, with what their rows need loaded. One query for
    each group the page touches. Whoever changes a ticket moves only that ticket: all others stand
    on exactly one page of a walk.
    """
    place = after or before
    as_of = place.as_of if place is not None else now
    backwards = before is not None and after is None
    rows: list[tuple[Urgency, Ticket]] = []
    for urgency, group in _groups(tickets, place, as_of, backwards=backwards):
        rows += [(urgency, ticket) for ticket in group[: size + 1 - len(rows)]]
        if len(rows) > size:
            break
    has_more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    if place is not None and (not rows or (backwards and not has_more)):
        # Nothing is left there, or the pages' edges moved: begin at the beginning.
        return queue_page(tickets, size=size, now=now)
    return QueuePage(
        rows,
        before=_place(rows[0], as_of) if place is not None else None,
        after=_place(rows[-1], as_of) if rows and (has_more or backwards) else None,
    )


def _groups(
    tickets: TicketQuerySet, place: Place | None, as_of: datetime, *, backwards: bool
) -> Iterator[tuple[Urgency, TicketQuerySet]]:
    groups = list(tickets.by_urgency(as_of))
    if backwards:
        groups = [(urgency, group.reverse()) for urgency, group in reversed(groups)]
    for urgency, group in groups:
        if place is None:
            yield urgency, group
        elif urgency == place.urgency:
            rank = rank_of(list(place.rank))
            yield urgency, group.filter(**{"rank__lt" if backwards else "rank__gt": rank})
        elif (urgency < place.urgency) is backwards:
            yield urgency, group


def _place(row: tuple[Urgency, Ticket], as_of: datetime) -> Place:
    urgency, ticket = row
    return Place(as_of, urgency, tuple(ticket.rank))
