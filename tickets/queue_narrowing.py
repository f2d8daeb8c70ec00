"""What narrows the queue, and its first page, asked with SQL that is put together once a kind."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self

from django.core.exceptions import EmptyResultSet
from django.db.models import IntegerField, Q, Value

from accounts.compiled import Compiled
from accounts.models import User
from accounts.plain_rows import plain_rows
from tickets.choices import TicketState
from tickets.common_words import are_common
from tickets.models import QueueWords, Ticket
from tickets.querysets import SEES_ALL_TICKETS
from tickets.queue_facets import condition
from tickets.queue_page import Entry, QueuePage, page_of
from tickets.queue_querysets import QueueWordsQuerySet
from tickets.search.asking import Term
from tickets.search.finding import words_of
from tickets.urgency import Urgency
from tickets.urgency_querysets import Tickets

VIEWS = ("open", "mine", "unassigned", "at_risk", "waiting", "overdue")
# Views that time moves tickets into.
_OF_NOW = ("at_risk", "overdue")
# Kinds of narrowing that are kept; more drop them all.
MOST_KINDS = 256
# Stands where no instant is asked for.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# What a row of `Narrowing.entries` has.
_ENTRY = "urgency, pk, rank"

_kept: dict[Any, Compiled[Any]] = {}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The open tickets a person sees, in a view, under facets, words and operators.

    `chosen` has the facets with their values as `queue_facets.typed` gives them; `condition` is
    what operators mean.
    """

    by: User
    view: str
    chosen: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    terms: tuple[Term, ...] = ()
    condition: Q = field(default_factory=Q)

    def of_view(self, now: datetime, *, in_turn: bool = False) -> Tickets:
        """The tickets of the view and the words searched, under any facet.

        `in_turn` to look for words in ticket by ticket: sooner where many have them.
        """
        rows: Tickets
        if not self.terms:
            rows = Ticket.objects.visible_to(self.by).open().filter(self.condition)
        else:
            words = words_of(self.terms)
            seen: QueueWordsQuerySet = QueueWords.objects.visible_to(self.by)
            said = seen.saying_in_turn(words) if in_turn else seen.saying(words)
            rows = said.of_tickets(self.condition)
        return in_view(rows, self.view, by=self.by, now=now)

    def tickets(self, now: datetime, *, in_turn: bool = False) -> Tickets:
        """The tickets that match every facet and the words; `in_turn` as for `of_view`."""
        rows = self.of_view(now, in_turn=in_turn)
        for facet, values in self.chosen.items():
            rows = rows.filter(condition(facet, values))
        return rows

    def first_page(self, *, size: int, now: datetime) -> QueuePage:
        """Read the first page, as `queue_page` does.

        One query; two where all that is open does not fill a page with what is overdue.
        """
        found = list[Entry]()
        for groups in self._steps():
            if len(found) <= size:
                found += self._ask(groups, size + 1, now)
        return page_of(found[: size + 1], size=size, as_of=now)

    def entries(self, group: Urgency | None, *, most: int, now: datetime) -> Tickets:
        """A group's urgency, keys and ranks in order, or all groups': the first so many."""
        rows = self.tickets(now, in_turn=group is not None)
        if group is None:
            rows = rows.in_urgency_order(now)
        else:
            rows = rows.of_urgency(group, now).annotate(urgency=Value(group, IntegerField()))
        return rows.values_list("urgency", "pk", "rank")[:most]  # type: ignore[return-value]  # urgency is told on the way

    def _steps(self) -> Sequence[Sequence[Urgency | None]]:
        """The groups that are asked for together, in the queue's order; None is all, sorted."""
        if self.terms:
            return [list(Urgency)] if self._goes_in_turn() else [[None]]
        if self.view == "open" and not self.chosen and not self.condition:
            first, *others = Urgency
            return [[first], others]
        return [list(Urgency)]

    def _goes_in_turn(self) -> bool:
        """Whether going through the queue soon comes upon a page of those who have the words."""
        narrows = self.view != "open" or self.chosen or self.condition
        return not narrows and self.by.has_role(*SEES_ALL_TICKETS) and are_common(self.terms)

    def _ask(self, groups: Sequence[Urgency | None], most: int, now: datetime) -> list[Entry]:
        parts, params = [], list[Any]()
        for group in groups:
            if (asked := self._statement(group, most, now)) is not None:
                parts.append(asked[0])
                params += asked[1]
        if not parts:
            return []
        rows = plain_rows(_in_turn(parts, most), params)
        return [(Urgency(urgency), key, tuple(rank)) for urgency, key, rank in rows]

    def _statement(
        self, group: Urgency | None, most: int, now: datetime
    ) -> tuple[str, Sequence[Any]] | None:
        """The SQL of a group, or of all; None where it is plain that nothing is found."""
        if self.condition or "tag" in self.chosen:
            with suppress(EmptyResultSet):
                return self.entries(group, most=most, now=now).query.sql_with_params()
            return None
        facets = tuple((facet, None in values) for facet, values in self.chosen.items())
        kind = _Kind(self.view, facets, tuple(map(_Said.of, self.terms)), group, most)
        known = _kept.get(kind)
        if known is None:
            if len(_kept) >= MOST_KINDS:
                _kept.clear()
            known = _kept[kind] = Compiled(kind.put)
        values = [[one for one in given if one is not None] for given in self.chosen.values()]
        moment = [now] if kind.is_of_now else []
        return known.statement(self.by, *moment, *values, *(term.text for term in self.terms))


def _in_turn(parts: Sequence[str], most: int) -> str:
    """One statement of several, each asked only while those before it leave the page room."""
    if len(parts) == 1:
        return parts[0]
    asked, before = [], "0"
    for place, part in enumerate(parts):
        guarded = f"SELECT {_ENTRY} FROM ({part}) AS part WHERE {before} < {most}"  # noqa: S608 - names of our own
        asked.append(f"part_{place} AS MATERIALIZED ({guarded})")
        before += f" + (SELECT count(*) FROM part_{place})"  # noqa: S608 - names of our own
    found = " UNION ALL ".join(f"TABLE part_{place}" for place in range(len(parts)))
    together = f"SELECT {_ENTRY} FROM ({found}) AS found ORDER BY urgency, rank LIMIT {most}"  # noqa: S608 - names of our own
    return f"WITH {', '.join(asked)} {together}"


class _Said(NamedTuple):
    """What the SQL of a term follows from beside its text."""

    is_phrase: bool
    is_out: bool

    @classmethod
    def of(cls, term: Term) -> Self:
        return cls(term.is_phrase, term.is_out)


class _Kind(NamedTuple):
    """What the SQL of an entry follows from beside the kinds of the values."""

    view: str
    facets: tuple[tuple[str, bool], ...]
    terms: tuple[_Said, ...]
    group: Urgency | None
    most: int

    @property
    def is_of_now(self) -> bool:
        return self.group is not Urgency.RESTING or self.view in _OF_NOW

    def put(self, by: User, *values: Any) -> Tickets:
        """The question, of values in their order."""
        given = iter(values)
        now = next(given) if self.is_of_now else _NEVER
        chosen = {
            facet: [*next(given), *([None] if has_none else [])] for facet, has_none in self.facets
        }
        terms = tuple(Term(next(given), one.is_phrase, one.is_out) for one in self.terms)
        return Narrowing(by, self.view, chosen, terms).entries(self.group, most=self.most, now=now)


def in_view[Rows: Tickets](tickets: Rows, view: str, *, by: User, now: datetime) -> Rows:
    """Keep the open tickets of a view."""
    narrowed = {
        "mine": lambda: tickets.filter(assignee=by),
        "unassigned": lambda: tickets.filter(assignee__isnull=True),
        "at_risk": lambda: tickets.at_risk(now),
        "overdue": lambda: tickets.overdue(now),
        "waiting": lambda: tickets.filter(Q(state=TicketState.WAITING_FOR_CUSTOMER)),
    }
    return narrowed[view]() if view in narrowed else tickets
