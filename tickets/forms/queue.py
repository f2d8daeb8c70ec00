"""What narrows the queue."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.http import QueryDict

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from tickets.choices import OPEN_STATES
from tickets.querysets import TicketQuerySet
from tickets.queue_choices import Choices, QueueChoices
from tickets.queue_facets import NONE, TURNS, FacetCounts, Option, condition, facet_counts, options

# More than anybody chooses of one kind.
MOST_VALUES = 20
LABELS = {
    "severity": "Severity",
    "plan": "Tier",
    "customer": "Customer",
    "product": "Product",
    "assignee": "Assignee",
    "state": "State",
    "turn": "Turn",
}


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow, with its values; `typed` says that others can be named in a field."""

    name: str
    label: str
    options: list[Option]
    is_typed: bool

    @property
    def chosen(self) -> list[Option]:
        return [one for one in self.options if one.is_chosen]


@dataclass(frozen=True, slots=True)
class Chip:
    """A value that narrows, and the query without it."""

    label: str
    value: str
    query: str


class QueueFilter:
    """What an address narrows the queue by; a value nobody knows narrows nothing."""

    def __init__(self, query: QueryDict, *, choices: QueueChoices, by: User) -> None:
        self._query = query
        self._by = by
        self._known: dict[str, Choices] = {
            "severity": [(str(value), str(label)) for value, label in Severity.choices],
            "plan": choices.plans,
            "product": [*choices.products, (NONE, "None named")],
            "assignee": [(NONE, "Nobody"), *choices.engineers],
            "state": [(state.value, str(state.label)) for state in OPEN_STATES],
            "turn": [(turn, label) for turn, (label, _) in TURNS.items()],
        }
        self._are_all_listed = choices.customers is not None

    @cached_property
    def chosen(self) -> dict[str, list[str]]:
        """The facets that narrow, with their values; customers by slug."""
        found = {name: self._chosen_of(name) for name in LABELS}
        return {name: values for name, values in found.items() if values}

    @cached_property
    def words(self) -> str:
        """What is searched for."""
        words = self._query.get("q", "").replace("\x00", "").strip()
        return words if len(words) <= 200 else ""

    @property
    def canonical(self) -> str:
        """What narrows, as one text: the same for the same narrowing."""
        narrowing = sorted((name, sorted(values)) for name, values in self.chosen.items())
        return repr([narrowing, self.words])

    @property
    def chips(self) -> list[Chip]:
        """What narrows, each with the query that is left without it."""
        found = []
        for name, values in self.chosen.items():
            labels = dict(self._customers.values() if name == "customer" else self._known[name])
            for value in values:
                rest = self._query.copy()
                rest.setlist(name, [other for other in values if other != value])
                for place in ("after", "before"):
                    rest.pop(place, None)
                found.append(Chip(LABELS[name], labels[value], rest.urlencode()))
        return found

    def narrow(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """Keep the tickets that match every facet and the words."""
        for name, values in self._conditions.items():
            tickets = tickets.filter(condition(name, values))
        return self.search(tickets)

    def search(self, tickets: TicketQuerySet) -> TicketQuerySet:
        """Keep the tickets that match the words."""
        return tickets.matching(self.words) if self.words else tickets

    def counts(self, tickets: TicketQuerySet) -> FacetCounts:
        """Count what the tickets of a view fall into."""
        return facet_counts(self.search(tickets), self._conditions)

    def facets(self, found: FacetCounts) -> list[Facet]:
        """The facets as the page draws them."""
        listed = dict(found.customers) | dict(self._customers.values())
        known = {**self._known, "customer": list(listed.items())}
        facets = []
        for name, label in LABELS.items():
            values = options(known[name], found.counts[name], self.chosen.get(name, []))
            if name == "customer":
                values.sort(key=lambda one: (-one.count, one.label))
            facets.append(Facet(name, label, values, is_typed=name == "customer"))
        return facets

    @cached_property
    def _customers(self) -> dict[str, tuple[str, str]]:
        """The companies that were chosen by slug, or named; by key."""
        asked = [one.strip() for one in self._query.getlist("customer")[:MOST_VALUES]]
        asked = [one for one in asked if one and "\x00" not in one and len(one) <= 200]
        if not asked:
            return {}
        named = Q(slug__in=asked)
        for one in asked:
            named |= Q(name__iexact=one)
        seen = Customer.objects.visible_to(self._by).filter(named).order_by("name")
        return {
            str(key): (slug, name) for key, slug, name in seen.values_list("pk", "slug", "name")
        }

    @property
    def _conditions(self) -> dict[str, list[str]]:
        return {
            name: list(self._customers) if name == "customer" else values
            for name, values in self.chosen.items()
        }

    def _chosen_of(self, name: str) -> list[str]:
        if name == "customer":
            return [slug for slug, _ in self._customers.values()]
        known = {value for value, _ in self._known[name]}
        sent: Sequence[str] = self._query.getlist(name)[:MOST_VALUES]
        return [value for value in dict.fromkeys(sent) if value in known]
