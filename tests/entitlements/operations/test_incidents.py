from datetime import UTC, date, datetime
from typing import Any

import pytest

from accounts.choices import Role
from accounts.errors import InvalidInput, NotAllowed
from entitlements.choices import EntryKind
from entitlements.errors import ContractConflict, QuotaExhausted
from entitlements.models import ContractYear, LedgerEntry, TamTeam
from entitlements.operations.incidents import (
    credit_incident,
    debit_incident,
    open_contract_year,
    year_bounds,
)
from notifications.models import Notice
from tests.factories import entitlements as factory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


def rows() -> list[Any]:
    models = (ContractYear, LedgerEntry, Notice)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


@pytest.fixture
def small(catalogue, customer):
    """MSA Start: six incidents a year."""
    return factory.make_contract(customer, "msa-start")


def draw(contract, numbers, by, now=NOW):
    for number in numbers:
        debit_incident(contract, ticket_number=number, by=by, now=now)


def test_a_premium_incident_is_one_debit(contract, contact):
    entry = debit_incident(contract, ticket_number=20418, by=contact, now=NOW)
    assert (entry.kind, entry.amount, entry.ticket_number, entry.by, entry.at) == (
        EntryKind.DEBIT,
        -1,
        20418,
        contact,
        NOW,
    )
    year = contract.years.get()
    assert (year.balance, year.used, year.granted) == (35, 1, 36)


def test_the_seventh_incident_of_msa_start_is_refused(small, administrator):
    draw(small, range(1, 7), administrator)
    before = rows()
    with pytest.raises(QuotaExhausted, match="No premium incident is left"):
        debit_incident(small, ticket_number=7, by=administrator, now=NOW)
    assert rows() == before


def test_an_unlimited_year_refuses_none_and_counts_all(foreign_contract, administrator):
    draw(foreign_contract, range(1, 101), administrator)
    year = foreign_contract.years.get()
    assert (year.used, year.balance) == (100, -100)


def test_an_incident_is_given_back_with_a_reason_and_an_approver(contract, contact, duty_lead):
    draw(contract, [20418], contact)
    entry = credit_incident(ticket_number=20418, reason="A duplicate.", by=duty_lead, now=NOW)
    assert (entry.kind, entry.amount, entry.reason, entry.by) == (
        EntryKind.CREDIT,
        1,
        "A duplicate.",
        duty_lead,
    )
    year = contract.years.get()
    assert (year.balance, year.used, year.granted) == (36, 0, 36)


def test_an_incident_is_given_back_once(contract, contact, support_manager):
    draw(contract, [20418], contact)
    credit_incident(ticket_number=20418, reason="A defect.", by=support_manager, now=NOW)
    before = rows()
    with pytest.raises(ContractConflict, match="given back already"):
        credit_incident(ticket_number=20418, reason="Again.", by=support_manager, now=NOW)
    assert rows() == before


def test_what_was_never_drawn_is_not_given_back(contract, duty_lead):
    before = rows()
    with pytest.raises(ContractConflict, match="No premium incident was drawn"):
        credit_incident(ticket_number=20418, reason="Why not.", by=duty_lead, now=NOW)
    assert rows() == before


def test_nothing_is_given_back_without_a_reason(contract, contact, duty_lead):
    draw(contract, [20418], contact)
    before = rows()
    with pytest.raises(InvalidInput) as refusal:
        credit_incident(ticket_number=20418, reason=" ", by=duty_lead, now=NOW)
    assert refusal.value.field == "reason"
    assert rows() == before


@pytest.mark.parametrize("person", ["contact", "manager", "engineer", "tam", "administrator"])
def test_only_a_duty_lead_or_support_manager_gives_back(request, contract, contact, person):
    draw(contract, [20418], contact)
    by = request.getfixturevalue(person)
    before = rows()
    with pytest.raises(NotAllowed):
        credit_incident(ticket_number=20418, reason="Please.", by=by, now=NOW)
    assert rows() == before


def test_an_incident_given_back_can_be_drawn_again(small, administrator, duty_lead):
    draw(small, range(1, 7), administrator)
    credit_incident(ticket_number=3, reason="A duplicate.", by=duty_lead, now=NOW)
    draw(small, [7], administrator)
    assert small.years.get().balance == 0


def test_a_contract_year_runs_from_the_start_to_the_anniversary(catalogue, customer):
    contract = factory.make_contract(
        customer, starts_on=date(2025, 4, 1), ends_on=date(2027, 9, 30)
    )
    assert year_bounds(contract, date(2025, 4, 1)) == (date(2025, 4, 1), date(2026, 3, 31))
    assert year_bounds(contract, date(2026, 3, 31)) == (date(2025, 4, 1), date(2026, 3, 31))
    assert year_bounds(contract, date(2026, 4, 1)) == (date(2026, 4, 1), date(2027, 3, 31))
    # The last year ends with the contract.
    assert year_bounds(contract, date(2027, 4, 1)) == (date(2027, 4, 1), date(2027, 9, 30))


def test_a_contract_of_29_february_turns_on_1_march(catalogue, customer):
    contract = factory.make_contract(
        customer, starts_on=date(2024, 2, 29), ends_on=date(2028, 12, 31)
    )
    assert year_bounds(contract, date(2025, 2, 28)) == (date(2024, 2, 29), date(2025, 2, 28))
    assert year_bounds(contract, date(2025, 3, 1)) == (date(2025, 3, 1), date(2026, 2, 28))
    assert year_bounds(contract, date(2028, 2, 29)) == (date(2028, 2, 29), date(2028, 12, 31))


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2027, 1, 1)])
def test_a_day_outside_the_term_has_no_contract_year(contract, day):
    with pytest.raises(ContractConflict):
        year_bounds(contract, day)


def test_what_is_left_expires_when_the_next_year_opens(catalogue, customer, administrator):
    contract = factory.make_contract(
        customer, starts_on=date(2025, 4, 1), ends_on=date(2027, 3, 31)
    )
    # The factory signs on 1 December 2025, so the first year is open already.
    draw(contract, [1, 2], administrator, now=datetime(2026, 3, 31, 15, tzinfo=UTC))
    draw(contract, [3], administrator, now=datetime(2026, 4, 1, 15, tzinfo=UTC))
    first, second = contract.years.order_by("starts_on")
    assert (first.balance, first.used) == (0, 2)
    assert list(first.entries.order_by("pk").values_list("kind", "amount")) == [
        (EntryKind.GRANT, 36),
        (EntryKind.DEBIT, -1),
        (EntryKind.DEBIT, -1),
        (EntryKind.EXPIRY, -34),
    ]
    assert (second.balance, second.used) == (35, 1)


def test_a_year_is_opened_once(contract):
    again = open_contract_year(contract, day=date(2026, 7, 1), now=NOW)
    assert again == contract.years.get()
    assert again.entries.count() == 1


def test_a_low_balance_is_told_once_to_the_manager_and_the_tam(small, administrator, manager, tam):
    draw(small, range(1, 5), administrator)
    assert Notice.objects.count() == 0  # 2 of 6 left is more than a fifth
    draw(small, [5], administrator)
    told = Notice.objects.filter(kind="low_balance")
    assert set(told.values_list("recipient__name", flat=True)) == {manager.name, tam.name}
    assert told[0].subject == "Northwind Logistics: 1 of 6 premium incidents left"
    draw(small, [6], administrator)
    assert told.count() == 2


def test_a_low_balance_is_told_to_the_whole_tam_team(catalogue, administrator):
    team = TamTeam.objects.create(name="East")
    members = [factory.make_staff_member(name, Role.TAM) for name in ("Tom Ash", "Uma Bay")]
    team.members.set(members)
    customer = factory.make_customer("Alder Freight", tam_team=team)
    contract = factory.make_contract(customer, "msa-start", number="C-9")
    draw(contract, range(1, 6), administrator)
    assert set(Notice.objects.values_list("recipient__name", flat=True)) == {"Tom Ash", "Uma Bay"}


def test_an_unlimited_year_never_runs_low(foreign_contract, administrator):
    draw(foreign_contract, range(1, 50), administrator)
    assert not Notice.objects.exists()


def test_a_low_balance_is_told_to_no_former_account_manager(small, administrator, manager, tam):
    tam.roles = []
    tam.save()
    draw(small, range(1, 6), administrator)
    told = Notice.objects.filter(kind="low_balance").values_list("recipient__name", flat=True)
    assert set(told) == {"Elena Brandt"}
