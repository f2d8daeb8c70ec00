"""What open tickets fall into, with counts: each facet's as right under the others chosen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, F, Func, Q

from accounts.compiled import Compiled
from entitlements.models import Edition, known_editions
from tickets.choices import TicketState
from tickets.queue_choices import Choices
from tickets.urgency_querysets import Tickets

# Values without a row of their own: nobody has it, no product is named.
NONE = "none"
# So many customers are listed by their counts; others are typed by name.
MOST_CUSTOMERS_SHOWN = 15
MOST_TAGS_SHOWN = 20

TURNS = {
    "us": ("Ours", (TicketState.NEW, TicketState.IN_PROGRESS)),
    "customer": ("The customer’s", (TicketState.WAITING_FOR_CUSTOMER,)),
    "lab": ("The lab’s", (TicketState.WAITING_FOR_LAB,)),
}
# The columns of the queue's index that are counted by; a turn is told by the state.
COLUMNS = {
    "state": "state",
    "severity": "severity",
    "plan": "edition_id",
    "product": "product_id",
    "assignee": "assignee_id",
    "customer": "customer_id",
}

# Facets with their values, which are `typed`.
type Chosen = Mapping[str, Sequence[Any]]
_EDITIONS = Compiled(lambda plans: Edition.objects.filter(plan__in=plans))

type Counts = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Option:
    """A value of a facet. `count` is of the tickets left when it were chosen; None: not counted."""

    value: str
    label: str
    count: int | None
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class FacetCounts:
    """Counts by facet and value, and the customers that are listed, by slug and name."""

    counts: Counts
    customers: Choices


def typed(facet: str, values: Sequence[str]) -> Sequence[Any]:
    """Values as `condition` takes them: keys, names of states and tags; None for none.

    A plan is asked for by its editions, which the queue's index knows, and which are few.
    """
    if facet == "turn":
        return [str(state) for value in values for state in TURNS[value][1]]
    if facet == "plan":
        return [one.pk for one in _EDITIONS.all([int(value) for value in values])]
    if facet in {"tag", "state"}:
        return values
    return [None if value == NONE else int(value) for value in values]


def condition(facet: str, values: Sequence[Any]) -> Q:
    """The tickets that have one of the values, which are `typed`."""
    if facet == "tag":
        return Q(tags__overlap=list(values))
    column = {"turn": "state", "plan": "edition"}.get(facet, facet)
    found = Q(**{f"{column}__in": [value for value in values if value is not None]})
    return found | Q(**{f"{column}__isnull": True}) if None in values else found


def facet_counts(tickets: Tickets, chosen: Chosen) -> FacetCounts:
    """Count tickets by each facet, narrowed by what is chosen in the others, in one query.

    `tickets` are of the view and the words searched, not yet narrowed by a facet.
    """
    columns = [*COLUMNS.values(), *(f"in_{facet}" for facet in chosen)]
    narrowed = {f"in_{facet}": condition(facet, values) for facet, values in chosen.items()}
    rows = tickets.order_by().annotate(**narrowed).values_list(*columns)
    try:
        inner, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return _read([], chosen)
    counted = ", ".join(_count(facet, chosen) for facet in (*COLUMNS, "turn"))
    grouped = ", ".join(f"({column})" for column in COLUMNS.values())
    listed = ", ".join(COLUMNS.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT told.*, customer.slug, customer.name "  # noqa: S608 - names of our own
            f"FROM (SELECT GROUPING({listed}), {listed}, {counted} "
            f"FROM ({inner}) AS found ({', '.join(columns)}) GROUP BY GROUPING SETS ({grouped})) "
            "AS told LEFT JOIN entitlements_customer AS customer ON customer.id = told.customer_id",
            params,
        )
        found = cursor.fetchall()
    return _read(found, chosen)


def _count(facet: str, chosen: Chosen) -> str:
    others = [f"in_{other}" for other in chosen if other != facet]
    return f"count(*) FILTER (WHERE {' AND '.join(others)})" if others else "count(*)"


def _read(rows: Iterable[Sequence[int | str | None]], chosen: Chosen) -> FacetCounts:
    facets = list(COLUMNS)
    counts: Counts = {facet: {} for facet in (*facets, "turn")}
    customers = []
    wanted = {int(key) for key in chosen.get("customer", ())}
    for grouping, *values, slug, name in rows:
        # One bit a column, the first the highest; unset for the column a row is grouped by.
        place = next(at for at in range(len(facets)) if not int(grouping or 0) >> (5 - at) & 1)
        facet, key = facets[place], values[place]
        size = int(values[len(facets) + place] or 0)
        if facet == "customer":
            customers.append((size, str(slug), str(name), key in wanted))
            continue
        if facet == "plan":
            key = known_editions.get(int(key or 0)).plan_id
        if facet == "state":
            turn = next(turn for turn, (_, states) in TURNS.items() if key in states)
            counts["turn"][turn] = counts["turn"].get(turn, 0) + int(values[-1] or 0)
        value = NONE if key is None else str(key)
        counts[facet][value] = counts[facet].get(value, 0) + size
    customers.sort(reverse=True)
    # Of thousands those are kept that a page can show.
    most = customers[:MOST_CUSTOMERS_SHOWN]
    shown = [*most, *(one for one in customers[MOST_CUSTOMERS_SHOWN:] if one[3])]
    counts["customer"] = {slug: size for size, slug, _, _ in shown}
    return FacetCounts(counts, [(slug, name) for size, slug, name, _ in most if size])


def tag_counts(tickets: Tickets, *, most: int = MOST_TAGS_SHOWN) -> list[tuple[str, int]]:
    """Count tickets by tag, the most first: asked apart, because no index has them all."""
    tagged = tickets.order_by().exclude(tags=[]).annotate(tag=Func(F("tags"), function="unnest"))
    counted = tagged.values("tag").annotate(size=Count("pk")).order_by("-size", "tag")
    return list(counted.values_list("tag", "size")[:most])


def options(known: Choices, counts: Mapping[str, int], chosen: Sequence[str]) -> list[Option]:
    """The values to show: those some ticket has, and those chosen."""
    return [
        Option(value, label, counts.get(value, 0), value in chosen)
        for value, label in known
        if value in chosen or counts.get(value)
    ]
