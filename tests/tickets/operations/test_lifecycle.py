"""How a ticket ends and comes back."""

from datetime import timedelta

import pytest

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.models import Customer
from notifications.models import Notice
from tests.factories.tickets import (
    TUESDAY,
    kinds_of,
    make_ticket,
    newest_event,
    nothing_changes,
    told_of,
)
from tickets.choices import EventKind, TicketState
from tickets.errors import InvalidTransition
from tickets.models import Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import write_message
from tickets.operations.lifecycle import (
    close_resolved_tickets,
    close_ticket,
    reopen_ticket,
    resolve_ticket,
)

pytestmark = pytest.mark.django_db

NOON = TUESDAY + timedelta(hours=1)
ONE = TUESDAY + timedelta(hours=2)
FORTNIGHT = timedelta(days=14)


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


@pytest.fixture
def resolved(ticket: Ticket, engineer: User) -> Ticket:
    return resolve_ticket(ticket, resolution="Update to 12.4.3.", by=engineer, now=NOON)


def test_a_resolution_is_a_qualified_answer_and_stops_the_clock(
    ticket: Ticket, engineer: User
) -> None:
    resolve_ticket(ticket, resolution="Update to 12.4.3.", by=engineer, now=NOON)

    ticket.refresh_from_db()
    message = ticket.messages.get()
    assert (message.body, message.qualified, message.from_staff) == (
        "Update to 12.4.3.",
        True,
        True,
    )
    assert ticket.response_clock is not None
    assert ticket.response_clock.stopped_at == NOON
    assert (ticket.state, ticket.resolved_at, ticket.assignee) == (
        TicketState.RESOLVED,
        NOON,
        engineer,
    )
    event = newest_event(ticket)
    assert kinds_of(ticket) == [EventKind.RESOLVED]
    assert event.details == {"message": message.pk, "state": ["new", "resolved"]}
    assert told_of(event) == {"Priya Raman"}


def test_a_resolution_says_what_solved_it(ticket: Ticket, engineer: User) -> None:
    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        resolve_ticket(ticket, resolution=" ", by=engineer, now=NOON)

    assert refusal.value.field == "resolution"


@pytest.mark.parametrize("role", ["contact", "tam", "analyst", "administrator"])
def test_only_engineers_resolve(ticket: Ticket, role: str, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(role)

    with nothing_changes(), pytest.raises(NotAllowed):
        resolve_ticket(ticket, resolution="Solved.", by=by, now=NOON)


def test_an_ended_ticket_is_not_resolved_again(resolved: Ticket, engineer: User) -> None:
    with nothing_changes(), pytest.raises(InvalidTransition):
        resolve_ticket(resolved, resolution="Solved again.", by=engineer, now=ONE)


def test_nobody_resolves_past_the_customers_newer_message(
    ticket: Ticket, contact: User, engineer: User
) -> None:
    write_message(ticket, body="It got worse.", by=contact, now=NOON)

    with nothing_changes(), pytest.raises(InvalidTransition, match="wrote while you were writing"):
        resolve_ticket(ticket, resolution="Solved.", by=engineer, seen_message=0, now=ONE)


def test_the_customer_confirms_a_resolution(resolved: Ticket, contact: User) -> None:
    close_ticket(resolved, by=contact, now=ONE)

    resolved.refresh_from_db()
    assert (resolved.state, resolved.closed_at) == (TicketState.CLOSED, ONE)
    event = newest_event(resolved)
    assert (event.kind, event.by, event.details) == (
        EventKind.CLOSED,
        contact,
        {"state": ["resolved", "closed"]},
    )
    assert told_of(event) == {"Mara Kovac"}
    assert resolved.response_clock is not None
    assert resolved.response_clock.stopped_at == NOON


def test_a_withdrawn_ticket_owes_no_answer(ticket: Ticket, contact: User) -> None:
    close_ticket(ticket, by=contact, now=NOON)

    ticket.refresh_from_db()
    assert ticket.state == TicketState.CLOSED
    assert ticket.response_clock is not None
    assert ticket.response_clock.stopped_at == NOON
    assert ticket.response_clock.next_step_at is None


def test_support_closes_no_open_ticket(ticket: Ticket, engineer: User) -> None:
    with nothing_changes(), pytest.raises(InvalidTransition, match="Resolve it first"):
        close_ticket(ticket, by=engineer, now=NOON)


def test_support_closes_what_nobody_confirms(resolved: Ticket, engineer: User) -> None:
    close_ticket(resolved, by=engineer, now=ONE)

    resolved.refresh_from_db()
    assert resolved.state == TicketState.CLOSED


@pytest.mark.parametrize("role", ["foreign_contact", "tam", "analyst"])
def test_strangers_end_nothing(resolved: Ticket, role: str, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(role)
    with nothing_changes():
        with pytest.raises(NotAllowed):
            close_ticket(resolved, by=by, now=ONE)
        with pytest.raises(NotAllowed):
            reopen_ticket(resolved, reason="It fails.", by=by, now=ONE)


def test_a_closed_ticket_is_not_closed_again(resolved: Ticket, contact: User) -> None:
    close_ticket(resolved, by=contact, now=ONE)

    with nothing_changes(), pytest.raises(InvalidTransition):
        close_ticket(resolved, by=contact, now=ONE)


def test_a_reopened_ticket_is_in_progress_again_and_stays_answered(
    resolved: Ticket, contact: User
) -> None:
    reopen_ticket(resolved, reason="It fails again.", by=contact, now=ONE)

    resolved.refresh_from_db()
    assert (resolved.state, resolved.resolved_at) == (TicketState.IN_PROGRESS, None)
    assert resolved.response_clock is not None
    assert resolved.response_clock.stopped_at == NOON
    assert resolved.messages.order_by("pk").last().body == "It fails again."  # type: ignore[union-attr]  # the reason is one
    event = newest_event(resolved)
    assert (event.kind, event.reason, event.details) == (
        EventKind.REOPENED,
        "It fails again.",
        {"state": ["resolved", "in_progress"]},
    )
    assert told_of(event) == {"Mara Kovac"}


def test_the_customer_is_told_when_support_reopens(resolved: Ticket, duty_lead: User) -> None:
    reopen_ticket(resolved, reason="The fix was withdrawn.", by=duty_lead, now=ONE)

    event = newest_event(resolved)
    assert told_of(event) == {"Mara Kovac", "Priya Raman"}
    assert resolved.messages.count() == 1


def test_colleagues_who_follow_hear_who_closed_it(
    resolved: Ticket, contact: User, manager: User
) -> None:
    resolved.watchers.add(manager)
    close_ticket(resolved, by=contact, now=ONE)

    assert told_of(newest_event(resolved)) == {"Mara Kovac", manager.name}


def test_colleagues_who_follow_hear_that_it_is_open_again_and_why(
    resolved: Ticket, contact: User, manager: User
) -> None:
    resolved.watchers.add(manager)
    reopen_ticket(resolved, reason="It fails again.", by=contact, now=ONE)

    assert told_of(newest_event(resolved)) == {"Mara Kovac", manager.name}
    told = Notice.objects.get(recipient=manager, kind="reopened")
    assert "It fails again." in told.body


def test_a_ticket_is_reopened_until_14_days_have_passed(resolved: Ticket, contact: User) -> None:
    with nothing_changes(), pytest.raises(InvalidTransition):
        reopen_ticket(resolved, reason="It fails.", by=contact, now=NOON + FORTNIGHT)

    reopen_ticket(
        resolved, reason="It fails.", by=contact, now=NOON + FORTNIGHT - timedelta(seconds=1)
    )
    resolved.refresh_from_db()
    assert resolved.state == TicketState.IN_PROGRESS


def test_an_open_ticket_is_not_reopened(ticket: Ticket, contact: User) -> None:
    with nothing_changes(), pytest.raises(InvalidTransition):
        reopen_ticket(ticket, reason="It fails.", by=contact, now=NOON)


def test_what_was_resolved_14_days_ago_closes_by_itself(
    resolved: Ticket, contact: User, customer: Customer, engineer: User
) -> None:
    younger = make_ticket(contact, customer)
    resolve_ticket(younger, resolution="Solved.", by=engineer, now=ONE)
    running = make_ticket(contact, customer)
    take_ticket(running, by=engineer, now=ONE)

    assert close_resolved_tickets(now=NOON + FORTNIGHT) == 1
    assert close_resolved_tickets(now=NOON + FORTNIGHT) == 0

    resolved.refresh_from_db()
    younger.refresh_from_db()
    assert (resolved.state, resolved.closed_at) == (TicketState.CLOSED, NOON + FORTNIGHT)
    assert younger.state == TicketState.RESOLVED
    event = newest_event(resolved)
    assert (event.kind, event.by) == (EventKind.CLOSED, None)


def test_why_a_colleague_reopened_it_stays_among_us(
    resolved: Ticket, engineer: User, duty_lead: User, contact: User
) -> None:
    reopen_ticket(resolved, reason="Their admin broke it.", by=duty_lead, now=ONE)

    told = Notice.objects.filter(kind="reopened")
    assert "broke it" not in told.get(recipient=contact).body
    assert "broke it" in told.get(recipient=engineer).body
