"""Sets of customers, people, contracts and seats, scoped to who may see them."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import DateField, DateTimeField, Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, Now
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual

from accounts.choices import Role
from accounts.models import User
from entitlements.choices import ContractState

if TYPE_CHECKING:  # The models name these querysets; only the annotations look back.
    from entitlements.models.contract import Contract
    from entitlements.models.customer import Customer, Membership, PlanRequest  # noqa: F401 - named in a base class, as text
    from entitlements.models.invitation import Invitation  # noqa: F401 - named in a base class, as text
    from entitlements.models.ledger import ContractYear  # noqa: F401 - named in a base class, as text
    from entitlements.models.requests import TopUpRequest  # noqa: F401 - named in a base class, as text
    from entitlements.models.seat import SeatHolding  # noqa: F401 - named in a base class, as text

# A contract counts as expiring when its last day is this near.
EXPIRING_WITHIN = timedelta(days=60)

# A contract's last day in force.
LAST_DAY = Coalesce("terminated_on", "ends_on")

# A contract that was taken back before its first day: in force on none.
CANCELLED = Q(terminated_on__lt=F("starts_on"))

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

    def in_force_at(self, now: datetime) -> "ContractQuerySet":
        """In force at an instant: the day is the one of each contract's own zone."""
        return (
            self.with_today(now)
            .filter(signed_at__isnull=False, suspended_at__isnull=True, starts_on__lte=F("today"))
            .filter(GreaterThanOrEqual(LAST_DAY, F("today")))
        )

    def with_today(self, now: datetime | Now) -> "ContractQuerySet":
        """Annotate `today`, the local date at `now` in each contract's own zone."""
        local = Func(
            F("zone"),
            now if isinstance(now, Now) else Value(now, DateTimeField()),
            function="TIMEZONE",
            output_field=DateTimeField(),
        )
        return self.annotate(today=Cast(local, DateField()))

    def in_state(self, state: ContractState, now: datetime) -> "ContractQuerySet":
        """Find contracts in a state at `now`: what Contract.state says, asked of the database."""
        today, near = F("today"), F("today") + EXPIRING_WITHIN
        rows = self.with_today(now)
        signed = rows.filter(~CANCELLED, signed_at__isnull=False)
        lasting = signed.filter(GreaterThanOrEqual(LAST_DAY, today))
        begun = lasting.filter(suspended_at__isnull=True, starts_on__lte=today)
        return {
            ContractState.DRAFT: rows.filter(signed_at__isnull=True),
            ContractState.UPCOMING: lasting.filter(suspended_at__isnull=True, starts_on__gt=today),
            ContractState.ACTIVE: begun.filter(GreaterThan(LAST_DAY, near)),
            ContractState.EXPIRING: begun.filter(LessThanOrEqual(LAST_DAY, near)),
            ContractState.EXPIRED: signed.filter(terminated_on__isnull=True, ends_on__lt=today),
            ContractState.SUSPENDED: lasting.filter(suspended_at__isnull=False),
            ContractState.TERMINATED: signed.filter(terminated_on__lt=today),
            ContractState.CANCELLED: rows.filter(CANCELLED, signed_at__isnull=False),
        }[state]

    def ending_first(self) -> "ContractQuerySet":
        """Order by the last day in force, the nearest first."""
        return self.order_by(LAST_DAY.asc(), "number")

    def before(self, contract: "Contract") -> "ContractQuerySet":
        """The customer's contracts whose last day in force was before another began; newest first.

        One that was ended early is among them, whatever its term was.
        """
        signed = self.filter(~CANCELLED, customer=contract.customer_id, signed_at__isnull=False)
        ended = signed.filter(LessThan(LAST_DAY, contract.starts_on))
        return ended.order_by(LAST_DAY.desc(), "-pk")

    def to_come(self, customer: int, now: datetime) -> "ContractQuerySet":
        """A customer's contracts that are signed and have not begun; the nearest first."""
        upcoming = self.in_state(ContractState.UPCOMING, now)
        return upcoming.filter(customer=customer).order_by("starts_on")

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

    def lasting(self) -> "SeatHoldingQuerySet":
        """Held, and no later contract of the company has begun: there the seats are given anew.

        Seats of a contract that has ended stay open rows, and last while nothing follows it.
        """
        contracts = ContractQuerySet(model=apps.get_model("entitlements", "Contract"))
        following = contracts.with_today(Now()).filter(
            ~CANCELLED,
            customer=OuterRef("contract__customer"),
            signed_at__isnull=False,
            starts_on__gt=OuterRef("contract__starts_on"),
            starts_on__lte=F("today"),
        )
        return self.current().filter(~Exists(following))


class PlanRequestQuerySet(models.QuerySet["PlanRequest"]):
    """Questions about requests for a plan."""

    def open(self) -> "PlanRequestQuerySet":
        return self.filter(handled_at__isnull=True)

    def visible_to(self, user: User) -> "PlanRequestQuerySet":
        """All for administrators and support managers; a TAM's and a manager's own customers'."""
        if user.is_authenticated and user.has_role(Role.ADMINISTRATOR, Role.SUPPORT_MANAGER):
            return self.all()
        return self.filter(customer__in=_customers_asking(user))


class TopUpRequestQuerySet(models.QuerySet["TopUpRequest"]):
    """Questions about requests for more premium incidents."""

    def open(self) -> "TopUpRequestQuerySet":
        return self.filter(outcome="")

    def visible_to(self, user: User) -> "TopUpRequestQuerySet":
        """As requests for a plan: ours who answer or advise, and the company's own managers."""
        return self.filter(contract__customer__in=_customers_asking(user))


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Questions about invitations."""

    def open(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn; it may have expired."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def to_mail(self, now: datetime) -> "InvitationQuerySet":
        return self.filter(next_try_at__lte=now).order_by("next_try_at", "pk")


def _customers_visible_to(user: User) -> CustomerQuerySet:
    """The scope of everything that hangs on a customer."""
    return _customers().visible_to(user)


def _customers_asking(user: User) -> CustomerQuerySet:
    """Customers whose requests somebody reads: all, a TAM's own, those one manages."""
    if not user.is_authenticated or not user.is_active:
        return _customers().none()
    if user.has_role(Role.ADMINISTRATOR, Role.SUPPORT_MANAGER):
        return _customers()
    managed = Q(
        memberships__user=user, memberships__is_manager=True, memberships__left_at__isnull=True
    )
    # By key, so that a join to team members or memberships cannot repeat a row.
    return _customers().filter(pk__in=_customers().filter(tam_of(user) | managed).values("pk"))


def _customers() -> CustomerQuerySet:
    return CustomerQuerySet(model=apps.get_model("entitlements", "Customer"))
