"""What the queue can be narrowed by: plans, products, people of ours, customers; one query."""

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, IntegerField, QuerySet, Value
from django.db.models.functions import Cast

from accounts.models import User
from entitlements.models import Customer, Plan
from tickets.models import Product, Ticket
from tickets.permissions import WORKS_TICKETS

# More customers than this are found by typing, not in a list nobody reads to its end.
MOST_CUSTOMERS = 100

KINDS = ("plan", "product", "engineer", "left", "customer")

type Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class QueueChoices:
    """Keys and names. `customers` are by slug, and None when they are too many for a list.

    `holders` are the engineers, and who still has open tickets without being one any more: no
    queue of free ones shows theirs.
    """

    plans: Choices
    products: Choices
    engineers: Choices
    holders: Choices
    customers: Choices | None


def queue_choices(user: User) -> QueueChoices:
    """Return what this reader's queue can be narrowed by."""
    customers = Customer.objects.visible_to(user).order_by("name")[: MOST_CUSTOMERS + 1]
    engineers = User.objects.active().with_role(*WORKS_TICKETS)
    held = Ticket.objects.visible_to(user).open().filter(assignee__isnull=False).order_by()
    left = User.objects.filter(pk__in=held.values("assignee")).exclude(
        pk__in=engineers.values("pk")
    )
    rows = _rows("plan", Plan.objects.order_by(), place="order").union(
        _rows("product", Product.objects.order_by(), place="order"),
        _rows("engineer", engineers.order_by()),
        _rows("left", left.order_by()),
        _rows("customer", customers, key="slug"),
        all=True,
    )
    found: dict[str, Choices] = {kind: [] for kind in KINDS}
    for kind, key, name, _ in rows.order_by("choice_kind", "choice_place", "name", "choice_key"):
        found[kind].append((key, name))
    return QueueChoices(
        plans=found["plan"],
        products=found["product"],
        engineers=found["engineer"],
        holders=[
            *found["engineer"],
            *((key, f"{name}, no longer an engineer") for key, name in found["left"]),
        ],
        customers=found["customer"] if len(found["customer"]) <= MOST_CUSTOMERS else None,
    )


def _rows(kind: str, rows: QuerySet[Any], *, key: str = "pk", place: str | None = None) -> Any:
    """Rows of one kind: what it is, its key as text, its name, its place in its list."""
    return rows.annotate(
        choice_kind=Value(kind, CharField()),
        choice_key=Cast(key, CharField()),
        choice_place=Cast(place, IntegerField()) if place else Value(0, IntegerField()),
    ).values_list("choice_kind", "choice_key", "name", "choice_place")
