"""The people and companies of the demo as rows: made once, found by name."""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.choices import Role
from accounts.models import User
from accounts.operations import create_staff_member
from entitlements.models import Customer, Membership, TamTeam
from entitlements.operations.customers import add_person, change_membership, create_customer
from tickets.demo.companies import COMPANIES, PRODUCTS, Company
from tickets.demo.people import (
    CUSTOMER_PEOPLE,
    DEDICATED_TAM,
    SHARED_CONTACT,
    STAFF,
    STAFF_DOMAIN,
    TEAM_NAME,
    TEAM_TAM,
    Person,
)
from tickets.models import Product


@dataclass(slots=True)
class Cast:
    """Everybody, by name; `contacts` and `members` of each company by the company's name."""

    staff: dict[str, User] = field(default_factory=dict)
    customers: dict[str, Customer] = field(default_factory=dict)
    members: dict[str, list[Membership]] = field(default_factory=dict)
    contacts: dict[str, list[Membership]] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)

    def with_role(self, role: Role) -> list[User]:
        return [user for user in self.staff.values() if role.value in user.roles]

    def the(self, role: Role) -> User:
        return self.with_role(role)[0]

    def engineer_at(self, at: datetime, rng: random.Random) -> User:
        """An engineer whose day it is; at dead of night the one who is nearest to a day."""
        engineers = self.with_role(Role.ENGINEER)
        awake = [one for one in engineers if 8 <= at.astimezone(ZoneInfo(one.timezone)).hour < 18]
        if awake:
            return rng.choice(awake)
        return min(engineers, key=lambda one: abs(at.astimezone(ZoneInfo(one.timezone)).hour - 13))


def make_cast(rng: random.Random, *, founded_at: datetime) -> Cast:
    """Make staff, products, companies and their people.

    Effects: Users without a usable password, Customers, Memberships, Products, audit rows.
    """
    cast = Cast()
    for person in STAFF:
        cast.staff[person.name] = create_staff_member(
            email=address(person.name, STAFF_DOMAIN),
            name=person.name,
            roles=[person.role.value],
            zone=person.zone,
            by=None,
            now=founded_at,
        )
    for order, (name, versions) in enumerate(PRODUCTS.items()):
        cast.products[name], _ = Product.objects.get_or_create(
            name=name, defaults={"versions": list(versions), "order": order}
        )
    team, _ = TamTeam.objects.get_or_create(name=TEAM_NAME)
    team.members.add(cast.staff[TEAM_TAM])
    for company in COMPANIES:
        _make_company(cast, company, team, rng, founded_at)
    name, second = SHARED_CONTACT
    shared = next(one for all_ in cast.members.values() for one in all_ if one.user.name == name)
    membership = _join(cast, cast.customers[second], shared.user, Person(name, "", seat=True), rng)
    cast.members[second].append(membership)
    cast.contacts[second].append(membership)
    return cast


def keep_watcher_list(cast: Cast) -> None:
    """Put the manager of the first company on its watcher list. Effects: one audit row."""
    members = cast.members[COMPANIES[0].name]
    manager = next((one for one in members if one.is_manager), members[-1])
    change_membership(
        manager,
        is_manager=manager.is_manager,
        sees_company=manager.sees_company,
        hears_of_all=True,
        by=cast.the(Role.ADMINISTRATOR),
    )


def address(name: str, domain: str) -> str:
    """The mail address of a name: "Mara Kovač" is mara.kovac at the domain."""
    return f"{plain(name).lower().replace(' ', '.')}@{domain}"


def plain(name: str) -> str:
    """A name in ASCII letters and spaces."""
    return "".join(
        char
        for char in name.translate(_PLAIN)
        if char.isascii() and (char.isalpha() or char == " ")
    )


def _make_company(
    cast: Cast, company: Company, team: TamTeam, rng: random.Random, founded_at: datetime
) -> None:
    customer = create_customer(
        name=company.name,
        zone=company.zone,
        tam=cast.staff[DEDICATED_TAM] if company.tam == "dedicated" else None,
        tam_team=team if company.tam == "team" else None,
        by=cast.the(Role.ADMINISTRATOR),
        now=founded_at,
    )
    cast.customers[company.name] = customer
    cast.members[company.name], cast.contacts[company.name] = [], []
    for person in CUSTOMER_PEOPLE[company.name]:
        membership = add_person(
            customer,
            email=address(person.name, company.domain),
            name=person.name,
            phone=f"+1 {rng.randint(201, 989)} 555 {rng.randint(100, 199):04d}",
            title=person.title,
            zone=person.zone or company.zone,
            is_manager=person.manages,
            sees_company=person.sees_company,
            by=cast.the(Role.ADMINISTRATOR),
            now=founded_at + timedelta(hours=1),
        )
        _give_pin(membership, person, rng)
        cast.members[company.name].append(membership)
        if person.seat:
            cast.contacts[company.name].append(membership)


def _join(
    cast: Cast, customer: Customer, user: User, person: Person, rng: random.Random
) -> Membership:
    membership = add_person(
        customer,
        email=user.email,
        name=user.name,
        phone=user.phone,
        title=user.title,
        zone=user.timezone,
        is_manager=person.manages,
        sees_company=person.sees_company,
        by=cast.the(Role.ADMINISTRATOR),
        now=customer.created_at + timedelta(hours=2),
    )
    _give_pin(membership, person, rng)
    return membership


def _give_pin(membership: Membership, person: Person, rng: random.Random) -> None:
    """A PIN from the seed; give_seat keeps one that is there."""
    if person.seat:
        membership.caller_pin = f"{rng.randrange(1_000_000):06d}"
        membership.save(update_fields=["caller_pin"])


_PLAIN = str.maketrans(
    {
        "č": "c", "á": "a", "é": "e", "è": "e", "ë": "e", "í": "i", "ó": "o", "ö": "o",
        "ø": "o", "ô": "o", "ú": "u", "ü": "u", "ł": "l", "ń": "n", "î": "i", "ñ": "n",
    }
)  # fmt: skip
