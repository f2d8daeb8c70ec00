"""Sets of customers, people, contracts and seats, scoped to who may see them."""

from datetime import date
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from accounts.choices import Role
from accounts.models import User

if TYPE_CHECKING:  # The models name these querysets; only the annotations look back.
    pass

# Roles that work for every customer.
SEES_ALL_CUSTOMERS = (
    Role.ENGINEER,
    Role.DUTY_LEAD,
    Role.SUPPORT_MANAGER,
    Role.ADMINISTRATOR,
)


def tam_of(user: User, prefix: str = "") -> Q:
    """The condition "this user is the TAM, or in the TAM team", for a path to a customer."""
    if not user.has_role(Role.TAM):
        return Q(pk__in=[])
    return Q(**{f"{prefix}tam": user}) | Q(**{f"{prefix}tam_team__members": user})


class CustomerQuerySet(models.QuerySet["Customer"]):
    """Questions about customers."""

    def visible_to(self, user: User) -> "CustomerQuerySet":
        """Customers this person may see: all for support, a TAM's own, a member's own."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_role(*SEES_ALL_CUSTOMERS):
            return self.all()
        # By key, so that a join to team members or memberships cannot repeat a row.
        mine = self.model.objects.filter(
            tam_of(user) | Q(memberships__user=user, memberships__left_at__isnull=True)
        )
        return self.filter(pk__in=mine.values("pk"))


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Questions about people of companies."""

    def current(self) -> "MembershipQuerySet":
        return self.filter(left_at__isnull=True, user__is_active=True)

    def visible_to(self, user: User) -> "MembershipQuerySet":
        return self.filter(customer__in=_customers_visible_to(user))


class ContractQuerySet(models.QuerySet["Contract"]):
    """Questions about contracts. A day is the customer's business day."""

    def in_force(self, day: date) -> "ContractQuerySet":
        """Signed, not suspended, and the day within the term."""
        return self.filter(
            signed_at__isnull=False, suspended_at__isnull=True, starts_on__lte=day
        ).filter(Q(terminated_on__isnull=True, ends_on__gte=day) | Q(terminated_on__gte=day))

    def ending_by(self, day: date) -> "ContractQuerySet":
        return self.annotate(last=Coalesce("terminated_on", "ends_on")).filter(last__lte=day)

    def visible_to(self, user: User) -> "ContractQuerySet":
        return self.filter(customer__in=_customers_visible_to(user))


class ContractYearQuerySet(models.QuerySet["ContractYear"]):
    """Questions about contract years."""

    def containing(self, day: date) -> "ContractYearQuerySet":
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class SeatHoldingQuerySet(models.QuerySet["SeatHolding"]):
    """Questions about seats."""

    def current(self) -> "SeatHoldingQuerySet":
        return self.filter(held_until__isnull=True)


class PlanRequestQuerySet(models.QuerySet["PlanRequest"]):
    """Questions about requests for a plan."""

    def open(self) -> "PlanRequestQuerySet":
        return self.filter(handled_at__isnull=True)

    def visible_to(self, user: User) -> "PlanRequestQuerySet":
        """Administrators see all; a company manager sees the company's own."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_role(Role.ADMINISTRATOR):
            return self.all()
        return self.filter(
            customer__memberships__user=user,
            customer__memberships__is_manager=True,
            customer__memberships__left_at__isnull=True,
        )


def _customers_visible_to(user: User) -> CustomerQuerySet:
    """The scope of everything that hangs on a customer; the registry, as querysets load first."""
    return CustomerQuerySet(model=apps.get_model("entitlements", "Customer")).visible_to(user)
