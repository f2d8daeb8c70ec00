"""Who sees the tickets of a company by a seat of its contract."""

from datetime import date
from typing import Any

import pytest

from accounts.models import User
from entitlements.models import Customer
from entitlements.operations.seats import give_seat, release_seat
from tests.factories import entitlements as factory
from tests.factories.tickets import make_ticket
from tickets.choices import TicketKind
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def company(catalogue: dict[str, Any]) -> Customer:
    return factory.make_customer("Alder Works")


@pytest.fixture
def ticket(company: Customer) -> Ticket:
    filer = factory.make_person(company, "Cara Cole").user
    return make_ticket(filer, company, kind=TicketKind.BREAK_FIX)


def sees(person: User, ticket: Ticket) -> bool:
    return Ticket.objects.visible_to(person).filter(pk=ticket.pk).exists()


def test_a_seat_that_is_taken_back_shows_nothing_by_the_one_of_the_contract_before(
    ticket: Ticket, company: Customer
) -> None:
    before = factory.make_contract(
        company, number="C-1", starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31)
    )
    colleague = factory.make_contact(before, "Ann Alder").membership
    following = factory.make_contract(
        company, number="C-2", starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31)
    )
    assert sees(colleague.user, ticket)

    release_seat(following.seat_holdings.get(membership=colleague), by=factory.the_administrator())

    assert not sees(colleague.user, ticket)


def test_who_is_not_chosen_for_a_smaller_contract_sees_as_anybody_without_a_seat(
    ticket: Ticket, company: Customer
) -> None:
    before = factory.make_contract(
        company, number="C-1", starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31)
    )
    left_out = factory.make_contact(before, "Ann Alder").membership.user
    chosen = factory.make_contact(before, "Bob Birch").membership
    following = factory.make_contract(
        company,
        "msa-start",
        number="C-2",
        starts_on=date(2025, 1, 1),
        ends_on=date(2025, 12, 31),
    )
    give_seat(following, chosen, by=factory.the_administrator())

    assert sees(chosen.user, ticket)
    assert not sees(left_out, ticket)


def test_a_seat_shows_the_company_while_no_other_contract_has_begun(
    ticket: Ticket, company: Customer
) -> None:
    before = factory.make_contract(
        company, number="C-1", starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31)
    )
    colleague = factory.make_contact(before, "Ann Alder").membership.user
    factory.make_contact(before, "Bob Birch")
    factory.make_contract(
        company, "msa-start", number="C-2", starts_on=date(2199, 1, 1), ends_on=date(2199, 12, 31)
    )

    assert sees(colleague, ticket)
