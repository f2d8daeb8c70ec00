"""Who works on a ticket: taken, given, put back; and two people at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from accounts.choices import Role
from accounts.errors import DomainError, InvalidInput, NotAllowed
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from tests.factories import entitlements as people
from tests.factories.tickets import (
    TUESDAY,
    kinds_of,
    make_ticket,
    newest_event,
    nothing_changes,
    told_of,
)
from tickets.choices import EventKind, TicketKind, TicketState
from tickets.errors import InvalidTransition
from tickets.models import Ticket
from tickets.operations.assignment import (
    assign_ticket,
    release_ticket,
    release_tickets_of_leavers,
    take_next_ticket,
    take_ticket,
)
from tickets.operations.lifecycle import close_ticket

NOON = TUESDAY + timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


@pytest.fixture
def other(db: None) -> User:
    return people.make_staff_member("Jan Novak", Role.ENGINEER)


def test_a_taken_ticket_is_in_progress_with_its_taker(ticket: Ticket, engineer: User) -> None:
    take_ticket(ticket, by=engineer, now=NOON)

    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.state) == (engineer, TicketState.IN_PROGRESS)
    assert ticket.updated_at == NOON
    event = newest_event(ticket)
    assert (event.kind, event.by, event.at) == (EventKind.TAKEN, engineer, NOON)
    assert event.details == {"assignee": [None, engineer.pk], "assignee_name": "Mara Kovac"}
    assert kinds_of(ticket) == [EventKind.TAKEN]
    assert told_of(event) == set()


def test_taking_ones_own_ticket_again_changes_nothing(ticket: Ticket, engineer: User) -> None:
    take_ticket(ticket, by=engineer, now=NOON)

    with nothing_changes():
        take_ticket(ticket, by=engineer, now=NOON)


def test_a_ticket_somebody_has_is_not_taken(ticket: Ticket, engineer: User, other: User) -> None:
    take_ticket(ticket, by=engineer, now=NOON)

    with nothing_changes(), pytest.raises(InvalidTransition, match="Mara Kovac has this ticket"):
        take_ticket(ticket, by=other, now=NOON)


def test_an_ended_ticket_is_not_taken(ticket: Ticket, contact: User, engineer: User) -> None:
    close_ticket(ticket, by=contact, now=NOON)

    with nothing_changes(), pytest.raises(InvalidTransition):
        take_ticket(ticket, by=engineer, now=NOON)


@pytest.mark.parametrize("role", ["contact", "tam", "analyst", "administrator"])
def test_only_engineers_and_leads_take_give_and_put_back(
    ticket: Ticket, engineer: User, role: str, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(role)
    with nothing_changes():
        with pytest.raises(NotAllowed):
            take_ticket(ticket, by=by, now=NOON)
        with pytest.raises(NotAllowed):
            take_next_ticket(by=by, now=NOON)
        with pytest.raises(NotAllowed):
            assign_ticket(ticket, to=engineer, by=by, now=NOON)
        with pytest.raises(NotAllowed):
            release_ticket(ticket, by=by, now=NOON)


def test_a_handed_over_ticket_tells_its_new_owner_why(
    ticket: Ticket, engineer: User, other: User
) -> None:
    take_ticket(ticket, by=engineer, now=NOON)
    assign_ticket(ticket, to=other, by=engineer, reason="Waits for the log.", now=NOON)

    ticket.refresh_from_db()
    assert ticket.assignee == other
    event = newest_event(ticket)
    assert (event.kind, event.by, event.reason) == (
        EventKind.ASSIGNED,
        engineer,
        "Waits for the log.",
    )
    assert event.details == {"assignee": [engineer.pk, other.pk], "assignee_name": "Jan Novak"}
    assert told_of(event) == {"Jan Novak"}


def test_a_note_for_who_has_the_ticket_already_is_refused_and_not_lost(
    ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    take_ticket(ticket, by=engineer, now=NOON)

    with nothing_changes():
        assign_ticket(ticket, to=engineer, by=duty_lead, now=NOON)
        with pytest.raises(InvalidTransition, match="has this ticket already") as refusal:
            assign_ticket(ticket, to=engineer, by=duty_lead, reason="Call them.", now=NOON)
    assert refusal.value.field == "to"


def test_the_same_hand_over_sent_twice_is_one(ticket: Ticket, engineer: User, other: User) -> None:
    assign_ticket(ticket, to=other, by=engineer, reason="Call them.", now=NOON)

    with nothing_changes():
        assign_ticket(ticket, to=other, by=engineer, reason="Call them.", now=NOON)


@pytest.mark.parametrize("role", ["tam", "contact", "analyst"])
def test_a_ticket_is_given_to_engineers_only(
    ticket: Ticket, engineer: User, role: str, request: pytest.FixtureRequest
) -> None:
    to = request.getfixturevalue(role)

    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        assign_ticket(ticket, to=to, by=engineer, now=NOON)

    assert refusal.value.field == "to"


def test_an_ended_ticket_is_not_given(
    ticket: Ticket, contact: User, engineer: User, other: User
) -> None:
    close_ticket(ticket, by=contact, now=NOON)

    with nothing_changes(), pytest.raises(InvalidTransition):
        assign_ticket(ticket, to=other, by=engineer, now=NOON)


def test_a_ticket_put_back_belongs_to_nobody(ticket: Ticket, engineer: User) -> None:
    take_ticket(ticket, by=engineer, now=NOON)
    release_ticket(ticket, by=engineer, now=NOON)

    ticket.refresh_from_db()
    assert (ticket.assignee, ticket.state) == (None, TicketState.IN_PROGRESS)
    event = newest_event(ticket)
    assert (event.kind, event.details) == (
        EventKind.RELEASED,
        {"assignee": [engineer.pk, None]},
    )


def test_nobodys_ticket_is_not_put_back(ticket: Ticket, engineer: User) -> None:
    with nothing_changes(), pytest.raises(InvalidTransition):
        release_ticket(ticket, by=engineer, now=NOON)


def test_the_next_ticket_is_the_most_urgent_that_nobody_has(
    ticket: Ticket, contact: User, customer: Customer, engineer: User, other: User
) -> None:
    critical = make_ticket(contact, customer, severity=Severity.CRITICAL)
    make_ticket(contact, customer, kind=TicketKind.BREAK_FIX, severity=Severity.CRITICAL)
    take_ticket(critical, by=other, now=NOON)

    assert take_next_ticket(by=engineer, now=NOON) == ticket


def test_an_empty_queue_has_no_next_ticket(engineer: User) -> None:
    assert take_next_ticket(by=engineer, now=NOON) is None


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run each call on a connection of its own; an error is a result too."""

    def run(call: Callable[[], object]) -> object:
        try:
            return call()
        except DomainError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.django_db(transaction=True)
def test_of_two_engineers_taking_one_ticket_one_wins(
    ticket: Ticket, engineer: User, other: User
) -> None:
    for number in range(1, 6):
        results = at_once(
            lambda: take_ticket(ticket, by=engineer, now=NOON),
            lambda: take_ticket(ticket, by=other, now=NOON),
        )

        assert sorted(type(result).__name__ for result in results) == [
            "InvalidTransition",
            "Ticket",
        ]
        ticket.refresh_from_db()
        assert ticket.events.filter(kind=EventKind.TAKEN).count() == number
        winner = next(result for result in results if isinstance(result, Ticket))
        assert ticket.assignee_id == winner.assignee_id
        release_ticket(ticket, by=engineer, now=NOON)


@pytest.mark.django_db(transaction=True)
def test_two_engineers_taking_the_next_never_get_the_same(
    ticket: Ticket, contact: User, customer: Customer, engineer: User, other: User
) -> None:
    second = make_ticket(contact, customer)
    results = at_once(
        lambda: take_next_ticket(by=engineer, now=NOON),
        lambda: take_next_ticket(by=other, now=NOON),
    )

    taken = {result.pk for result in results if isinstance(result, Ticket)}
    assert taken == {ticket.pk, second.pk}


@pytest.mark.django_db(transaction=True)
def test_of_two_engineers_taking_the_last_next_one_goes_without(
    ticket: Ticket, engineer: User, other: User
) -> None:
    results = at_once(
        lambda: take_next_ticket(by=engineer, now=NOON),
        lambda: take_next_ticket(by=other, now=NOON),
    )

    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Ticket"]
    assert ticket.events.filter(kind=EventKind.TAKEN).count() == 1


def test_what_a_leaver_had_is_anybodys(
    contact: User, customer: Customer, engineer: User, other: User
) -> None:
    left, ended, kept = (make_ticket(contact, customer) for _ in range(3))
    for one in (left, ended):
        take_ticket(one, by=other, now=NOON)
    take_ticket(kept, by=engineer, now=NOON)
    close_ticket(ended, by=contact, now=NOON)
    assert release_tickets_of_leavers(now=NOON) == 0
    User.objects.filter(pk=other.pk).update(roles=[Role.ANALYST])

    assert release_tickets_of_leavers(now=NOON) == 1
    assert release_tickets_of_leavers(now=NOON) == 0

    event = newest_event(left)
    assert (event.kind, event.by) == (EventKind.RELEASED, None)
    assert event.reason == "Jan Novak no longer works on tickets"
    assert event.details == {"assignee": [other.pk, None]}
    for one in (ended, kept):
        one.refresh_from_db()
    assert (ended.assignee, kept.assignee) == (other, engineer)
    assert take_next_ticket(by=engineer, now=NOON) == left


def test_who_may_not_sign_in_any_more_has_left(ticket: Ticket, engineer: User, other: User) -> None:
    take_ticket(ticket, by=other, now=NOON)
    User.objects.filter(pk=other.pk).update(is_active=False)

    assert release_tickets_of_leavers(now=NOON) == 1

    ticket.refresh_from_db()
    assert ticket.assignee is None
