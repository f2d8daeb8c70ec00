from datetime import UTC, date, datetime
from threading import Event
from typing import Any

import pytest

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent
from entitlements.errors import ContractConflict, SeatLimitReached
from entitlements.models import Contract, Membership, SeatHolding
from entitlements.operations.contracts import terminate_contract
from entitlements.operations.customers import remove_person
from entitlements.operations.seats import give_seat, release_seat, swap_seat
from entitlements.permissions import can_manage_company, is_technical_contact
from notifications.models import Notice
from tests.factories import entitlements as factory
from tests.racing import PATIENCE, race

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


def rows() -> list[Any]:
    models = (Contract, SeatHolding, Membership, AuditEvent)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def latest_audit() -> AuditEvent:
    return AuditEvent.objects.order_by("-pk")[0]


def test_a_seat_makes_a_technical_contact_with_a_caller_pin(contract, manager):
    person = factory.make_person(contract.customer, "Lena Hoffmann")
    assert not is_technical_contact(person.user, contract)
    holding = give_seat(contract, person, by=manager, now=NOW)
    contract.refresh_from_db()
    person.refresh_from_db()
    assert (holding.held_from, holding.given_by) == (NOW, manager)
    assert contract.seats_held == 1
    assert len(person.caller_pin) == 6
    assert person.caller_pin.isdigit()
    assert is_technical_contact(person.user, contract)
    event = latest_audit()
    assert (event.action, event.by, event.changes) == (
        "seat given",
        manager,
        {"holder": ["", "Lena Hoffmann"]},
    )


def test_a_seat_beyond_the_limit_is_refused(catalogue, customer, manager):
    contract = factory.make_contract(customer, "msa-start")  # one contact
    factory.make_contact(contract, "Priya Raman")
    another = factory.make_person(customer, "Lena Hoffmann")
    before = rows()
    with pytest.raises(SeatLimitReached) as refusal:
        give_seat(contract, another, by=manager, now=NOW)
    assert refusal.value.field == "membership"
    assert "All 1 contact seats are held" in refusal.value.message
    assert rows() == before


def test_a_contact_needs_a_phone_number(contract, manager):
    person = factory.make_person(contract.customer, "Lena Hoffmann", phone="")
    before = rows()
    with pytest.raises(InvalidInput, match="needs a phone number"):
        give_seat(contract, person, by=manager, now=NOW)
    assert rows() == before


def test_a_person_holds_one_seat_of_a_contract(contract, contact, manager):
    membership = contact.memberships.get()
    before = rows()
    with pytest.raises(InvalidInput, match="holds a seat already"):
        give_seat(contract, membership, by=manager, now=NOW)
    assert rows() == before


def test_a_seat_goes_to_nobody_of_another_company(contract, foreign_contact, manager):
    before = rows()
    with pytest.raises(InvalidInput, match="Choose somebody of this company"):
        give_seat(contract, foreign_contact.memberships.get(), by=manager, now=NOW)
    assert rows() == before


def test_nobody_who_left_meanwhile_is_given_a_seat(contract, manager):
    person = factory.make_person(contract.customer, "Lena Hoffmann")
    remove_person(Membership.objects.get(pk=person.pk), by=manager, now=NOW)
    before = rows()
    with pytest.raises(InvalidInput) as refusal:
        give_seat(contract, person, by=manager, now=NOW)
    assert refusal.value.field == "membership"
    assert rows() == before


@pytest.mark.django_db(transaction=True)
def test_who_is_removed_while_they_are_given_a_seat_holds_none(contract, manager):
    person = factory.make_person(contract.customer, "Lena Hoffmann")
    gives = Event()

    def manages(*given: Any) -> bool:
        gives.set()  # The company is locked by now.
        return can_manage_company(*given)

    def remove() -> Membership:
        assert gives.wait(PATIENCE)
        return remove_person(person, by=manager, now=NOW)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("entitlements.operations.seats.can_manage_company", manages)
        given, removed = race(lambda: give_seat(contract, person, by=manager, now=NOW), remove)
    assert isinstance(given, SeatHolding)
    assert isinstance(removed, Membership)
    contract.refresh_from_db()
    assert contract.seats_held == 0
    assert not SeatHolding.objects.current().exists()


@pytest.mark.parametrize("person", ["contact", "colleague", "engineer", "tam", "foreign_contact"])
def test_only_the_manager_or_an_administrator_changes_seats(request, contract, contact, person):
    by = request.getfixturevalue(person)
    another = factory.make_person(contract.customer, "Lena Hoffmann")
    holding = contract.seat_holdings.get()
    before = rows()
    with pytest.raises(NotAllowed):
        give_seat(contract, another, by=by, now=NOW)
    with pytest.raises(NotAllowed):
        release_seat(holding, by=by, now=NOW)
    with pytest.raises(NotAllowed):
        swap_seat(holding, another, by=by, now=NOW)
    assert rows() == before


def test_a_seat_taken_back_stays_as_history(contract, contact, administrator):
    holding = release_seat(contract.seat_holdings.get(), by=administrator, now=NOW)
    contract.refresh_from_db()
    assert (holding.held_until, holding.ended_by) == (NOW, administrator)
    assert contract.seats_held == 0
    assert not is_technical_contact(contact, contract)
    assert latest_audit().changes == {"holder": ["Priya Raman", ""]}
    before = rows()
    with pytest.raises(ContractConflict):
        release_seat(holding, by=administrator, now=NOW)
    assert rows() == before


def test_a_full_contract_swaps_a_holder_in_one_step(catalogue, customer, manager):
    contract = factory.make_contract(customer, "msa-start")
    holding = factory.make_contact(contract, "Priya Raman")
    another = factory.make_person(customer, "Lena Hoffmann")
    swap_seat(holding, another, by=manager, now=NOW)
    contract.refresh_from_db()
    assert contract.seats_held == 1
    assert list(
        contract.seat_holdings.values_list("membership__user__name", "held_until").order_by("pk")
    ) == [("Priya Raman", NOW), ("Lena Hoffmann", None)]


def test_a_swap_that_is_refused_leaves_the_holder_in_place(contract, contact, manager):
    phoneless = factory.make_person(contract.customer, "Lena Hoffmann", phone="")
    before = rows()
    with pytest.raises(InvalidInput):
        swap_seat(contract.seat_holdings.get(), phoneless, by=manager, now=NOW)
    assert rows() == before


def test_a_caller_pin_survives_a_pause_without_a_seat(contract, contact, manager):
    membership = contact.memberships.get()
    pin = membership.caller_pin
    release_seat(contract.seat_holdings.get(), by=manager, now=NOW)
    give_seat(contract, membership, by=manager, now=NOW)
    membership.refresh_from_db()
    assert membership.caller_pin == pin


def test_holders_keep_their_seats_on_the_contract_that_follows(contract, contact, customer):
    following = factory.make_contract(
        customer, number="C-2", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    following.refresh_from_db()
    assert following.seats_held == 1
    assert is_technical_contact(contact, following)


def test_holders_of_a_contract_ended_early_keep_their_seats_on_the_one_in_its_place(
    contract, contact, customer, manager
):
    before = factory.make_contract(
        customer, number="C-0", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31)
    )
    left = factory.make_contact(before, "Ann Alder").membership.user
    terminate_contract(
        contract,
        last_day=date(2026, 6, 30),
        reason="Another contract takes its place.",
        by=factory.the_administrator(),
        now=NOW,
    )

    following = factory.make_contract(
        customer, number="C-2", starts_on=date(2026, 7, 1), ends_on=date(2027, 6, 30)
    )

    assert is_technical_contact(contact, following)
    assert not is_technical_contact(left, following)


def holders(contract: Contract) -> list[str]:
    held = contract.seat_holdings.current().order_by("membership__user__name")
    return [str(one.membership.user) for one in held]


def test_a_renewal_signed_ahead_keeps_the_holders_of_the_contract_it_follows(
    contract, contact, manager, customer
):
    renewal = factory.make_contract(
        customer, number="C-2027-0417", starts_on=date(2027, 1, 1), ends_on=date(2027, 12, 31)
    )
    lena = factory.make_person(customer, "Lena Hoffmann")
    omar = factory.make_person(customer, "Omar Haddad")
    given = give_seat(contract, lena, by=manager, now=NOW)
    assert holders(renewal) == holders(contract) == ["Lena Hoffmann", "Priya Raman"]
    swap_seat(given, omar, by=manager, now=NOW)
    assert holders(renewal) == holders(contract) == ["Omar Haddad", "Priya Raman"]
    assert [latest_audit().action, latest_audit().subject_id] == ["seat given", renewal.pk]
    remove_person(omar, by=manager, now=NOW)
    assert holders(renewal) == holders(contract) == ["Priya Raman"]
    # Who was chosen for it alone stays chosen, and what is given before it begins is not its own.
    give_seat(renewal, lena, by=manager, now=NOW)
    release_seat(contract.seat_holdings.current().get(), by=manager, now=NOW)
    assert (holders(contract), holders(renewal)) == ([], ["Lena Hoffmann", "Priya Raman"])


def test_a_renewal_without_a_free_seat_gets_nobody_more(contract, contact, manager, customer):
    renewal = factory.make_contract(
        customer,
        "msa-start",  # one contact
        number="C-2027-0417",
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 12, 31),
    )
    give_seat(contract, factory.make_person(customer, "Lena Hoffmann"), by=manager, now=NOW)
    assert (holders(contract), holders(renewal)) == (
        ["Lena Hoffmann", "Priya Raman"],
        ["Priya Raman"],
    )


def test_nobody_is_carried_over_when_the_new_contract_has_too_few_seats(contract, customer):
    for name in ("Ann Alder", "Bob Birch"):
        factory.make_contact(contract, name)
    following = factory.make_contract(
        customer,
        "msa-start",
        number="C-2",
        starts_on=date(2027, 1, 1),
        ends_on=date(2027, 12, 31),
    )
    following.refresh_from_db()
    assert following.seats_held == 0


def test_who_may_choose_is_told_that_a_new_contract_has_too_few_seats(contract, manager, customer):
    for name in ("Ann Alder", "Bob Birch"):
        factory.make_contact(contract, name)
    told = Notice.objects.filter(kind="seats_to_choose", recipient=manager)
    begins, ends = date(2027, 1, 1), date(2027, 12, 31)
    renewal = factory.make_contract(
        customer, "msa-start", number="C-2", starts_on=begins, ends_on=ends
    )
    notice = told.get()
    assert notice.subject == ("Northwind Logistics: choose your technical contacts from 1 Jan 2027")
    assert "1, not 2" in notice.body
    # The seats of this one are enough for who holds one of that.
    factory.make_contract(
        customer, number="C-3", starts_on=date(2028, 1, 1), ends_on=date(2028, 12, 31)
    )
    assert renewal.seats_held == 0
    assert told.count() == 1
