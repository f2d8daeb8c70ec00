"""Missed deadlines that a lead excuses. MSA Business, High: eight working hours."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.models import Customer
from sla.choices import ClockState
from sla.errors import ClockConflict
from tests.factories.tickets import TUESDAY, make_ticket, newest_event, nothing_changes
from tickets.choices import EventKind, TicketKind
from tickets.errors import InvalidTransition
from tickets.models import Ticket
from tickets.operations.conversation import answer_ticket, overturn_answer
from tickets.operations.excuses import excuse_breach
from tickets.operations.sendings import hold_answer

pytestmark = pytest.mark.django_db

NOON = TUESDAY + timedelta(hours=1)
# Filed Tue 11:00 ET with 8 working hours: due at 19:00.
DUE = datetime(2026, 3, 10, 23, 0, tzinfo=UTC)
LATE = DUE + timedelta(minutes=1)


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


def test_a_missed_deadline_is_excused_with_a_reason(
    ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    answer_ticket(ticket, body="Send the log.", qualified=True, by=engineer, now=LATE)
    excuse_breach(ticket, reason="A power cut.", by=duty_lead, now=LATE)

    ticket.refresh_from_db()
    assert ticket.response_clock is not None
    assert ticket.response_clock.state(LATE) == ClockState.EXCUSED
    event = newest_event(ticket)
    assert (event.kind, event.by, event.reason) == (EventKind.EXCUSED, duty_lead, "A power cut.")


def test_a_miss_is_excused_once(ticket: Ticket, duty_lead: User) -> None:
    excuse_breach(ticket, reason="A power cut.", by=duty_lead, now=LATE)

    with nothing_changes(), pytest.raises(InvalidTransition):
        excuse_breach(ticket, reason="A power cut.", by=duty_lead, now=LATE)


def test_nothing_is_excused_that_was_not_missed(
    ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    with nothing_changes(), pytest.raises(ClockConflict):
        excuse_breach(ticket, reason="A power cut.", by=duty_lead, now=NOON)

    answer_ticket(ticket, body="Send the log.", qualified=True, by=engineer, now=DUE)
    with nothing_changes(), pytest.raises(ClockConflict):
        excuse_breach(ticket, reason="A power cut.", by=duty_lead, now=LATE)


def test_an_excuse_needs_a_reason_and_a_clock(
    ticket: Ticket, contact: User, customer: Customer, duty_lead: User
) -> None:
    unpromised = make_ticket(contact, customer, kind=TicketKind.BREAK_FIX)
    with nothing_changes():
        with pytest.raises(InvalidInput):
            excuse_breach(ticket, reason=" ", by=duty_lead, now=LATE)
        with pytest.raises(InvalidTransition):
            excuse_breach(unpromised, reason="A power cut.", by=duty_lead, now=LATE)


@pytest.mark.parametrize("role", ["contact", "engineer", "tam", "administrator"])
def test_only_leads_excuse(ticket: Ticket, role: str, request: pytest.FixtureRequest) -> None:
    by = request.getfixturevalue(role)

    with nothing_changes(), pytest.raises(NotAllowed):
        excuse_breach(ticket, reason="A power cut.", by=by, now=LATE)


def test_nothing_is_excused_while_a_colleague_s_answer_is_on_its_way(
    ticket: Ticket, engineer: User, duty_lead: User, settings: LazySettings
) -> None:
    settings.SEND_HOLD_SECONDS = 10.0
    hold_answer(
        ticket,
        body="Send the log.",
        qualified=True,
        submission_key=uuid.uuid4(),
        by=engineer,
        now=DUE,
    )
    with nothing_changes(), pytest.raises(InvalidTransition, match="goes out in a few seconds"):
        excuse_breach(ticket, reason="A power cut.", by=duty_lead, now=LATE)


def test_an_answer_that_is_overturned_is_owed_without_its_excuse(
    ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    answer = answer_ticket(ticket, body="Send the log.", qualified=True, by=engineer, now=LATE)
    excuse_breach(ticket, reason="A power cut.", by=duty_lead, now=LATE)
    overturn_answer(answer, reason="No next step.", by=duty_lead, now=LATE)

    ticket.refresh_from_db()
    assert ticket.response_clock is not None
    assert ticket.response_clock.state(LATE) == ClockState.OVERDUE
    assert ticket.response_clock.replayed() == ticket.response_clock.figures
    excuse_breach(ticket, reason="The power cut again.", by=duty_lead, now=LATE)
