"""What the tests of pages begin with."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.choices import Role
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Contract, Customer
from tests.factories import entitlements as people
from tickets.choices import TicketKind
from tickets.models import Product, Ticket
from tickets.operations.filing import file_ticket


@pytest.fixture
def saturday(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Make the portal believe that it is Sat 14 Mar 2026, 12:00 ET: out of business hours."""
    now = datetime(2026, 3, 14, 16, 0, tzinfo=UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    return now


@pytest.fixture
def product(db: None) -> Product:
    return Product.objects.create(name="Endpoint Protection", versions=["12.4.2", "12.3.9"])


@pytest.fixture
def ticket(
    contract: Contract, customer: Customer, contact: User, tuesday: datetime, product: Product
) -> Ticket:
    """A premium incident of Northwind, filed by its contact on Tue 10 Mar, 11:00 ET."""
    return file_ticket(
        customer=customer,
        by=contact,
        kind=TicketKind.PREMIUM,
        severity=Severity.HIGH,
        subject="Label printer quarantined",
        description="Since the last update.",
        product=product,
        version="12.4.2",
        now=tuesday,
    )


@pytest.fixture
def desk(client: Client, engineer: User) -> Client:
    """An engineer's browser."""
    client.force_login(engineer)
    return client


@pytest.fixture
def other(db: None) -> User:
    """Another engineer."""
    return people.make_staff_member("Jan Novak", Role.ENGINEER)
