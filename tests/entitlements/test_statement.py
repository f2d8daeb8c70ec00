from datetime import UTC, datetime, timedelta

import pytest

from entitlements.operations.incidents import add_top_up, credit_incident, debit_incident
from entitlements.statement import statement_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


def test_each_line_says_what_was_left_after_it_newest_first(
    contract, contact, duty_lead, administrator
):
    debit_incident(contract, ticket_number=11, by=contact, now=NOW)
    debit_incident(contract, ticket_number=12, by=contact, now=NOW + timedelta(days=1))
    credit_incident(
        ticket_number=11, reason="A duplicate.", by=duty_lead, now=NOW + timedelta(days=2)
    )
    year = contract.years.get()
    add_top_up(year, amount=5, reason="Sold.", by=administrator, now=NOW + timedelta(days=3))
    lines = statement_of(year)
    assert [(line.entry.kind, line.entry.amount, line.left) for line in lines] == [
        ("top_up", 5, 40),
        ("credit", 1, 35),
        ("debit", -1, 34),
        ("debit", -1, 35),
        ("grant", 36, 36),
    ]
    year.refresh_from_db()
    assert lines[0].left == year.balance


def test_only_a_debit_that_was_not_given_back_can_be(contract, contact, duty_lead):
    for number in (11, 12):
        debit_incident(contract, ticket_number=number, by=contact, now=NOW)
    credit_incident(ticket_number=11, reason="A duplicate.", by=duty_lead, now=NOW)
    lines = statement_of(contract.years.get())
    assert [line.entry.ticket_number for line in lines if line.can_be_credited] == [12]


def test_an_unlimited_year_counts_nothing_down(foreign_contract, administrator):
    debit_incident(foreign_contract, ticket_number=11, by=administrator, now=NOW)
    assert [line.left for line in statement_of(foreign_contract.years.get())] == [None, None]
