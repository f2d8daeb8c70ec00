"""A ticket that its customer escalates."""

from datetime import timedelta

import pytest

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import TUESDAY, make_ticket, newest_event, nothing_changes, told_of
from tickets.choices import EventKind
from tickets.errors import InvalidTransition
from tickets.models import Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.customer_escalation import answer_help, request_help
from tickets.operations.lifecycle import close_ticket

pytestmark = pytest.mark.django_db

NOON = TUESDAY + timedelta(hours=1)


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


@pytest.fixture
def leads(duty_lead: User, support_manager: User) -> tuple[User, User]:
    return duty_lead, support_manager


def test_an_escalation_tells_owner_leads_and_account_manager(
    ticket: Ticket, contact: User, engineer: User, leads: tuple[User, User]
) -> None:
    take_ticket(ticket, by=engineer, now=NOON)
    request_help(ticket, reason="Trucks are waiting.", by=contact, now=NOON)

    ticket.refresh_from_db()
    assert ticket.help_requested_at == NOON
    event = newest_event(ticket)
    assert (event.kind, event.by, event.reason) == (
        EventKind.HELP_REQUESTED,
        contact,
        "Trucks are waiting.",
    )
    assert told_of(event) == {"Mara Kovac", "Jonas Lindqvist", "Ines Duarte"}


def test_an_escalated_ticket_is_not_escalated_again(ticket: Ticket, contact: User) -> None:
    request_help(ticket, reason="Trucks are waiting.", by=contact, now=NOON)

    with nothing_changes(), pytest.raises(InvalidTransition):
        request_help(ticket, reason="They still are.", by=contact, now=NOON)


def test_an_escalation_needs_a_reason_and_an_open_ticket(ticket: Ticket, contact: User) -> None:
    with nothing_changes(), pytest.raises(InvalidInput):
        request_help(ticket, reason="", by=contact, now=NOON)

    close_ticket(ticket, by=contact, now=NOON)
    with nothing_changes(), pytest.raises(InvalidTransition):
        request_help(ticket, reason="Trucks are waiting.", by=contact, now=NOON)


@pytest.mark.parametrize("role", ["foreign_contact", "engineer", "tam"])
def test_only_the_company_escalates(
    ticket: Ticket, role: str, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(role)

    with nothing_changes(), pytest.raises(NotAllowed):
        request_help(ticket, reason="Trucks are waiting.", by=by, now=NOON)


def test_an_answered_escalation_is_told_to_the_customer(
    ticket: Ticket, contact: User, duty_lead: User
) -> None:
    request_help(ticket, reason="Trucks are waiting.", by=contact, now=NOON)
    answer_help(ticket, answer="Mara has it until 14:00.", by=duty_lead, now=NOON)

    ticket.refresh_from_db()
    assert ticket.help_requested_at is None
    event = newest_event(ticket)
    assert (event.kind, event.by, event.reason) == (
        EventKind.HELP_ANSWERED,
        duty_lead,
        "Mara has it until 14:00.",
    )
    assert told_of(event) == {"Priya Raman"}


def test_an_answer_needs_words_and_an_escalation(
    ticket: Ticket, contact: User, duty_lead: User
) -> None:
    with nothing_changes(), pytest.raises(InvalidTransition):
        answer_help(ticket, answer="We look.", by=duty_lead, now=NOON)

    request_help(ticket, reason="Trucks are waiting.", by=contact, now=NOON)
    with nothing_changes(), pytest.raises(InvalidInput):
        answer_help(ticket, answer=" ", by=duty_lead, now=NOON)


@pytest.mark.parametrize("role", ["contact", "engineer", "tam", "administrator"])
def test_only_leads_answer_escalations(
    ticket: Ticket, contact: User, role: str, request: pytest.FixtureRequest
) -> None:
    request_help(ticket, reason="Nobody answers.", by=contact, now=NOON)
    by = request.getfixturevalue(role)

    with nothing_changes(), pytest.raises(NotAllowed):
        answer_help(ticket, answer="We look.", by=by, now=NOON)
