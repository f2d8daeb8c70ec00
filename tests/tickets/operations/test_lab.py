"""What an engineer asks the lab, and what the lab found."""

from datetime import timedelta

import pytest

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.models import Customer
from sla.choices import ClockState
from tests.factories.tickets import (
    TUESDAY,
    make_ticket,
    newest_event,
    nothing_changes,
    told_of,
)
from tickets.choices import EventKind, TicketState
from tickets.errors import InvalidTransition
from tickets.models import Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.lab import pass_to_lab, return_from_lab
from tickets.operations.lifecycle import resolve_ticket

pytestmark = pytest.mark.django_db

NOON = TUESDAY + timedelta(hours=1)
ONE = TUESDAY + timedelta(hours=2)


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


@pytest.fixture
def with_lab(ticket: Ticket, engineer: User, analyst: User) -> Ticket:
    take_ticket(ticket, by=engineer, now=NOON)
    return pass_to_lab(ticket, reason="Is the signature ours?", by=engineer, now=NOON)


def test_the_lab_is_asked_and_told(with_lab: Ticket, engineer: User, analyst: User) -> None:
    with_lab.refresh_from_db()
    assert with_lab.state == TicketState.WAITING_FOR_LAB
    event = newest_event(with_lab)
    assert (event.kind, event.by, event.at, event.reason) == (
        EventKind.STATE_CHANGED,
        engineer,
        NOON,
        "Is the signature ours?",
    )
    assert event.details == {"state": ["in_progress", "waiting_for_lab"]}
    assert told_of(event) == {analyst.name}


def test_the_clock_goes_on_while_the_lab_works(with_lab: Ticket) -> None:
    assert with_lab.response_clock is not None
    assert with_lab.response_clock.state(ONE) == ClockState.RUNNING


def test_the_lab_gives_a_ticket_back_to_its_engineer(
    with_lab: Ticket, engineer: User, analyst: User
) -> None:
    return_from_lab(with_lab, finding="It is: build 4711.", by=analyst, now=ONE)

    with_lab.refresh_from_db()
    assert (with_lab.state, with_lab.assignee) == (TicketState.IN_PROGRESS, engineer)
    event = newest_event(with_lab)
    assert (event.kind, event.by, event.at, event.reason) == (
        EventKind.STATE_CHANGED,
        analyst,
        ONE,
        "It is: build 4711.",
    )
    assert event.details == {"state": ["waiting_for_lab", "in_progress"]}
    assert told_of(event) == {engineer.name}


def test_what_nobody_had_taken_is_new_again(ticket: Ticket, engineer: User, analyst: User) -> None:
    pass_to_lab(ticket, reason="Is the signature ours?", by=engineer, now=NOON)

    return_from_lab(ticket, finding="It is.", by=analyst, now=ONE)

    ticket.refresh_from_db()
    assert (ticket.state, ticket.assignee) == (TicketState.NEW, None)
    assert told_of(newest_event(ticket)) == {engineer.name}


@pytest.mark.parametrize("role", ["contact", "tam", "administrator", "analyst"])
def test_only_engineers_ask_the_lab(
    ticket: Ticket, role: str, request: pytest.FixtureRequest
) -> None:
    with nothing_changes(), pytest.raises(NotAllowed):
        pass_to_lab(ticket, reason="Why?", by=request.getfixturevalue(role), now=NOON)


@pytest.mark.parametrize("role", ["contact", "tam", "administrator"])
def test_only_the_lab_and_engineers_bring_a_ticket_back(
    with_lab: Ticket, role: str, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(role)

    with nothing_changes(), pytest.raises(NotAllowed):
        return_from_lab(with_lab, finding="Ours.", by=person, now=ONE)


def test_the_lab_is_asked_a_question(ticket: Ticket, engineer: User) -> None:
    with nothing_changes(), pytest.raises(InvalidInput, match="should find out"):
        pass_to_lab(ticket, reason=" ", by=engineer, now=NOON)


def test_the_lab_says_what_it_found(with_lab: Ticket, analyst: User) -> None:
    with nothing_changes(), pytest.raises(InvalidInput, match="what the lab found"):
        return_from_lab(with_lab, finding=" ", by=analyst, now=ONE)


def test_the_lab_is_not_asked_twice(with_lab: Ticket, engineer: User) -> None:
    with nothing_changes(), pytest.raises(InvalidTransition, match="already"):
        pass_to_lab(with_lab, reason="And this?", by=engineer, now=ONE)


def test_the_lab_is_asked_nothing_about_what_has_ended(ticket: Ticket, engineer: User) -> None:
    resolve_ticket(ticket, resolution="Update to 12.4.3.", by=engineer, now=NOON)

    with nothing_changes(), pytest.raises(InvalidTransition, match="ended"):
        pass_to_lab(ticket, reason="Why?", by=engineer, now=ONE)


def test_what_the_lab_does_not_have_is_not_given_back(ticket: Ticket, analyst: User) -> None:
    with nothing_changes(), pytest.raises(InvalidTransition, match="any more"):
        return_from_lab(ticket, finding="Ours.", by=analyst, now=ONE)
