"""Contracts and their dated amendments."""

from datetime import date, datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import validate_zone
from entitlements.choices import AmendmentKind, ContractState
from entitlements.models.customer import Customer
from entitlements.models.plan import Edition
from entitlements.querysets import EXPIRING_WITHIN, ContractQuerySet

DAY = timedelta(days=1)


class DateRange(Func):
    """PostgreSQL's daterange(from, to, bounds)."""

    function = "DATERANGE"
    output_field = DateRangeField()


class Contract(models.Model):
    """A customer's MSA contract: an edition for a term of days.

    Units: `starts_on`, `ends_on` and `terminated_on` are the first and last days in force, both
    included, in `zone`. One that was cancelled before it began is terminated on the day before.
    `edition`, `zone` and `seat_limit` are today's terms; amendments say how they came to be.
    `seats_held` is kept by a database trigger on SeatHolding. Written by
    entitlements.operations.signing and .contracts.
    """

    number = models.CharField(max_length=20, unique=True)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contracts")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="contracts")
    starts_on = models.DateField("first day")
    ends_on = models.DateField("last day")
    zone = models.CharField(
        "calendar zone", max_length=64, default="America/New_York", validators=[validate_zone]
    )
    seat_limit = models.PositiveIntegerField("contact seats")
    seats_held = models.PositiveIntegerField(default=0, editable=False)
    signed_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    terminated_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[models.Manager["Contract"]] = ContractQuerySet.as_manager()

    class Meta:
        ordering = ("-starts_on", "number")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="a_contract_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(terminated_on__isnull=True)
                | Q(terminated_on__gte=F("starts_on") - DAY, terminated_on__lte=F("ends_on")),
                name="a_contract_is_terminated_within_its_term",
            ),
            models.CheckConstraint(
                condition=Q(seats_held__lte=F("seat_limit")),
                name="a_contract_has_no_more_holders_than_seats",
            ),
            ExclusionConstraint(
                name="a_customer_has_one_contract_on_any_day",
                expressions=(
                    ("customer", RangeOperators.EQUAL),
                    (
                        DateRange(
                            "starts_on",
                            Coalesce("terminated_on", "ends_on"),
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ),
                condition=Q(signed_at__isnull=False)
                & (Q(terminated_on__isnull=True) | Q(terminated_on__gte=F("starts_on"))),
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def last_day(self) -> date:
        return self.terminated_on or self.ends_on

    @property
    def was_cancelled(self) -> bool:
        """Whether it was taken back before its first day; CANCELLED asks the same of rows."""
        return self.terminated_on is not None and self.terminated_on < self.starts_on

    def is_in_force(self, day: date) -> bool:
        return (
            self.signed_at is not None
            and self.suspended_at is None
            and self.starts_on <= day <= self.last_day
        )

    def state(self, day: date) -> ContractState:
        """The contract's state on a day; follows from its days and a suspension."""
        if self.signed_at is None:
            return ContractState.DRAFT
        if self.was_cancelled:
            return ContractState.CANCELLED
        if self.terminated_on is not None and day > self.terminated_on:
            return ContractState.TERMINATED
        if day > self.ends_on:
            return ContractState.EXPIRED
        if self.suspended_at is not None:
            return ContractState.SUSPENDED
        if day < self.starts_on:
            return ContractState.UPCOMING
        if self.last_day - day <= EXPIRING_WITHIN:
            return ContractState.EXPIRING
        return ContractState.ACTIVE

    def state_at(self, now: datetime) -> ContractState:
        """Return the contract's state at an instant, by its own local date."""
        return self.state(now.astimezone(ZoneInfo(self.zone)).date())

    def zone_at(self, instant: datetime) -> str:
        """Return the zone in which a ticket filed at an instant is counted; one query."""
        later = [
            one
            for one in self.amendments.all()
            if one.kind == AmendmentKind.ZONE and one.recorded_at > instant
        ]
        first = min(later, key=lambda one: (one.recorded_at, one.pk), default=None)
        return self.zone if first is None else str(first.before["zone"])

    @property
    def seats_free(self) -> int:
        return self.seat_limit - self.seats_held


class Amendment(models.Model):
    """A dated change to a contract, with who and why. Append-only; never rewrites the past."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="amendments")
    kind = models.CharField(max_length=16, choices=AmendmentKind.choices)
    effective_on = models.DateField()
    edition = models.ForeignKey(
        Edition, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    amount = models.IntegerField(null=True, blank=True)
    zone = models.CharField(max_length=64, blank=True)
    before = models.JSONField(default=dict)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("-recorded_at", "-pk")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.contract}"
