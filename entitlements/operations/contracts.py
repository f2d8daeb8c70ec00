"""Contracts signed and amended. An amendment never rewrites what was filed before."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from entitlements.choices import AmendmentKind, ContractState
from entitlements.errors import ContractConflict, ContractOverlap, SeatLimitReached
from entitlements.models import Amendment, Contract, Customer, Edition
from entitlements.notices import tell_if_seats_must_be_chosen
from entitlements.operations.company_lock import lock_customer
from entitlements.operations.incidents import (
    add_top_up,
    open_contract_year,
    put_year_on_edition,
)
from entitlements.operations.seats import carry_seats
from entitlements.permissions import can_administer
from entitlements.promise import business_day


@transaction.atomic
def sign_contract(
    customer: Customer,
    *,
    number: str,
    edition: Edition,
    starts_on: date,
    ends_on: date,
    zone: str,
    by: User,
    now: datetime | None = None,
) -> Contract:
    """Sign an MSA contract for a term of days, both included.

    Raises: NotAllowed; InvalidInput beside its field; ContractOverlap when another contract is
    in force on one of the days. Effects: one Contract, its first year and grant, the seats of the
    contract before it when they fit, notices to managers when they do not, one audit row.
    """
    moment = now or timezone.now()
    _require_administrator(by)
    if edition.is_standard or edition.published_at is None:
        raise InvalidInput("Choose a published MSA edition.", field="edition")
    if ends_on < starts_on:
        raise InvalidInput(
            f"Ends before it starts, on {starts_on:%d %b %Y}. Choose a later day.", field="ends_on"
        )
    if Contract.objects.filter(number=number).exists():
        raise InvalidInput("Another contract has this number.", field="number")
    lock_customer(customer.pk)
    contract = Contract(
        number=number,
        customer=customer,
        edition=edition,
        starts_on=starts_on,
        ends_on=ends_on,
        zone=zone,
        seat_limit=edition.technical_contacts,
        signed_at=moment,
        created_at=moment,
    )
    contract.full_clean(validate_constraints=False)
    with _refusing_an_overlap(contract, field="starts_on"):
        contract.save()
    open_contract_year(
        contract, day=max(starts_on, min(business_day(zone, moment), ends_on)), now=moment
    )
    carried = carry_seats(contract, by=by, now=moment)
    event = record_change(
        "contract signed",
        contract,
        by=by,
        changes={
            "edition": ["", edition.name],
            "term": ["", f"{starts_on} to {ends_on}"],
            "seats carried over": [0, len(carried)],
        },
        now=moment,
    )
    tell_if_seats_must_be_chosen(contract, event=event, now=moment)
    return contract


@transaction.atomic
def change_edition(
    contract: Contract, *, edition: Edition, reason: str, by: User, now: datetime | None = None
) -> Amendment:
    """Put the rest of the term on another edition; tickets filed before keep theirs.

    The present year, or the first one before it begins, then holds what the new edition grants for
    all of it and what was sold besides, less what was drawn: changing there and back gives and
    takes nothing.
    Raises: NotAllowed, InvalidInput; SeatLimitReached when more seats are held than the new
    edition has. Effects: the Contract, the year's ledger, one Amendment, one audit row.
    """
    moment = now or timezone.now()
    contract = _lock(contract, by, moment)
    if edition.is_standard or edition.published_at is None or edition == contract.edition:
        raise InvalidInput("Choose another published MSA edition.", field="edition")
    before = contract.edition
    extra = contract.amendments.filter(kind=AmendmentKind.EXTRA_SEATS).aggregate(sum=Sum("amount"))[
        "sum"
    ]
    limit = edition.technical_contacts + (extra or 0)
    if contract.seats_held > limit:
        raise SeatLimitReached(
            f"{contract.seats_held} seats are held and the new edition has {limit}. Choose whose "
            "seats to take back first.",
            field="edition",
        )
    year = open_contract_year(contract, day=_effective_on(contract, moment), now=moment)
    contract.edition = edition
    contract.seat_limit = limit
    contract.save(update_fields=["edition", "seat_limit"])
    put_year_on_edition(year, edition, by=by, now=moment)
    return _amend(
        contract,
        AmendmentKind.UPGRADE,
        by=by,
        reason=reason,
        now=moment,
        edition=edition,
        before={"edition": before.key},
    )


@transaction.atomic
def add_incidents(
    contract: Contract, *, amount: int, reason: str, by: User, now: datetime | None = None
) -> Amendment:
    """Add premium incidents to the present contract year, or to the first one before it begins.

    Raises: NotAllowed, InvalidInput, ContractConflict. Effects: a top-up, one Amendment, one
    audit row.
    """
    moment = now or timezone.now()
    contract = _lock(contract, by, moment)
    _require_amount(amount)
    year = open_contract_year(contract, day=_effective_on(contract, moment), now=moment)
    add_top_up(year, amount=amount, reason=reason, by=by, now=moment)
    return _amend(
        contract, AmendmentKind.EXTRA_INCIDENTS, by=by, reason=reason, now=moment, amount=amount
    )


@transaction.atomic
def add_seats(
    contract: Contract, *, amount: int, reason: str, by: User, now: datetime | None = None
) -> Amendment:
    """Add contact seats to the contract for the rest of its term.

    Raises: NotAllowed, InvalidInput, ContractConflict. Effects: the Contract, one Amendment, one
    audit row.
    """
    moment = now or timezone.now()
    contract = _lock(contract, by, moment)
    _require_amount(amount)
    before = contract.seat_limit
    contract.seat_limit = before + amount
    contract.save(update_fields=["seat_limit"])
    return _amend(
        contract,
        AmendmentKind.EXTRA_SEATS,
        by=by,
        reason=reason,
        now=moment,
        amount=amount,
        before={"seat_limit": before},
    )


@transaction.atomic
def change_zone(
    contract: Contract, *, zone: str, reason: str, by: User, now: datetime | None = None
) -> Amendment:
    """Count the coverage hours of new tickets in another zone.

    Raises: NotAllowed, InvalidInput. Effects: the Contract, one Amendment, one audit row.
    """
    moment = now or timezone.now()
    contract = _lock(contract, by, moment)
    before = contract.zone
    contract.zone = zone
    contract.full_clean(validate_constraints=False)
    contract.save(update_fields=["zone"])
    return _amend(
        contract,
        AmendmentKind.ZONE,
        by=by,
        reason=reason,
        now=moment,
        zone=zone,
        before={"zone": before},
    )


@transaction.atomic
def suspend_contract(
    contract: Contract, *, reason: str, by: User, now: datetime | None = None
) -> Amendment:
    """Suspend a contract: new tickets are served on Standard terms until it is lifted.

    Raises: NotAllowed, ContractConflict. Effects: the Contract, one Amendment, one audit row.
    """
    moment = now or timezone.now()
    contract = _lock(contract, by, moment)
    if contract.suspended_at is not None:
        raise ContractConflict("This contract is suspended already.")
    contract.suspended_at = moment
    contract.save(update_fields=["suspended_at"])
    return _amend(contract, AmendmentKind.SUSPENSION, by=by, reason=reason, now=moment)


@transaction.atomic
def lift_suspension(
    contract: Contract, *, reason: str, by: User, now: datetime | None = None
) -> Amendment:
    """Put a suspended contract in force again.

    Raises: NotAllowed, ContractConflict. Effects: the Contract, one Amendment, one audit row.
    """
    moment = now or timezone.now()
    contract = _lock(contract, by, moment)
    if contract.suspended_at is None:
        raise ContractConflict("This contract is not suspended.")
    contract.suspended_at = None
    contract.save(update_fields=["suspended_at"])
    return _amend(contract, AmendmentKind.RESUMPTION, by=by, reason=reason, now=moment)


@transaction.atomic
def terminate_contract(
    contract: Contract, *, last_day: date, reason: str, by: User, now: datetime | None = None
) -> Amendment:
    """End a contract early; `last_day` is its last day in force.

    Raises: NotAllowed, InvalidInput, ContractConflict; ContractOverlap when it was to end sooner
    and another has taken the days since. Effects: the Contract, one Amendment, one audit row.
    """
    moment = now or timezone.now()
    lock_customer(contract.customer_id)
    contract = _lock(contract, by, moment)
    if not contract.starts_on <= last_day <= contract.ends_on:
        raise InvalidInput("Choose a day within the contract's term.", field="last_day")
    if last_day < business_day(contract.zone, moment):
        raise InvalidInput("Choose today or a later day.", field="last_day")
    contract.terminated_on = last_day
    with _refusing_an_overlap(contract, field="last_day"):
        contract.save(update_fields=["terminated_on"])
    return _amend(contract, AmendmentKind.TERMINATION, by=by, reason=reason, now=moment)


def _require_administrator(by: User) -> None:
    if not can_administer(by):
        raise NotAllowed("Only an administrator signs and amends contracts.")


def _require_amount(amount: int) -> None:
    if amount < 1:
        raise InvalidInput("Give a number of 1 or more.", field="amount")


@contextmanager
def _refusing_an_overlap(contract: Contract, *, field: str) -> Iterator[None]:
    """Save a contract's days within. Raises: ContractOverlap beside the field."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if "a_customer_has_one_contract_on_any_day" not in str(error):
            raise
        raise ContractOverlap(
            f"{contract.customer} has another contract in force on one of these days. End that "
            "one first, or choose other days.",
            field=field,
        ) from error


def _lock(contract: Contract, by: User, now: datetime) -> Contract:
    """The contract's fresh row, locked, when it can still be amended."""
    _require_administrator(by)
    # Never joined with its edition: after a wait for the lock the joined one would be the old one.
    contract = Contract.objects.select_for_update().get(pk=contract.pk)
    if contract.state(business_day(contract.zone, now)) in {
        ContractState.EXPIRED,
        ContractState.TERMINATED,
    }:
        raise ContractConflict("This contract has ended, so it can no longer be amended.")
    return contract


def _effective_on(contract: Contract, now: datetime) -> date:
    """Today, or the first day of a contract that has not begun."""
    return max(business_day(contract.zone, now), contract.starts_on)


def _amend(
    contract: Contract,
    kind: AmendmentKind,
    *,
    by: User,
    reason: str,
    now: datetime,
    before: dict[str, Any] | None = None,
    **particulars: Any,
) -> Amendment:
    if not reason.strip():
        raise InvalidInput("Say why: the reason stays with the amendment.", field="reason")
    amendment = Amendment.objects.create(
        contract=contract,
        kind=kind,
        effective_on=_effective_on(contract, now),
        reason=reason,
        by=by,
        recorded_at=now,
        before=before or {},
        **particulars,
    )
    record_change(
        "contract amended",
        contract,
        by=by,
        changes={"amendment": ["", str(kind.label)]},
        reason=reason,
        now=now,
    )
    return amendment
