"""Customers, their people, contracts with their years and seats, and the desk's own staff."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password

from accounts.choices import Role
from accounts.models import AuditEvent, User
from entitlements.choices import EntryKind
from entitlements.models import (
    Contract,
    ContractYear,
    Customer,
    Edition,
    LedgerEntry,
    Membership,
    Plan,
    SeatHolding,
)
from entitlements.operations.incidents import year_bounds

PASSWORD = "load-lantern-orbit"
PEOPLE_EACH = 10
YEARS = 3
ZONES = (
    "America/New_York",
    "America/Chicago",
    "America/Los_Angeles",
    "Europe/London",
    "Europe/Berlin",
    "Asia/Kolkata",
)
# Share of the customers, and how many tickets one files beside the others.
PLANS = {
    "standard": (0.45, 0.4),
    "msa-start": (0.20, 0.8),
    "msa-plus": (0.17, 1.6),
    "msa-business": (0.12, 3.0),
    "msa-enterprise": (0.06, 7.0),
}
STAFF = {
    Role.ENGINEER: 80,
    Role.ANALYST: 6,
    Role.DUTY_LEAD: 5,
    Role.SUPPORT_MANAGER: 3,
    Role.TAM: 4,
    Role.ADMINISTRATOR: 2,
}
_FIRST = (
    "Ana Ben Carla Dev Elif Femi Goran Hana Ivo Jun Kofi Lea Mina Nils Olga Paul Rosa Sven Tara"
).split()
_LAST = (
    "Abel Brook Cruz Dorn Egan Frost Gupta Hale Ito Jansen Kim Lund Mora Nagy Okafor Petit Quinn"
    " Rossi Stone Tan"
).split()
_TRADES = ("Logistics", "Hospitals", "Energy", "Foods", "Rail", "Mining", "Schools", "Freight")


@dataclass
class Company:
    """A customer as the history needs it: keys, who files, and what is left to draw."""

    key: int
    weight: float
    zone: str
    people: list[int]
    contacts: list[int] = field(default_factory=list)
    contract: Contract | None = None
    years: list[tuple[date, date, int]] = field(default_factory=list)
    left: dict[int, float] = field(default_factory=dict)


@dataclass
class Cast:
    """Everybody in it."""

    companies: list[Company]
    engineers: list[User]
    administrator: User


def make_cast(rng: random.Random, *, customers: int, now: datetime) -> Cast:
    """Make the people and contracts, in bulk. Effects: rows, with their audit rows."""
    founded = now - timedelta(days=365 * YEARS + 40)
    password = make_password(PASSWORD)
    staff = _staff(rng, password, founded)
    administrator = next(one for one in staff if Role.ADMINISTRATOR in one.roles)
    tams = [one for one in staff if Role.TAM in one.roles]
    rows = Customer.objects.bulk_create(
        Customer(
            name=f"{rng.choice(_LAST)} {rng.choice(_TRADES)} {number:04}",
            slug=f"company-{number:04}",
            timezone=rng.choice(ZONES),
            tam=rng.choice(tams),
            created_at=founded,
        )
        for number in range(customers)
    )
    members = _people(rng, rows, password, founded)
    companies = [
        Company(
            key=row.pk,
            weight=min(rng.paretovariate(1.6), 12.0),
            zone=row.timezone,
            people=[member.user_id for member in members[row.pk]],
        )
        for row in rows
    ]
    _contracts(rng, companies, rows, members, administrator, founded, now)
    AuditEvent.objects.bulk_create(
        AuditEvent(
            at=founded,
            by=administrator,
            action="customer added",
            subject_type="customer",
            subject_id=row.pk,
            subject=row.name,
        )
        for row in rows
    )
    engineers = [one for one in staff if Role.ENGINEER in one.roles]
    return Cast(companies, engineers, administrator)


def _staff(rng: random.Random, password: str, founded: datetime) -> list[User]:
    roles = [role for role, count in STAFF.items() for _ in range(count)]
    return User.objects.bulk_create(
        User(
            email=f"staff{number:03}@orrin.example",
            name=f"{rng.choice(_FIRST)} {rng.choice(_LAST)}",
            roles=[role.value],
            timezone=rng.choice(ZONES),
            password=password,
            joined_at=founded,
        )
        for number, role in enumerate(roles)
    )


def _people(
    rng: random.Random, rows: list[Customer], password: str, founded: datetime
) -> dict[int, list[Membership]]:
    users = User.objects.bulk_create(
        (
            User(
                email=f"person{number}@{row.slug}.example",
                name=f"{rng.choice(_FIRST)} {rng.choice(_LAST)}",
                phone="+1 312 555 0100",
                timezone=row.timezone,
                password=password,
                joined_at=founded,
            )
            for row in rows
            for number in range(PEOPLE_EACH)
        ),
        batch_size=5000,
    )
    members = Membership.objects.bulk_create(
        (
            Membership(
                user=users[place * PEOPLE_EACH + number],
                customer=row,
                is_manager=number == 0,
                sees_company=number == 1,
                caller_pin=f"{rng.randrange(10**5):05}{number}",
                joined_at=founded,
            )
            for place, row in enumerate(rows)
            for number in range(PEOPLE_EACH)
        ),
        batch_size=5000,
    )
    found: dict[int, list[Membership]] = {}
    for member in members:
        found.setdefault(member.customer_id, []).append(member)
    return found


def _contracts(
    rng: random.Random,
    companies: list[Company],
    rows: list[Customer],
    members: dict[int, list[Membership]],
    administrator: User,
    founded: datetime,
    now: datetime,
) -> None:
    editions: dict[str, Edition] = {}
    for plan in Plan.objects.select_related("offered_edition"):
        assert plan.offered_edition is not None
        editions[plan.key] = plan.offered_edition
    keys = sorted(editions, key=lambda key: editions[key].pk)
    shares = [PLANS[key][0] for key in keys]
    contracts: list[Contract] = []
    for company, _row in zip(companies, rows, strict=True):
        key = rng.choices(keys, shares)[0]
        company.weight *= PLANS[key][1]
        if editions[key].pk == editions[Plan.STANDARD_KEY].pk:
            continue
        starts_on = (founded + timedelta(days=rng.randrange(5, 30))).date()
        company.contract = Contract(
            number=f"L-{company.key:06}",
            customer_id=company.key,
            edition=editions[key],
            starts_on=starts_on,
            ends_on=starts_on + timedelta(days=365 * (YEARS + 1) + 60),
            zone="America/New_York",
            seat_limit=editions[key].technical_contacts,
            signed_at=founded,
            created_at=founded,
        )
        contracts.append(company.contract)
    Contract.objects.bulk_create(contracts)
    signed = [company for company in companies if company.contract is not None]
    _years(signed, now)
    seats = [
        SeatHolding(contract=one.contract, membership=member, held_from=founded)
        for one in signed
        if one.contract is not None
        for member in members[one.key][: one.contract.seat_limit]
    ]
    SeatHolding.objects.bulk_create(seats)
    holders: dict[int, list[int]] = {}
    for seat in seats:
        holders.setdefault(seat.contract_id, []).append(seat.membership.user_id)
    for one in signed:
        assert one.contract is not None
        one.contacts = holders[one.contract.pk]
    AuditEvent.objects.bulk_create(
        AuditEvent(
            at=founded,
            by=administrator,
            action="contract signed",
            subject_type="contract",
            subject_id=contract.pk,
            subject=contract.number,
        )
        for contract in contracts
    )


def _years(signed: list[Company], now: datetime) -> None:
    """Open each contract year up to today with its grant."""
    years: list[ContractYear] = []
    owners: list[Company] = []
    for company in signed:
        assert company.contract is not None
        day = company.contract.starts_on
        while day <= now.date():
            first, last = year_bounds(company.contract, day)
            unlimited = company.contract.edition.premium_incidents_per_year is None
            years.append(
                ContractYear(
                    contract=company.contract,
                    starts_on=first,
                    ends_on=last,
                    is_unlimited=unlimited,
                )
            )
            owners.append(company)
            day = last + timedelta(days=1)
    ContractYear.objects.bulk_create(years)
    grants = []
    for company, year in zip(owners, years, strict=True):
        grant = year.contract.edition.premium_incidents_per_year
        company.years.append((year.starts_on, year.ends_on, year.pk))
        company.left[year.pk] = float("inf") if grant is None else grant
        grants.append(
            LedgerEntry(
                year=year,
                kind=EntryKind.GRANT,
                amount=grant or 0,
                reason=year.contract.edition.name,
                at=datetime.combine(year.starts_on, now.timetz()),
            )
        )
    LedgerEntry.objects.bulk_create(grants)
