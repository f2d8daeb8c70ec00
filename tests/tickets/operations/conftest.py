"""Tickets to be linked, merged and split: two of one company, one of another."""

from datetime import timedelta

import pytest

from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import TUESDAY, make_ticket
from tickets.models import Ticket


@pytest.fixture
def first(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer, subject="Printers stopped")


@pytest.fixture
def second(colleague: User, contact: User, customer: Customer) -> Ticket:
    return make_ticket(
        contact,
        customer,
        subject="Printers again",
        watchers=[colleague],
        now=TUESDAY + timedelta(hours=1),
    )


@pytest.fixture
def foreign(foreign_contact: User, foreign_customer: Customer) -> Ticket:
    return make_ticket(foreign_contact, foreign_customer, subject="Zaunkoenig")
