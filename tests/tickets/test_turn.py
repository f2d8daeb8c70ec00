"""Whose turn it is, since when, and what comes next."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from entitlements.models import Contract, Customer
from tests.factories.tickets import TUESDAY, make_ticket
from tickets.models import Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket, write_message
from tickets.operations.customer_escalation import escalate_as_customer
from tickets.operations.lifecycle import close_ticket, resolve_ticket
from tickets.turn import Side, Turn, turn_of

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def ticket(contract: Contract, customer: Customer, contact: User) -> Ticket:
    return make_ticket(contact, customer)


def turn(ticket: Ticket, now: datetime = TUESDAY + 6 * HOUR) -> Turn | None:
    ticket = Ticket.objects.with_clock().get(pk=ticket.pk)
    escalation = ticket.escalations.open().with_answers().first()
    return turn_of(ticket, ticket.events.all(), escalation=escalation, now=now)


def test_a_new_ticket_is_ours_since_it_was_filed_with_the_clocks_promise(ticket: Ticket) -> None:
    found = turn(ticket)
    assert found is not None
    assert (found.side, found.who, found.since) == ("ours", "In our queue", TUESDAY)
    # MSA Business, High: 8 working hours from 11:00 ET.
    assert (found.lead, found.at) == ("We answer by", datetime(2026, 3, 10, 23, 0, tzinfo=UTC))
    assert found.zone == "America/New_York"


def test_a_late_answer_is_said_to_be_late(ticket: Ticket) -> None:
    found = turn(ticket, datetime(2026, 3, 11, 15, 0, tzinfo=UTC))
    assert found is not None
    assert found.lead == "The answer is late; promised for"


def test_it_goes_to_the_customer_and_back_with_each_word(
    ticket: Ticket, contact: User, engineer: User
) -> None:
    take_ticket(ticket, by=engineer, now=TUESDAY)
    answer_ticket(
        ticket,
        body="Which build?",
        qualified=True,
        wait_for_customer=True,
        by=engineer,
        now=TUESDAY + HOUR,
    )
    theirs = turn(ticket)
    assert theirs == Turn(Side.YOURS, "", TUESDAY + HOUR)
    write_message(ticket, body="12.4.2", by=contact, now=TUESDAY + 2 * HOUR)
    write_message(ticket, body="And 12.4.1.", by=contact, now=TUESDAY + 3 * HOUR)
    ours = turn(ticket)
    assert ours is not None
    # Since the first of the two words; answered once, no further time is promised.
    assert (ours.side, ours.who, ours.since) == ("ours", "Mara Kovac has it", TUESDAY + 2 * HOUR)
    assert (ours.lead, ours.at) == ("", None)


def test_a_solved_ticket_is_the_customers_until_it_closes_by_itself(
    ticket: Ticket, contact: User, engineer: User
) -> None:
    resolve_ticket(ticket, resolution="Rule 7.", by=engineer, now=TUESDAY + HOUR)
    found = turn(ticket)
    assert found is not None
    assert (found.side, found.since) == ("yours", TUESDAY + HOUR)
    assert (found.lead, found.at) == (
        "It closes by itself on",
        TUESDAY + HOUR + timedelta(days=14),
    )
    close_ticket(ticket, by=contact, now=TUESDAY + 2 * HOUR)
    assert turn(ticket) is None


def test_what_the_owner_of_an_escalation_promised_comes_first(
    ticket: Ticket, contact: User, duty_lead: User
) -> None:
    escalate_as_customer(ticket, reason="We need a plan.", by=contact, now=TUESDAY + HOUR)
    found = turn(ticket)
    assert found is not None
    assert found.lead == "Jonas Lindqvist writes by"
    assert found.at == TUESDAY + 2 * HOUR  # within the hour
