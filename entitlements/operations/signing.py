"""Contracts signed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from entitlements.errors import ContractOverlap
from entitlements.models import Contract, Customer, Edition
from entitlements.notices import tell_if_seats_must_be_chosen
from entitlements.operations.company_lock import lock_customer
from entitlements.operations.incidents import open_contract_year
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
    require_administrator(by)
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
    with refusing_an_overlap(contract, field="starts_on"):
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


def require_administrator(by: User) -> None:
    """Raises: NotAllowed for anybody else."""
    if not can_administer(by):
        raise NotAllowed("Only an administrator signs and amends contracts.")


@contextmanager
def refusing_an_overlap(contract: Contract, *, field: str) -> Iterator[None]:
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
