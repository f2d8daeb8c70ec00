"""Whoever looks after a company is told when nobody there may be called at night any more."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from accounts.models import User
from entitlements.models import Contract, Customer, Membership, SeatHolding
from entitlements.operations.customers import choose_night_calls, remove_person
from entitlements.operations.seats import give_seat, release_seat, swap_seat
from notifications.models import Notice
from tests.factories import entitlements as factory
from tests.racing import race

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def elena(manager: User, tam: User, customer: Customer) -> User:
    """The manager of a company that a TAM looks after."""
    customer.tam = tam
    customer.save()
    return manager


def holder(contract: Contract, name: str, by: User, **facts: Any) -> Membership:
    member = factory.make_person(contract.customer, name)
    Membership.objects.filter(pk=member.pk).update(**facts)
    member.refresh_from_db()
    give_seat(contract, member, by=by, now=NOW)
    return member


def seat_of(member: Membership) -> SeatHolding:
    return SeatHolding.objects.current().get(membership=member)


def told() -> list[str]:
    found = Notice.objects.filter(kind="night_contact_lost").order_by("recipient__name")
    return [one.recipient.name for one in found]


def test_the_last_who_sleeps_at_night_is_told_to_manager_and_tam(
    contract: Contract, elena: User, tam: User
) -> None:
    first, last = (holder(contract, name, elena) for name in ("Ada Lund", "Ben Ode"))
    choose_night_calls(first, answers_at_night=False, by=first.user, now=NOW)
    assert told() == []
    choose_night_calls(last, answers_at_night=False, by=last.user, now=NOW)
    assert told() == [elena.name, tam.name]
    notice = Notice.objects.filter(kind="night_contact_lost", recipient=elena).get()
    assert notice.subject == "Northwind Logistics: nobody may be called at night"
    assert "was Ben Ode." in notice.body
    # The same again is no change; a later loss is another one.
    choose_night_calls(last, answers_at_night=False, by=last.user, now=NOW)
    assert len(told()) == 2
    choose_night_calls(last, answers_at_night=True, by=last.user, now=NOW)
    choose_night_calls(last, answers_at_night=False, by=last.user, now=NOW)
    assert len(told()) == 4


def test_a_seat_taken_back_or_a_person_removed_may_be_the_last(
    contract: Contract, elena: User
) -> None:
    first, last = (holder(contract, name, elena) for name in ("Ada Lund", "Ben Ode"))
    remove_person(first, by=elena, now=NOW)
    assert told() == []
    release_seat(seat_of(last), by=elena, now=NOW)
    assert len(told()) == 2


def test_a_seat_passed_on_to_somebody_who_answers_is_no_loss(
    contract: Contract, elena: User
) -> None:
    last = holder(contract, "Ada Lund", elena)
    awake = factory.make_person(contract.customer, "Ben Ode")
    asleep = factory.make_person(contract.customer, "Cid Roe")
    choose_night_calls(asleep, answers_at_night=False, by=asleep.user, now=NOW)
    swap_seat(seat_of(last), awake, by=elena, now=NOW)
    assert told() == []
    swap_seat(seat_of(awake), asleep, by=elena, now=NOW)
    assert len(told()) == 2


def test_whoever_could_not_be_called_before_is_no_loss(contract: Contract, elena: User) -> None:
    asleep = holder(contract, "Ada Lund", elena, answers_at_night=False)
    release_seat(seat_of(asleep), by=elena, now=NOW)
    without_seat = factory.make_person(contract.customer, "Ben Ode")
    choose_night_calls(without_seat, answers_at_night=False, by=without_seat.user, now=NOW)
    assert told() == []


def test_a_plan_that_sleeps_at_night_needs_nobody(
    catalogue: object, customer: Customer, elena: User
) -> None:
    contract = factory.make_contract(customer, "msa-start")
    last = holder(contract, "Ada Lund", elena)
    choose_night_calls(last, answers_at_night=False, by=last.user, now=NOW)
    release_seat(seat_of(last), by=elena, now=NOW)
    assert told() == []


@pytest.mark.django_db(transaction=True)
def test_two_who_go_at_once_are_noticed(contract: Contract, elena: User) -> None:
    both = [holder(contract, name, elena) for name in ("Ada Lund", "Ben Ode")]

    def sleep_in(member: Membership) -> Membership:
        return choose_night_calls(member, answers_at_night=False, by=member.user, now=NOW)

    outcomes = race(*(partial(sleep_in, member) for member in both))
    assert [one.answers_at_night for one in outcomes] == [False, False]
    assert len(told()) == 2
