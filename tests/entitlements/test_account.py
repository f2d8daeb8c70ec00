from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entitlements.account import account_of, accounts_of, incidents_of
from entitlements.choices import ContractState
from entitlements.models import Customer
from entitlements.operations.contracts import suspend_contract
from entitlements.operations.incidents import credit_incident, debit_incident
from tests.factories import entitlements as factory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


def test_a_customer_without_a_contract_is_on_standard(catalogue, customer):
    account = account_of(customer, NOW)
    assert (account.contract, account.state, account.incidents) == (None, None, None)
    assert account.is_on_standard


def test_a_contract_in_force_says_what_is_left(contract, contact, duty_lead):
    for number in (1, 2, 3):
        debit_incident(contract, ticket_number=number, by=contact, now=NOW)
    credit_incident(ticket_number=2, reason="A duplicate.", by=duty_lead, now=NOW)
    account = account_of(contract.customer, NOW)
    assert account.state == ContractState.ACTIVE
    assert not account.is_on_standard
    assert account.incidents is not None
    assert (account.incidents.left, account.incidents.total, account.incidents.used) == (34, 36, 2)
    assert account.incidents.until == date(2026, 12, 31)


def test_a_suspended_contract_is_shown_and_standard_holds(contract, administrator):
    suspend_contract(contract, reason="Unpaid.", by=administrator, now=NOW)
    account = account_of(contract.customer, NOW)
    assert account.contract == contract
    assert account.is_on_standard


@pytest.mark.parametrize(
    ("now", "is_held"),
    [
        (datetime(2026, 1, 1, 4, 59, tzinfo=UTC), False),  # 31 December, 23:59 in New York
        (datetime(2026, 1, 1, 5, 0, tzinfo=UTC), True),
        (datetime(2027, 1, 1, 4, 59, tzinfo=UTC), True),
        (datetime(2027, 1, 1, 5, 0, tzinfo=UTC), False),
    ],
)
def test_the_day_turns_in_the_contracts_own_zone(contract, now, is_held):
    assert (account_of(contract.customer, now).contract is not None) is is_held


def test_an_unlimited_year_has_no_total(foreign_contract, administrator):
    debit_incident(foreign_contract, ticket_number=1, by=administrator, now=NOW)
    incidents = incidents_of(foreign_contract, NOW)
    assert (incidents.total, incidents.left, incidents.used) == (None, None, 1)


def test_a_year_that_has_not_opened_yet_holds_the_grant(catalogue, customer):
    contract = factory.make_contract(
        customer, starts_on=date(2025, 1, 1), ends_on=date(2026, 12, 31)
    )
    # Signed in December 2025, only the first year is open.
    incidents = incidents_of(contract, NOW)
    assert (incidents.left, incidents.total, incidents.used) == (36, 36, 0)
    assert incidents.until == date(2026, 12, 31)


def test_many_accounts_take_two_queries(catalogue, contract, foreign_contract):
    for number in range(5):
        customer = factory.make_customer(f"Company {number}")
        factory.make_contract(customer, number=f"C-{number}")
    customers = list(Customer.objects.all())
    with CaptureQueriesContext(connection) as queries:
        accounts = accounts_of(customers, NOW)
        assert all(account.incidents for account in accounts)
    assert len(queries) <= 2  # The edition may be known already.
    assert [account.customer for account in accounts] == customers
