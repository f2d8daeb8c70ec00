"""Two people escalate at the same instant, on two connections."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.choices import Role
from accounts.models import User
from entitlements.models import Customer
from notifications.models import Notice
from tests.factories import entitlements as people
from tests.factories.tickets import TUESDAY, make_ticket
from tests.racing import race, refusals
from tickets.choices import EscalationEnd, EventKind
from tickets.errors import InvalidTransition
from tickets.models import CustomerEscalation, Ticket
from tickets.operations.customer_escalation import escalate_account, escalate_as_customer
from tickets.operations.escalation_course import end_escalation
from tickets.operations.overdue_words import remind_of_overdue_words

pytestmark = pytest.mark.django_db(transaction=True)

NOON = TUESDAY + timedelta(hours=1)
TIMES = range(5)


@pytest.fixture
def company(catalogue: Any) -> tuple[Customer, User, User]:
    """A company with a contact and a manager."""
    customer = people.make_customer("Northwind Logistics")
    contract = people.make_contract(customer)
    contact = people.make_contact(contract, "Priya Raman").membership.user
    manager = people.make_person(customer, "Elena Brandt", is_manager=True).user
    return customer, contact, manager


@pytest.mark.parametrize("_", TIMES)
def test_two_presses_at_once_escalate_a_ticket_once(
    company: tuple[Customer, User, User], _: int
) -> None:
    customer, contact, manager = company
    ticket = make_ticket(contact, customer)

    outcomes = race(
        lambda: escalate_as_customer(ticket, reason="First.", by=contact, now=NOON),
        lambda: escalate_as_customer(ticket, reason="Second.", by=manager, now=NOON),
    )

    assert len(refusals(outcomes, InvalidTransition)) == 1
    assert CustomerEscalation.objects.count() == 1
    assert ticket.events.filter(kind=EventKind.HELP_REQUESTED).count() == 1


@pytest.mark.parametrize("_", TIMES)
def test_two_escalations_of_an_account_at_once_are_one(
    company: tuple[Customer, User, User], _: int
) -> None:
    customer, _contact, manager = company

    outcomes = race(
        lambda: escalate_account(customer, reason="First.", by=manager, now=NOON),
        lambda: escalate_account(customer, reason="Second.", by=manager, now=NOON),
    )

    assert len(refusals(outcomes, InvalidTransition)) == 1
    assert CustomerEscalation.objects.count() == 1


@pytest.mark.parametrize("_", TIMES)
def test_a_ticket_filed_while_its_account_is_escalated_is_raised(
    company: tuple[Customer, User, User], _: int
) -> None:
    customer, contact, manager = company

    outcomes = race(
        lambda: escalate_account(customer, reason="Now.", by=manager, now=NOON),
        lambda: make_ticket(contact, customer),
        lambda: make_ticket(contact, customer),
    )

    assert refusals(outcomes, InvalidTransition) == []
    assert list(Ticket.objects.values_list("account_escalated_at", flat=True)) == [NOON, NOON]


@pytest.mark.parametrize("_", TIMES)
def test_a_ticket_filed_while_the_escalation_ends_is_not_left_raised(
    company: tuple[Customer, User, User], _: int
) -> None:
    customer, contact, manager = company
    escalation = escalate_account(customer, reason="Now.", by=manager, now=NOON)

    outcomes = race(
        lambda: end_escalation(
            escalation, how=EscalationEnd.WITHDRAWN, reason="Done.", by=manager, now=NOON
        ),
        lambda: make_ticket(contact, customer),
    )

    assert refusals(outcomes, InvalidTransition) == []
    assert Ticket.objects.get().account_escalated_at is None


@pytest.mark.parametrize("_", TIMES)
def test_two_reminders_at_once_tell_of_an_overdue_word_once(
    company: tuple[Customer, User, User], _: int
) -> None:
    customer, contact, _manager = company
    people.make_staff_member("Jonas Lindqvist", Role.DUTY_LEAD)
    ticket = make_ticket(contact, customer)
    escalate_as_customer(ticket, reason="Trucks are waiting.", by=contact, now=NOON)

    outcomes = race(
        lambda: remind_of_overdue_words(now=NOON + timedelta(hours=2)),
        lambda: remind_of_overdue_words(now=NOON + timedelta(hours=2)),
    )

    assert sorted(outcomes) == [0, 1]
    assert ticket.events.filter(kind=EventKind.HELP_OVERDUE).count() == 1
    assert Notice.objects.filter(kind=EventKind.HELP_OVERDUE).count() == 1
