"""The premium incident ledger: append-only rows whose sum is the balance."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from entitlements.choices import EntryKind
from entitlements.models.contract import Contract
from entitlements.querysets import ContractYearQuerySet


class ContractYear(models.Model):
    """One year of a contract, from its start or an anniversary, and its incident balance.

    Units: `starts_on` and `ends_on` are the first and last day, both included. `balance` is the
    sum of the year's ledger rows, kept by a database trigger; a year that is not unlimited
    never goes below zero. An unlimited year counts all the same.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="years")
    starts_on = models.DateField()
    ends_on = models.DateField()
    is_unlimited = models.BooleanField(default=False)
    balance = models.IntegerField(default=0, editable=False)
    used = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[models.Manager["ContractYear"]] = ContractYearQuerySet.as_manager()

    class Meta:
        ordering = ("contract", "starts_on")
        constraints = (
            models.UniqueConstraint(
                fields=("contract", "starts_on"), name="a_contract_year_starts_once"
            ),
            models.CheckConstraint(
                condition=Q(is_unlimited=True) | Q(balance__gte=0),
                name="a_bounded_balance_never_goes_below_zero",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="a_contract_year_ends_after_it_starts",
            ),
        )

    def __str__(self) -> str:
        return f"{self.contract} {self.starts_on:%Y}"

    @property
    def granted(self) -> int:
        """Incidents given for the year, top-ups included, credits not counted."""
        return self.balance + self.used


class LedgerEntry(models.Model):
    """One movement of the balance. Append-only: a correction is a new entry.

    `amount` is signed. A debit and its credit name the ticket by number: entitlements know
    nothing of tickets. Written by entitlements.operations.incidents.
    """

    year = models.ForeignKey(ContractYear, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=8, choices=EntryKind.choices)
    amount = models.IntegerField()
    ticket_number = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("ticket_number",),
                condition=Q(kind=EntryKind.DEBIT),
                name="a_ticket_is_debited_once",
            ),
            models.UniqueConstraint(
                fields=("ticket_number",),
                condition=Q(kind=EntryKind.CREDIT),
                name="a_ticket_is_credited_back_once",
            ),
            models.CheckConstraint(
                condition=Q(kind=EntryKind.DEBIT, amount=-1, ticket_number__isnull=False)
                | Q(kind=EntryKind.CREDIT, amount=1, ticket_number__isnull=False)
                | Q(kind__in=[EntryKind.GRANT, EntryKind.TOP_UP], amount__gte=0)
                | Q(kind=EntryKind.EXPIRY, amount__lte=0),
                name="a_ledger_entry_moves_the_right_way",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount:+d}"
