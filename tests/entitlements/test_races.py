"""Rules 1 and 2 of the domain under two real connections, through operations and past them."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from accounts.errors import DomainError
from entitlements.choices import EntryKind
from entitlements.errors import ContractConflict, ContractOverlap, QuotaExhausted, SeatLimitReached
from entitlements.models import (
    Contract,
    ContractYear,
    Customer,
    Edition,
    LedgerEntry,
    Membership,
    SeatHolding,
)
from entitlements.operations.incidents import credit_incident, debit_incident, open_contract_year
from entitlements.operations.seats import give_seat, release_seat, swap_seat
from tests.factories import entitlements as factory
from tests.racing import race, refusals

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


def first_half(customer: Customer) -> Contract:
    return factory.make_contract(
        customer, number="C-1", starts_on=date(2026, 1, 1), ends_on=date(2026, 6, 30)
    )


def from_june(customer: Customer) -> Contract:
    return factory.make_contract(
        customer, number="C-2", starts_on=date(2026, 6, 30), ends_on=date(2026, 12, 31)
    )


def raw_contract(customer: Customer, edition_id: int, number: str, days: tuple[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO entitlements_contract (number, customer_id, edition_id, starts_on,"
            " ends_on, zone, seat_limit, seats_held, signed_at, created_at)"
            " VALUES (%s, %s, %s, %s, %s, 'America/New_York', 4, 0, now(), now())",
            [number, customer.pk, edition_id, *days],
        )


def raw_debit(year: ContractYear, ticket_number: int) -> LedgerEntry:
    return LedgerEntry.objects.create(
        year=year, kind=EntryKind.DEBIT, amount=-1, ticket_number=ticket_number
    )


# --- One contract in force on any day -----------------------------------------------------------


def test_two_overlapping_contracts_signed_at_once_leave_one(catalogue, customer):
    outcomes = race(lambda: first_half(customer), lambda: from_june(customer))
    assert len(refusals(outcomes, ContractOverlap)) == 1
    assert Contract.objects.count() == 1


def test_the_database_itself_refuses_an_overlap_of_one_day(catalogue, customer):
    edition = first_half(customer).edition_id
    with (
        pytest.raises(IntegrityError, match="a_customer_has_one_contract_on_any_day"),
        transaction.atomic(),
    ):
        raw_contract(customer, edition, "C-2", ("2026-06-30", "2026-12-31"))
    raw_contract(customer, edition, "C-3", ("2026-07-01", "2026-12-31"))
    assert Contract.objects.count() == 2


def test_two_overlapping_contracts_written_in_sql_at_once_leave_one(catalogue, customer):
    edition = Edition.objects.get(key="msa-plus").pk
    outcomes = race(
        lambda: raw_contract(customer, edition, "C-1", ("2026-01-01", "2026-12-31")),
        lambda: raw_contract(customer, edition, "C-2", ("2026-12-31", "2027-12-31")),
    )
    assert len(refusals(outcomes, IntegrityError)) == 1
    assert Contract.objects.count() == 1


def test_an_end_moved_into_the_next_contract_is_refused(catalogue, customer):
    contract = first_half(customer)
    raw_contract(customer, contract.edition_id, "C-2", ("2026-07-01", "2026-12-31"))
    with pytest.raises(IntegrityError, match="a_customer_has_one_contract_on_any_day"):
        Contract.objects.filter(pk=contract.pk).update(ends_on=date(2026, 7, 1))


# --- No more holders than seats -----------------------------------------------------------------


@pytest.fixture
def one_seat(catalogue, customer):
    """MSA Start: one contact seat."""
    return factory.make_contract(customer, "msa-start")


@pytest.fixture
def people(customer):
    return [factory.make_person(customer, name) for name in ("Ann Alder", "Bob Birch")]


def hold(contract: Contract, membership: Membership) -> SeatHolding:
    """Insert a holding past the operations."""
    return SeatHolding.objects.create(contract=contract, membership=membership, held_from=NOW)


def held(contract: Contract) -> tuple[int, int]:
    contract.refresh_from_db()
    return contract.seats_held, contract.seat_holdings.current().count()


def test_the_last_seat_given_twice_at_once_is_given_once(one_seat, people, administrator):
    outcomes = race(
        *(lambda who=who: give_seat(one_seat, who, by=administrator, now=NOW) for who in people)
    )
    assert len(refusals(outcomes, SeatLimitReached)) == 1
    assert held(one_seat) == (1, 1)


def test_the_last_seat_inserted_twice_at_once_is_held_once(one_seat, people):
    outcomes = race(*(lambda who=who: hold(one_seat, who) for who in people))
    (refusal,) = refusals(outcomes, IntegrityError)
    assert "a_contract_has_no_more_holders_than_seats" in str(refusal)
    assert held(one_seat) == (1, 1)


def test_an_operation_and_an_insert_at_once_fill_one_seat(one_seat, people, administrator):
    outcomes = race(
        lambda: give_seat(one_seat, people[0], by=administrator, now=NOW),
        lambda: hold(one_seat, people[1]),
    )
    assert len(refusals(outcomes, (IntegrityError, SeatLimitReached))) == 1  # type: ignore[arg-type]  # either of two
    assert held(one_seat) == (1, 1)


def test_one_person_given_two_seats_at_once_holds_one(contract, people, administrator):
    outcomes = race(
        *(lambda: give_seat(contract, people[0], by=administrator, now=NOW) for _ in range(2))
    )
    assert len(refusals(outcomes, DomainError)) == 1
    assert held(contract) == (1, 1)


def test_a_seat_taken_back_twice_at_once_is_counted_once(contract, people, administrator):
    holding = give_seat(contract, people[0], by=administrator, now=NOW)
    outcomes = race(*(lambda: release_seat(holding, by=administrator, now=NOW) for _ in range(2)))
    assert len(refusals(outcomes, ContractConflict)) == 1
    assert held(contract) == (0, 0)


def test_a_seat_passed_on_to_two_people_at_once_goes_to_one(one_seat, people, administrator):
    holder = factory.make_person(one_seat.customer, "Cem Cedar")
    holding = give_seat(one_seat, holder, by=administrator, now=NOW)
    outcomes = race(
        *(lambda who=who: swap_seat(holding, who, by=administrator, now=NOW) for who in people)
    )
    assert len(refusals(outcomes, ContractConflict)) == 1
    assert held(one_seat) == (1, 1)


def test_the_database_refuses_a_limit_below_the_holders(contract, people, administrator):
    for who in people:
        give_seat(contract, who, by=administrator, now=NOW)
    with pytest.raises(IntegrityError, match="a_contract_has_no_more_holders_than_seats"):
        Contract.objects.filter(pk=contract.pk).update(seat_limit=1)


def test_a_past_holding_brought_back_counts_again(one_seat, people, administrator):
    holding = give_seat(one_seat, people[0], by=administrator, now=NOW)
    release_seat(holding, by=administrator, now=NOW)
    give_seat(one_seat, people[1], by=administrator, now=NOW)
    with pytest.raises(IntegrityError, match="a_contract_has_no_more_holders_than_seats"):
        SeatHolding.objects.filter(pk=holding.pk).update(held_until=None)


# --- One debit for a ticket, and none below zero ------------------------------------------------


@pytest.fixture
def one_left(catalogue, customer, administrator):
    """MSA Start with one of its six incidents left."""
    contract = factory.make_contract(customer, "msa-start")
    for number in range(1, 6):
        debit_incident(contract, ticket_number=number, by=administrator, now=NOW)
    return contract


def test_the_last_incident_drawn_twice_at_once_is_drawn_once(one_left, administrator):
    outcomes = race(
        *(
            lambda number=number: debit_incident(
                one_left, ticket_number=number, by=administrator, now=NOW
            )
            for number in (6, 7)
        )
    )
    assert len(refusals(outcomes, QuotaExhausted)) == 1
    year = one_left.years.get()
    assert (year.balance, year.used) == (0, 6)


def test_the_last_incident_inserted_twice_at_once_is_drawn_once(one_left):
    year = one_left.years.get()
    outcomes = race(lambda: raw_debit(year, 6), lambda: raw_debit(year, 7))
    (refusal,) = refusals(outcomes, IntegrityError)
    assert "a_bounded_balance_never_goes_below_zero" in str(refusal)
    year.refresh_from_db()
    assert (year.balance, year.entries.filter(kind=EntryKind.DEBIT).count()) == (0, 6)


def test_a_ticket_debited_twice_at_once_is_debited_once(contract, administrator):
    outcomes = race(
        *(
            lambda: debit_incident(contract, ticket_number=20418, by=administrator, now=NOW)
            for _ in range(2)
        )
    )
    (refusal,) = refusals(outcomes, IntegrityError)
    assert "a_ticket_is_debited_once" in str(refusal)
    year = contract.years.get()
    assert (year.balance, year.used) == (35, 1)


def test_the_database_refuses_a_second_debit_even_on_another_contract(contract, foreign_contract):
    raw_debit(contract.years.get(), 20418)
    with pytest.raises(IntegrityError, match="a_ticket_is_debited_once"):
        raw_debit(foreign_contract.years.get(), 20418)


def test_an_incident_given_back_twice_at_once_is_given_back_once(
    contract, administrator, duty_lead, support_manager
):
    debit_incident(contract, ticket_number=20418, by=administrator, now=NOW)
    outcomes = race(
        *(
            lambda by=by: credit_incident(
                ticket_number=20418, reason="A duplicate.", by=by, now=NOW
            )
            for by in (duty_lead, support_manager)
        )
    )
    assert len(refusals(outcomes, ContractConflict)) == 1
    assert contract.years.get().balance == 36


def test_a_contract_year_opened_twice_at_once_is_granted_once(catalogue, customer):
    contract = factory.make_contract(
        customer, starts_on=date(2025, 4, 1), ends_on=date(2027, 3, 31)
    )
    outcomes = race(
        *(lambda: open_contract_year(contract, day=date(2026, 4, 1), now=NOW) for _ in range(2))
    )
    assert refusals(outcomes, IntegrityError) == []
    assert outcomes[0] == outcomes[1]
    second = contract.years.get(starts_on=date(2026, 4, 1))
    assert (second.balance, second.entries.count()) == (36, 1)


def test_a_ledger_entry_is_never_changed_or_removed(contract):
    entry = raw_debit(contract.years.get(), 20418)
    for change in (
        lambda: LedgerEntry.objects.filter(pk=entry.pk).update(amount=0),
        lambda: LedgerEntry.objects.filter(pk=entry.pk).delete(),
        lambda: LedgerEntry.objects.filter(pk=entry.pk).update(reason=F("reason")),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert LedgerEntry.objects.get(pk=entry.pk).amount == -1


@pytest.mark.parametrize(
    ("kind", "amount", "ticket_number"),
    [
        (EntryKind.DEBIT, 1, 5),
        (EntryKind.DEBIT, -2, 5),
        (EntryKind.DEBIT, -1, None),
        (EntryKind.CREDIT, -1, 5),
        (EntryKind.CREDIT, 1, None),
        (EntryKind.GRANT, -1, None),
        (EntryKind.TOP_UP, -1, None),
        (EntryKind.EXPIRY, 1, None),
    ],
)
def test_an_entry_that_moves_the_wrong_way_is_refused(contract, kind, amount, ticket_number):
    year = contract.years.get()
    with pytest.raises(IntegrityError, match="a_ledger_entry_moves_the_right_way"):
        LedgerEntry.objects.create(year=year, kind=kind, amount=amount, ticket_number=ticket_number)
