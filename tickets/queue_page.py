"""A page of the queue by its place in the order: no page is missed or doubled as tickets move."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Self

from django.db.models import Q, Value

from tickets.urgency import Urgency, rank_of
from tickets.urgency_querysets import Tickets

# A walk through the pages keeps the instant it began at, so that no ticket slips from one group
# into a page already read. Older than this, it would show a queue that no longer is.
WALK_LASTS = timedelta(hours=1)

type Entry = tuple[Urgency, int, tuple[int, ...]]

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
    """Keys of tickets in order with their groups, and the places of the pages around."""

    rows: list[tuple[Urgency, int]]
    before: Place | None
    after: Place | None


def queue_page(
    tickets: Tickets,
    *,
    size: int,
    now: datetime,
    after: Place | None = None,
    before: Place | None = None,
    few: bool = False,
) -> QueuePage:
    """Read a page: the first one, the one after a place, or the one before it.

    `tickets` are open ones, narrowed in any way. One query, or two when the page goes beyond one
    group, which read keys alone: tickets.queue_rows loads what is shown. Whoever changes a ticket
    moves only that one; all others stand on exactly one page of a walk.

    `few` says that only some tickets are left, as by words they hold: those are found first and
    then sorted, in one query, because going through the order would look at each ticket's words.
    """
    place = after or before
    as_of = place.as_of if place is not None else now
    backwards = before is not None and after is None
    read = _sorted_entries if few else _entries
    found = list(islice(read(tickets, place, as_of, size + 1, backwards=backwards), size + 1))
    has_more = len(found) > size
    rows = found[:size]
    if backwards:
        rows.reverse()
    if place is not None and (not rows or (backwards and not has_more)):
        # Nothing is left there, or the pages' edges moved: begin at the beginning.
        return queue_page(tickets, size=size, now=now, few=few)
    return QueuePage(
        [(urgency, key) for urgency, key, _ in rows],
        before=_place(rows[0], as_of) if place is not None else None,
        after=_place(rows[-1], as_of) if rows and (has_more or backwards) else None,
    )


def page_of(found: Sequence[Entry], *, size: int, as_of: datetime) -> QueuePage:
    """The first page, of one entry more than it shows where there are more."""
    rows = found[:size]
    after = _place(rows[-1], as_of) if len(found) > size else None
    return QueuePage([(urgency, key) for urgency, key, _ in rows], before=None, after=after)


def _entries(
    tickets: Tickets,
    place: Place | None,
    as_of: datetime,
    most: int,
    *,
    backwards: bool,
) -> Iterator[Entry]:
    """Read along the index: the first group, and when it is too short the others, in one query."""
    groups = _groups(tickets, place, as_of, backwards=backwards)
    urgency, first = next(groups)
    found = [(urgency, key, tuple(rank)) for key, rank in first.values_list("pk", "rank")[:most]]
    yield from found
    missing = most - len(found)
    # The others are put together only when they are wanted: it takes longer than to read them.
    others = list(groups) if missing else []
    if not others:
        return
    parts = [
        group.annotate(turn=Value(turn)).values_list("turn", "pk", "rank")[:missing]
        for turn, (_, group) in enumerate(others)
    ]
    several = len(parts) > 1
    rows = list(parts[0].union(*parts[1:], all=True).order_by() if several else parts[0])
    rows.sort(key=lambda row: row[2], reverse=backwards)
    rows.sort(key=lambda row: row[0])
    for turn, key, rank in rows[:missing]:
        yield others[turn][0], key, tuple(rank)


def _groups(
    tickets: Tickets, place: Place | None, as_of: datetime, *, backwards: bool
) -> Iterator[tuple[Urgency, Tickets]]:
    for urgency in reversed(Urgency) if backwards else Urgency:
        group = tickets.of_urgency(urgency, as_of)
        if backwards:
            group = group.reverse()
        if place is None:
            yield urgency, group
        elif urgency == place.urgency:
            rank = rank_of(list(place.rank))
            yield urgency, group.filter(**{"rank__lt" if backwards else "rank__gt": rank})
        elif (urgency < place.urgency) is backwards:
            yield urgency, group


def _sorted_entries(
    tickets: Tickets,
    place: Place | None,
    as_of: datetime,
    most: int,
    *,
    backwards: bool,
) -> Iterator[Entry]:
    rows = tickets.in_urgency_order(as_of)
    if place is not None:
        side = "lt" if backwards else "gt"
        rank = rank_of(list(place.rank))
        rows = rows.filter(
            Q(**{f"urgency__{side}": place.urgency})
            | Q(urgency=place.urgency, **{f"rank__{side}": rank})
        )
    if backwards:
        rows = rows.reverse()
    columns = ("urgency", "pk", "rank")
    for urgency, key, numbers in rows.values_list(*columns)[:most]:
        yield Urgency(urgency), key, tuple(numbers)


def _place(entry: Entry, as_of: datetime) -> Place:
    urgency, _, rank = entry
    return Place(as_of, urgency, rank)
