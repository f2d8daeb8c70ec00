"""The premium incident ledger: every movement of the balance."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from accounts.choices import Role
from accounts.compiled import Compiled
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.new_rows import insert_row
from entitlements.choices import AmendmentKind, EntryKind
from entitlements.errors import ContractConflict, QuotaExhausted
from entitlements.models import Contract, ContractYear, Edition, LedgerEntry
from entitlements.permissions import can_credit_incident
from entitlements.promise import business_day
from notifications.operations import notify
from notifications.words import worded
from sla import wording

# Low balance is told when this share of the year's incidents, or less, is left.
LOW_SHARE = 0.2

_LOCKED_CONTRACT = Compiled(lambda key: Contract.objects.select_for_update().filter(pk=key))
_YEAR = Compiled(
    lambda contract, day: ContractYear.objects.filter(contract=contract).containing(day)
)
_LOCKED_YEAR = Compiled(lambda key: ContractYear.objects.select_for_update().filter(pk=key))


@transaction.atomic
def open_contract_year(contract: Contract, *, day: date, now: datetime) -> ContractYear:
    """Return the contract year holding `day`, opening it with its grant when it is new.

    What is left of an earlier year expires with it. Effects: under the contract's lock, one
    ContractYear and its grant, an expiry for each earlier year with a balance left.
    """
    # Never joined with its edition: after a wait for the lock the joined one would be the old one.
    locked = _LOCKED_CONTRACT.first(contract.pk)
    assert locked is not None, "contracts are never deleted"
    contract = locked
    existing = _YEAR.first(contract.pk, day)
    if existing is not None:
        return existing
    starts_on, ends_on = year_bounds(contract, day)
    grant = contract.edition.premium_incidents_per_year
    year = ContractYear.objects.create(
        contract=contract, starts_on=starts_on, ends_on=ends_on, is_unlimited=grant is None
    )
    LedgerEntry.objects.create(
        year=year,
        kind=EntryKind.GRANT,
        amount=grant or 0,
        reason=contract.edition.name
        if grant is not None
        else f"{contract.edition.name}: unlimited",
        at=now,
    )
    for earlier in contract.years.filter(ends_on__lt=starts_on, balance__gt=0, is_unlimited=False):
        LedgerEntry.objects.create(
            year=earlier, kind=EntryKind.EXPIRY, amount=-earlier.balance, at=now
        )
    year.refresh_from_db()
    return year


def year_bounds(contract: Contract, day: date) -> tuple[date, date]:
    """First and last day of the contract year holding `day`.

    Years run from the start date to its anniversaries; 29 February's is 1 March.
    Raises: ContractConflict when the day lies outside the term.
    """
    if not contract.starts_on <= day <= contract.ends_on:
        raise ContractConflict(f"{day:%d %b %Y} is outside the term of {contract.number}.")
    starts_on = contract.starts_on
    turn = 1
    while (following := _anniversary(contract.starts_on, turn)) <= day:
        starts_on, turn = following, turn + 1
    return starts_on, min(following - timedelta(days=1), contract.ends_on)


@transaction.atomic
def debit_incident(
    contract: Contract, *, ticket_number: int, by: User, now: datetime
) -> LedgerEntry:
    """Draw one premium incident for a ticket, in the filing's own transaction.

    Raises: QuotaExhausted when none is left; the database refuses it too.
    Effects: one LedgerEntry under the year's lock; a notice when the balance runs low.
    """
    year = open_contract_year(contract, day=business_day(contract.zone, now), now=now)
    locked = _LOCKED_YEAR.first(year.pk)
    assert locked is not None, "years are never deleted"
    year = locked
    if not year.is_unlimited and year.balance < 1:
        raise QuotaExhausted(
            _(
                "No premium incident is left in this contract year. File it as break/fix, or ask "
                "your company manager for a top-up or another plan."
            )
        )
    entry = insert_row(
        LedgerEntry(
            year=year, kind=EntryKind.DEBIT, amount=-1, ticket_number=ticket_number, by=by, at=now
        )
    )
    if not year.is_unlimited:
        year.refresh_from_db()
        _tell_low_balance(year, now)
    return entry


@transaction.atomic
def credit_incident(*, ticket_number: int, reason: str, by: User, now: datetime) -> LedgerEntry:
    """Give the incident of a ticket back: a duplicate, or a defect of ours.

    Raises: NotAllowed; InvalidInput without a reason; ContractConflict when the ticket was never
    debited or is credited already. Effects: one LedgerEntry, approved by `by`.
    """
    if not can_credit_incident(by):
        raise NotAllowed("Only a duty lead or support manager gives an incident back.")
    if not reason.strip():
        raise InvalidInput("Say why the incident is given back.", field="reason")
    debit = LedgerEntry.objects.filter(kind=EntryKind.DEBIT, ticket_number=ticket_number).first()
    if debit is None:
        raise ContractConflict("No premium incident was drawn for this ticket.")
    ContractYear.objects.select_for_update().get(pk=debit.year_id)
    if LedgerEntry.objects.filter(kind=EntryKind.CREDIT, ticket_number=ticket_number).exists():
        raise ContractConflict("This incident has been given back already.")
    return LedgerEntry.objects.create(
        year_id=debit.year_id,
        kind=EntryKind.CREDIT,
        amount=1,
        ticket_number=ticket_number,
        reason=reason,
        by=by,
        at=now,
    )


def add_top_up(
    year: ContractYear, *, amount: int, reason: str, by: User, now: datetime
) -> LedgerEntry:
    """Add incidents to a year; called by the amendment that sells them."""
    return LedgerEntry.objects.create(
        year=year, kind=EntryKind.TOP_UP, amount=amount, reason=reason, by=by, at=now
    )


def put_year_on_edition(year: ContractYear, edition: Edition, *, by: User, now: datetime) -> None:
    """Let a year hold what an edition grants and what was sold besides, less what was drawn.

    Call it under the contract's lock. Never below zero: what was drawn of a larger grant stays
    drawn. An unlimited year keeps its count, so that the way back finds it. Effects: the year, one
    LedgerEntry when the balance differs.
    """
    locked = _LOCKED_YEAR.first(year.pk)  # A credit takes no lock of the contract.
    assert locked is not None, "years are never deleted"
    year = locked
    grant = edition.premium_incidents_per_year
    if grant is not None:
        sold = year.contract.amendments.filter(
            kind=AmendmentKind.EXTRA_INCIDENTS,
            effective_on__range=(year.starts_on, year.ends_on),
        ).aggregate(sum=Sum("amount"))["sum"]
        change = max(grant + (sold or 0) - year.used, 0) - year.balance
        if change:
            LedgerEntry.objects.create(
                year=year,
                kind=EntryKind.TOP_UP if change > 0 else EntryKind.EXPIRY,
                amount=change,
                reason=edition.name,
                by=by,
                at=now,
            )
    year.is_unlimited = grant is None
    year.save(update_fields=["is_unlimited"])


def _tell_low_balance(year: ContractYear, now: datetime) -> None:
    if year.balance > LOW_SHARE * year.granted:
        return
    customer = year.contract.customer
    managers = [
        one.user
        for one in customer.memberships.current().filter(is_manager=True).select_related("user")
    ]
    tams = [customer.tam] if customer.tam else []
    if customer.tam_team is not None:
        tams += list(customer.tam_team.members.all())
    # One notice for each low mark: a later top-up opens a new one.
    mark = year.entries.filter(kind=EntryKind.TOP_UP).aggregate(last=Max("pk"))["last"] or 0
    left = {"customer": customer, "left": year.balance, "total": year.granted}
    notify(
        # A former account manager may still stand in the customer's record.
        [*managers, *(one for one in tams if one.has_role(Role.TAM))],
        key=f"low-balance:{year.pk}:{mark}",
        kind="low_balance",
        subject=worded(
            gettext_noop("%(customer)s: %(left)d of %(total)d premium incidents left"), **left
        ),
        body=worded(
            gettext_noop(
                "%(customer)s has %(left)d of %(total)d premium incidents left until %(day)s. "
                "Break/fix tickets never count against them. More can be added to the contract at "
                "any time."
            ),
            **left,
            day=lambda _reader: wording.date_words(year.ends_on, get_language()),
        ),
        path=f"/companies/{customer.slug}/",
        now=now,
    )


def _anniversary(start: date, years: int) -> date:
    try:
        return start.replace(year=start.year + years)
    except ValueError:  # 29 February in a year without one
        return date(start.year + years, 3, 1)
