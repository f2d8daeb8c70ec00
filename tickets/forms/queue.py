"""What narrows the queue."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property, reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Lower
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from accounts.compiled import Compiled
from accounts.errors import InvalidInput
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from tickets.choices import OPEN_STATES
from tickets.models import Tag
from tickets.queue_choices import Choices, QueueChoices
from tickets.queue_facets import (
    NONE,
    TURNS,
    FacetCounts,
    Option,
    facet_counts,
    options,
    tag_counts,
    typed,
)
from tickets.queue_narrowing import Narrowing
from tickets.search.asking import Asked, read_question
from tickets.search.operators import narrow
from tickets.tag_names import normal_tags

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
    "tag": "Tag",
}
# Facets whose values can be typed, and where the browser gets suggestions for them.
TYPED = {"customer": "customer_names", "tag": "tag_names"}


_address = cache(reverse)


def _customers_named(by: User, asked: list[str]) -> QuerySet[Customer]:
    """Companies by slug or by name, which in small letters only one of them has."""
    named = Q(slug__in=asked) | Q(small__in=[Lower(Value(one)) for one in asked])
    seen = Customer.objects.visible_to(by).alias(small=Lower("name"))
    return seen.filter(named).only("slug", "name").order_by("name")


_CUSTOMERS = Compiled(_customers_named)


def _customers_like(by: User, asked: list[str]) -> QuerySet[Customer]:
    """Companies whose name begins so: who typed half a name and did not choose means these."""
    begun = reduce(or_, (Q(name__istartswith=one) for one in asked))
    return Customer.objects.visible_to(by).filter(begun).order_by("name")[:MOST_VALUES]


@dataclass(frozen=True, slots=True)
class Facet:
    """A way to narrow, with its values.

    `suggestions` is where names come from while somebody types another one, empty where nobody
    does; the values of `options_url` are fetched when the facet is opened.
    """

    name: str
    label: str
    options: list[Option]
    suggestions: str = ""
    options_url: str = ""

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
    """What an address narrows the queue by; a value nobody knows narrows nothing, and is told."""

    def __init__(self, query: QueryDict, *, choices: QueueChoices, by: User) -> None:
        self._query = query
        self._by = by
        self._known: dict[str, Choices] = {
            "severity": [(str(value), str(label)) for value, label in Severity.choices],
            "plan": choices.plans,
            "product": [*choices.products, (NONE, "None named")],
            "assignee": [(NONE, "Nobody"), *choices.holders],
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
        # What an operator means may depend on who asks: "assignee:me", a day of their zone.
        reader = self._by.pk if self._asked.operators else None
        return repr([narrowing, self.words, reader])

    @property
    def holds_words(self) -> bool:
        """Whether words are looked for, a number among them, and not operators alone."""
        return bool(self._asked.words)

    def narrowing(self, view: str) -> Narrowing:
        """What is left of a view."""
        terms = self._asked.terms if self.holds_words else ()
        return Narrowing(self._by, view, self._typed, terms, self._operators[0])

    @property
    def hints(self) -> list[str]:
        """What was not understood of what was typed, and what the reader does not know."""
        unknown = [
            f"“{label}” narrows nothing here: its value is gone, or not yours to see."
            for name, label in LABELS.items()
            if any(self._query.getlist(name)) and name not in self.chosen
        ]
        hints = [*unknown, *self._operators[1]]
        if self._asked.terms and not self._asked.words:
            return [*hints, "Add a word to look for: words to leave out narrow nothing alone."]
        return hints

    @property
    def chips(self) -> list[Chip]:
        """What narrows, each with the query that is left without it."""
        found = []
        for name, values in self.chosen.items():
            labels = self._labels(name)
            for value in values:
                rest = self._query.copy()
                rest.setlist(name, [other for other in values if other != value])
                for place in ("after", "before"):
                    rest.pop(place, None)
                found.append(Chip(LABELS[name], labels[value], rest.urlencode()))
        if self.words:
            rest = self._query.copy()
            for place in ("q", "after", "before"):
                rest.pop(place, None)
            found.append(Chip("Words", self.words, rest.urlencode()))
        return found

    def tag_options(self, view: str, now: datetime) -> list[Option]:
        """The tags of a view's tickets under the other filters, the most frequent first."""
        others = {name: values for name, values in self._typed.items() if name != "tag"}
        counts = dict(tag_counts(replace(self.narrowing(view), chosen=others).tickets(now)))
        chosen = self.chosen.get("tag", [])
        names = [*counts, *(name for name in chosen if name not in counts)]
        return [Option(name, name, counts.get(name, 0), name in chosen) for name in names]

    def counts(self, view: str, now: datetime) -> FacetCounts:
        """Count what the tickets of a view fall into."""
        return facet_counts(self.narrowing(view).of_view(now), self._typed)

    def facets(self, found: FacetCounts, view: str) -> list[Facet]:
        """The facets as the page draws them."""
        listed = dict(found.customers) | dict(self._customers.values())
        known = {**self._known, "customer": list(listed.items())}
        facets = []
        for name, label in LABELS.items():
            suggestions = _address(TYPED[name]) if name in TYPED else ""
            if name == "tag":
                chosen = [Option(one, one, None, True) for one in self.chosen.get(name, [])]
                url = f"{_address('queue_tags')}?in={view}&{self._query.urlencode()}"
                facets.append(Facet(name, label, chosen, suggestions, url))
                continue
            values = options(known[name], found.counts[name], self.chosen.get(name, []))
            if name == "customer":
                values.sort(key=lambda one: (-(one.count or 0), one.label))
            facets.append(Facet(name, label, values, suggestions))
        return facets

    @cached_property
    def _asked(self) -> Asked:
        return read_question(self.words)

    @cached_property
    def _operators(self) -> tuple[Q, list[str]]:
        return narrow(self._asked, by=self._by, now=timezone.now())

    @cached_property
    def _tags(self) -> list[str]:
        """The tags that were named and that somebody uses."""
        named = []
        for given in self._query.getlist("tag")[:MOST_VALUES]:
            with suppress(InvalidInput):
                named += normal_tags(given)
        if not named:
            return []
        return list(Tag.objects.filter(name__in=named).values_list("name", flat=True))

    def _labels(self, name: str) -> dict[str, str]:
        if name == "tag":
            return {one: one for one in self._tags}
        return dict(self._customers.values() if name == "customer" else self._known[name])

    @cached_property
    def _customers(self) -> dict[str, tuple[str, str]]:
        """The companies that were chosen by slug, or named; by key."""
        asked = [one.strip() for one in self._query.getlist("customer")[:MOST_VALUES]]
        asked = [one for one in asked if one and "\x00" not in one and len(one) <= 200]
        if not asked:
            return {}
        found = _CUSTOMERS.all(self._by, asked) or _customers_like(self._by, asked)
        return {str(one.pk): (one.slug, one.name) for one in found}

    @cached_property
    def _typed(self) -> dict[str, Sequence[Any]]:
        """The facets that narrow, with their values as the tickets have them."""
        return {
            name: typed(name, list(self._customers) if name == "customer" else values)
            for name, values in self.chosen.items()
        }

    def _chosen_of(self, name: str) -> list[str]:
        if name == "customer":
            return [slug for slug, _ in self._customers.values()]
        if name == "tag":
            return self._tags
        known = {value for value, _ in self._known[name]}
        sent: Sequence[str] = self._query.getlist(name)[:MOST_VALUES]
        return [value for value in dict.fromkeys(sent) if value in known]
