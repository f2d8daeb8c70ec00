"""Contracts amended. An amendment never rewrites what was filed before."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from accounts.errors import InvalidInput
from accounts.models import User
from accounts.operations import record_change
from entitlements.choices import ENDED_STATES, AmendmentKind
from entitlements.errors import ContractConflict, SeatLimitReached
from entitlements.models import Amendment, Contract, Edition
from entitlements.operations.company_lock import lock_customer
from entitlements.operations.incidents import (
    add_top_up,
    open_contract_year,
    put_year_on_edition,
)
from entitlements.operations.seats import end_seats
from entitlements.operations.signing import refusing_an_overlap, require_administrator
from entitlements.promise import business_day


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
    with refusing_an_overlap(contract, field="last_day"):
        contract.save(update_fields=["terminated_on"])
    return _amend(contract, AmendmentKind.TERMINATION, by=by, reason=reason, now=moment)


@transaction.atomic
def cancel_contract(
    contract: Contract, *, reason: str, by: User, now: datetime | None = None
) -> Amendment:
    """Take back a contract that has not begun: it is in force on no day, and its days are free.

    Its number stays taken, as the row stays as history.
    Raises: NotAllowed, InvalidInput; ContractConflict once it has begun. Effects: the Contract,
    its seats, one Amendment, audit rows.
    """
    moment = now or timezone.now()
    lock_customer(contract.customer_id)
    contract = _lock(contract, by, moment)
    if contract.starts_on <= business_day(contract.zone, moment):
        raise ContractConflict(
            "This contract has begun, and what was filed under it is owed. Terminate it instead."
        )
    end_seats(contract, by=by, now=moment)
    contract.terminated_on = contract.starts_on - timedelta(days=1)
    contract.save(update_fields=["terminated_on"])
    return _amend(contract, AmendmentKind.CANCELLATION, by=by, reason=reason, now=moment)


def _require_amount(amount: int) -> None:
    if amount < 1:
        raise InvalidInput("Give a number of 1 or more.", field="amount")


def _lock(contract: Contract, by: User, now: datetime) -> Contract:
    """The contract's fresh row, locked, when it can still be amended."""
    require_administrator(by)
    # Never joined with its edition: after a wait for the lock the joined one would be the old one.
    contract = Contract.objects.select_for_update().get(pk=contract.pk)
    if contract.state(business_day(contract.zone, now)) in ENDED_STATES:
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
