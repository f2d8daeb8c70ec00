"""Whom an announcement concerns: the customers and people, before it is written and after."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from announcements.choices import USES_FOR, Audience
from announcements.models import Announcement
from entitlements.models import Contract, Customer, Membership
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Concern:
    """Whom something is for, by keys; only those of its audience are looked at."""

    audience: Audience
    plans: tuple[int, ...] = ()
    products: tuple[int, ...] = ()
    customers: tuple[int, ...] = ()

    @classmethod
    def of(cls, announcement: Announcement) -> "Concern":
        """What an announcement was written for."""
        return cls(
            Audience(announcement.audience),
            *(
                tuple(rows.values_list("pk", flat=True))
                for rows in (announcement.plans, announcement.products, announcement.customers)
            ),
        )


@dataclass(frozen=True, slots=True)
class Size:
    """How many see it; `staff` are our own."""

    people: int
    customers: int
    staff: int


def customers_of(concern: Concern, now: datetime) -> QuerySet[Customer]:
    """The customers concerned at an instant."""
    customers = Customer.objects.order_by("name")
    if concern.audience in {Audience.EVERYBODY, Audience.CUSTOMERS}:
        return customers
    if concern.audience == Audience.PLANS:
        contracts = Contract.objects.in_force_at(now).filter(edition__plan__in=concern.plans)
        return customers.filter(pk__in=contracts.values("customer"))
    if concern.audience == Audience.PRODUCTS:
        tickets = Ticket.objects.filter(
            product__in=concern.products, filed_at__gte=now - USES_FOR
        ).order_by()
        return customers.filter(pk__in=tickets.values("customer"))
    if concern.audience == Audience.CHOSEN:
        return customers.filter(pk__in=concern.customers)
    return customers.none()


def people_of(concern: Concern, now: datetime) -> QuerySet[User]:
    """The people concerned at an instant: those who sign in."""
    members = Membership.objects.current().filter(
        customer__in=customers_of(concern, now).order_by()
    )
    people = User.objects.active().order_by("pk")
    concerned = Q(pk__in=members.values("user"))
    if concern.audience in {Audience.EVERYBODY, Audience.STAFF}:
        concerned |= Q(roles__len__gt=0)
    return people.filter(concerned)


def size_of(concern: Concern, now: datetime) -> Size:
    """Count who will see it. Two queries."""
    people = people_of(concern, now).aggregate(
        staff=Count("pk", filter=Q(roles__len__gt=0)), others=Count("pk", filter=Q(roles__len=0))
    )
    return Size(people["others"], customers_of(concern, now).count(), people["staff"])
