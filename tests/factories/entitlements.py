"""Customers, people and contracts as the portal itself would make them."""

import json
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from accounts.choices import Role
from accounts.models import User
from accounts.operations import create_staff_member
from entitlements.management.commands.load_catalogue import CATALOGUE
from entitlements.models import Contract, Customer, Edition, Membership, SeatHolding, TamTeam
from entitlements.operations.catalogue import load_catalogue
from entitlements.operations.customers import add_person, create_customer
from entitlements.operations.seats import give_seat
from entitlements.operations.signing import sign_contract
from tests.factories.catalogue_rows import load_once

ZONE = "America/New_York"
SIGNED_AT = datetime(2025, 12, 1, 15, 0, tzinfo=UTC)


def load_project_catalogue() -> dict[str, Any]:
    """Load the project's own catalogue and return its data."""
    data: dict[str, Any] = json.loads(CATALOGUE.read_text(encoding="utf-8"))
    load_once(partial(load_catalogue, data, now=SIGNED_AT))
    return data


def make_staff_member(name: str, *roles: Role, zone: str = ZONE) -> User:
    address = f"{name.lower().replace(' ', '.')}@orrin.example"
    return create_staff_member(
        email=address, name=name, roles=[role.value for role in roles], zone=zone, by=None
    )


def the_administrator() -> User:
    """The administrator who makes everything here."""
    found = User.objects.filter(roles__contains=[Role.ADMINISTRATOR]).first()
    return found or make_staff_member("Chidi Bello", Role.ADMINISTRATOR)


def make_customer(
    name: str, *, zone: str = ZONE, tam: User | None = None, tam_team: TamTeam | None = None
) -> Customer:
    return create_customer(
        name=name, zone=zone, tam=tam, tam_team=tam_team, by=the_administrator(), now=SIGNED_AT
    )


def make_contract(
    customer: Customer,
    edition: str = "msa-business",
    *,
    number: str = "C-2026-0417",
    starts_on: date = date(2026, 1, 1),
    ends_on: date = date(2026, 12, 31),
    zone: str = ZONE,
) -> Contract:
    return sign_contract(
        customer,
        number=number,
        edition=Edition.objects.get(key=edition),
        starts_on=starts_on,
        ends_on=ends_on,
        zone=zone,
        by=the_administrator(),
        now=SIGNED_AT,
    )


def make_person(
    customer: Customer,
    name: str,
    *,
    is_manager: bool = False,
    sees_company: bool = False,
    phone: str = "+1 312 555 0100",
    zone: str = ZONE,
) -> Membership:
    first, _, last = name.lower().partition(" ")
    return add_person(
        customer,
        email=f"{first}.{last}@{customer.slug}.example",
        name=name,
        phone=phone,
        title="",
        zone=zone,
        is_manager=is_manager,
        sees_company=sees_company,
        by=the_administrator(),
        now=SIGNED_AT,
    )


def make_contact(contract: Contract, name: str) -> SeatHolding:
    """A person of the contract's customer who holds one of its seats."""
    membership = make_person(contract.customer, name)
    return give_seat(contract, membership, by=the_administrator(), now=SIGNED_AT)
