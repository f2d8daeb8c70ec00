"""The people every test knows by name.

Northwind Logistics holds MSA Business for 2026, Eastgate Hospitals MSA Enterprise. Northwind has
a contact, her colleague without a seat, and a manager; its TAM looks after Northwind only.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.choices import Role
from accounts.models import User
from entitlements.models import Contract, Customer
from tests.factories import entitlements as factory


@pytest.fixture
def tuesday(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Make the portal believe that it is Tue 10 Mar 2026, 11:00 ET: covered in every plan."""
    now = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return now


@pytest.fixture
def catalogue(db: None) -> dict[str, Any]:
    """The plan catalogue, loaded."""
    return factory.load_project_catalogue()


@pytest.fixture
def administrator(db: None) -> User:
    return factory.the_administrator()


@pytest.fixture
def engineer(db: None) -> User:
    return factory.make_staff_member("Mara Kovac", Role.ENGINEER)


@pytest.fixture
def analyst(db: None) -> User:
    return factory.make_staff_member("Sana Aziz", Role.ANALYST)


@pytest.fixture
def duty_lead(db: None) -> User:
    return factory.make_staff_member("Jonas Lindqvist", Role.DUTY_LEAD)


@pytest.fixture
def support_manager(db: None) -> User:
    return factory.make_staff_member("Ingrid Solberg", Role.SUPPORT_MANAGER)


@pytest.fixture
def tam(db: None) -> User:
    """The account manager of Northwind Logistics, and of nobody else."""
    return factory.make_staff_member("Ines Duarte", Role.TAM)


@pytest.fixture
def customer(tam: User) -> Customer:
    return factory.make_customer("Northwind Logistics", tam=tam)


@pytest.fixture
def contract(catalogue: dict[str, Any], customer: Customer) -> Contract:
    return factory.make_contract(customer, "msa-business")


@pytest.fixture
def contact(contract: Contract) -> User:
    """A technical contact of Northwind."""
    return factory.make_contact(contract, "Priya Raman").membership.user


@pytest.fixture
def manager(customer: Customer) -> User:
    """The company manager of Northwind, without a seat."""
    return factory.make_person(customer, "Elena Brandt", is_manager=True).user


@pytest.fixture
def colleague(customer: Customer) -> User:
    """A portal user of Northwind: sees own tickets only."""
    return factory.make_person(customer, "Daniel Osei").user


@pytest.fixture
def foreign_customer(db: None) -> Customer:
    return factory.make_customer("Eastgate Hospitals")


@pytest.fixture
def foreign_contract(catalogue: dict[str, Any], foreign_customer: Customer) -> Contract:
    return factory.make_contract(foreign_customer, "msa-enterprise", number="C-2026-0555")


@pytest.fixture
def foreign_contact(foreign_contract: Contract) -> User:
    """A technical contact of Eastgate."""
    return factory.make_contact(foreign_contract, "Owen Hart").membership.user
