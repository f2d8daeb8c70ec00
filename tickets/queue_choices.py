"""What the queue can be narrowed by: plans, products, people of ours, customers; one query."""

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, IntegerField, QuerySet, Value
from django.db.models.functions import Cast

from accounts.models import User
from entitlements.models import Customer, Plan
from tickets.models import Product
from tickets.permissions import WORKS_TICKETS

# More customers than this are found by typing, not in a list nobody reads to its end.
MOST_CUSTOMERS = 100

type Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class QueueChoices:
    """Keys and names. `customers` are by slug, and None when they are too many for a list."""

    plans: Choices
    products: Choices
    engineers: Choices
    customers: Choices | None


def queue_choices(user: User) -> QueueChoices:
    """Return what this reader's queue can be narrowed by."""
    customers = Customer.objects.visible_to(user).order_by("name")[: MOST_CUSTOMERS + 1]
    rows = _rows("plan", Plan.objects.order_by(), place="order").union(
        _rows("product", Product.objects.order_by(), place="order"),
        _rows("engineer", User.objects.active().with_role(*WORKS_TICKETS).order_by()),
        _rows("customer", customers, key="slug"),
        all=True,
    )
    found: dict[str, Choices] = {"plan": [], "product": [], "engineer": [], "customer": []}
    for kind, key, name, _ in rows.order_by("choice_kind", "choice_place", "name", "choice_key"):
        found[kind].append((key, name))
    return QueueChoices(
        plans=found["plan"],
        products=found["product"],
        engineers=found["engineer"],
        customers=found["customer"] if len(found["customer"]) <= MOST_CUSTOMERS else None,
    )


def _rows(kind: str, rows: QuerySet[Any], *, key: str = "pk", place: str | None = None) -> Any:
    """Rows of one kind: what it is, its key as text, its name, its place in its list."""
    return rows.annotate(
        choice_kind=Value(kind, CharField()),
        choice_key=Cast(key, CharField()),
        choice_place=Cast(place, IntegerField()) if place else Value(0, IntegerField()),
    ).values_list("choice_kind", "choice_key", "name", "choice_place")
