"""Customers, the people who belong to them, and their TAMs."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.timezone import now as current_time

from accounts.models import User, validate_zone
from entitlements.models.plan import Edition, Plan
from entitlements.querysets import CustomerQuerySet, MembershipQuerySet, PlanRequestQuerySet


class TamTeam(models.Model):
    """A team of TAMs; a member sees all customers of the team."""

    name = models.CharField(max_length=80, unique=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="tam_teams", blank=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Customer(models.Model):
    """A company that we support."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True, max_length=60)
    timezone = models.CharField(
        "time zone", max_length=64, default="America/New_York", validators=[validate_zone]
    )
    tam = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tam_customers",
        verbose_name="technical account manager",
    )
    tam_team = models.ForeignKey(
        TamTeam, on_delete=models.PROTECT, null=True, blank=True, related_name="customers"
    )
    created_at = models.DateTimeField(default=current_time, editable=False)

    objects: ClassVar[models.Manager["Customer"]] = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(Lower("name"), name="a_company_name_is_used_once"),)

    def __str__(self) -> str:
        return self.name

    def tams(self) -> list[User]:
        """The account manager, and the members of the team of account managers."""
        own = [self.tam] if self.tam else []
        return own + (list(self.tam_team.members.all()) if self.tam_team else [])


class Membership(models.Model):
    """A person's place in a company.

    A technical contact is a member who holds a seat (SeatHolding). `sees_company` lets a portal
    user see all tickets of the company instead of their own; `hears_of_all` puts them on the
    watcher list: they get a copy of each new ticket, unless whoever files it says no.
    `answers_at_night` says whether we may call a technical contact outside business hours. Written
    by entitlements.operations.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="memberships")
    is_manager = models.BooleanField("company manager", default=False)
    sees_company = models.BooleanField("sees all tickets of the company", default=False)
    hears_of_all = models.BooleanField("gets a copy of each ticket", default=False)
    caller_pin = models.CharField(max_length=6, blank=True)
    answers_at_night = models.BooleanField(
        "may be called at night and at weekends", default=True, db_default=True
    )
    joined_at = models.DateTimeField(default=current_time, editable=False)
    left_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Membership"]] = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("customer", "user__name")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "customer"), name="a_person_belongs_to_a_company_once"
            ),
            models.UniqueConstraint(
                fields=("customer", "caller_pin"),
                condition=~models.Q(caller_pin=""),
                name="a_caller_pin_names_one_person_of_a_company",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.customer}"

    @property
    def can_be_called(self) -> bool:
        """Whether we could call them back: they belong here, may sign in and left a number."""
        return self.left_at is None and self.user.is_active and bool(self.user.phone)

    @property
    def can_be_called_at_night(self) -> bool:
        return self.can_be_called and self.answers_at_night


class PlanRequest(models.Model):
    """Somebody asked for a plan, on the public page or signed in; an administrator sees it."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="requests")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="plan_requests"
    )
    company = models.CharField(max_length=120)
    name = models.CharField(max_length=120)
    email = models.EmailField("e-mail address")
    phone = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True, max_length=4000)
    requested_at = models.DateTimeField(default=current_time, editable=False)
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    outcome = models.TextField(blank=True, max_length=2000)

    objects: ClassVar[models.Manager["PlanRequest"]] = PlanRequestQuerySet.as_manager()

    class Meta:
        ordering = ("-requested_at", "-pk")

    def __str__(self) -> str:
        return f"{self.plan} for {self.company}"
