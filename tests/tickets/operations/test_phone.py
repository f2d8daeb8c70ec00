"""A ticket filed for somebody on the phone, and calls logged on one."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer, Membership
from notifications.models import Notice
from tests.factories.tickets import TUESDAY, kinds_of, make_ticket, newest_event, nothing_changes
from tickets.choices import Channel, EventKind, TicketKind
from tickets.errors import InvalidTransition
from tickets.models import Ticket
from tickets.operations.merging import merge_ticket
from tickets.operations.phone import file_phone_ticket, log_phone_call

pytestmark = pytest.mark.django_db

# Sat 14 Mar 2026, 10:12 ET.
SATURDAY = datetime(2026, 3, 14, 14, 12, tzinfo=UTC)
NOON = TUESDAY + timedelta(hours=1)
# MSA Business, High, filed Tue 11:00 ET: eight working hours end at 19:00.
DUE = datetime(2026, 3, 10, 23, 0, tzinfo=UTC)


@pytest.fixture
def caller(foreign_contact: User) -> Membership:
    return foreign_contact.memberships.get()


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


def pin_of(user: User) -> str:
    return user.memberships.get().caller_pin


def file(caller: Membership, by: User, **given: Any) -> Ticket:
    facts: dict[str, Any] = {
        "caller_pin": caller.caller_pin,
        "kind": TicketKind.PREMIUM,
        "severity": Severity.CRITICAL,
        "subject": "Ransom note on two file servers",
        "description": "Agents are offline since this morning.",
        "now": SATURDAY,
    }
    return file_phone_ticket(caller=caller, by=by, **{**facts, **given})


def test_a_call_out_of_hours_starts_the_clock_with_the_filing(
    caller: Membership, engineer: User
) -> None:
    ticket = file(caller, engineer)

    ticket.refresh_from_db()
    assert (ticket.filed_by, ticket.submitted_by, ticket.channel) == (
        caller.user,
        engineer,
        Channel.PHONE,
    )
    assert ticket.response_clock is not None
    assert ticket.response_clock.due_at == datetime(2026, 3, 14, 14, 42, tzinfo=UTC)
    assert kinds_of(ticket) == [EventKind.CALLED]


def test_the_receipt_does_not_ask_for_the_call_that_was_made(
    caller: Membership, engineer: User
) -> None:
    file(caller, engineer)

    receipt = Notice.objects.get(recipient=caller.user)
    assert "We answer by Sat 14 Mar, 10:42 ET" in receipt.body
    assert "call us" not in receipt.body


def test_the_same_form_sent_twice_files_once_and_logs_one_call(
    caller: Membership, engineer: User
) -> None:
    key = uuid.uuid4()
    first = file(caller, engineer, submission_key=key)
    again = file(
        caller, engineer, submission_key=key, now=datetime(2026, 3, 14, 14, 13, tzinfo=UTC)
    )

    assert first == again
    assert kinds_of(first) == [EventKind.CALLED]


@pytest.mark.parametrize("pin", ["", "999999x"])
def test_nothing_is_filed_without_the_callers_pin(
    caller: Membership, engineer: User, pin: str
) -> None:
    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        file(caller, engineer, caller_pin=pin)

    assert refusal.value.field == "caller_pin"


@pytest.mark.parametrize("role", ["tam", "analyst", "contact"])
def test_only_engineers_file_for_callers(
    caller: Membership, role: str, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(role)

    with nothing_changes(), pytest.raises(NotAllowed):
        file(caller, by)


def test_a_call_starts_the_clock_that_waits_for_it(
    foreign_contact: User, foreign_customer: Customer, engineer: User
) -> None:
    ticket = make_ticket(
        foreign_contact, foreign_customer, severity=Severity.CRITICAL, now=SATURDAY
    )
    called_at = SATURDAY + timedelta(minutes=18)
    log_phone_call(
        ticket,
        caller_pin=f" {pin_of(foreign_contact)} ",
        at=called_at,
        by=engineer,
        now=called_at + timedelta(minutes=2),
    )

    ticket.refresh_from_db()
    assert ticket.response_clock is not None
    assert ticket.response_clock.due_at == datetime(2026, 3, 14, 15, 0, tzinfo=UTC)
    event = newest_event(ticket)
    assert (event.kind, event.by, event.details) == (
        EventKind.CALLED,
        engineer,
        {"caller": "Owen Hart", "called_at": "2026-03-14T14:30:00+00:00"},
    )


def test_a_call_on_a_running_clock_is_only_logged(
    ticket: Ticket, contact: User, engineer: User
) -> None:
    log_phone_call(ticket, caller_pin=pin_of(contact), at=NOON, by=engineer, now=NOON)

    ticket.refresh_from_db()
    assert ticket.response_clock is not None
    assert ticket.response_clock.due_at == DUE


def test_a_call_sent_twice_is_logged_once(ticket: Ticket, contact: User, engineer: User) -> None:
    pin, later = pin_of(contact), NOON + timedelta(minutes=1)
    log_phone_call(ticket, caller_pin=pin, at=NOON, by=engineer, now=NOON)
    with nothing_changes():
        log_phone_call(ticket, caller_pin=pin, at=NOON, by=engineer, now=later)

    log_phone_call(ticket, caller_pin=pin, at=later, by=engineer, now=later)
    assert kinds_of(ticket).count(EventKind.CALLED) == 2


@pytest.mark.parametrize("pin", ["", "000000x", "foreign"])
def test_a_call_needs_the_pin_of_somebody_of_the_company(
    ticket: Ticket, engineer: User, foreign_contact: User, pin: str
) -> None:
    typed = pin_of(foreign_contact) if pin == "foreign" else pin
    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        log_phone_call(ticket, caller_pin=typed, at=NOON, by=engineer, now=NOON)

    assert refusal.value.field == "caller_pin"


@pytest.mark.parametrize("away", [timedelta(hours=-2), timedelta(minutes=1)])
def test_a_call_came_between_the_filing_and_now(
    ticket: Ticket, contact: User, engineer: User, away: timedelta
) -> None:
    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        log_phone_call(ticket, caller_pin=pin_of(contact), at=NOON + away, by=engineer, now=NOON)

    assert refusal.value.field == "at"


@pytest.mark.parametrize("role", ["contact", "tam", "analyst", "administrator"])
def test_only_engineers_log_calls(
    ticket: Ticket, contact: User, role: str, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(role)

    with nothing_changes(), pytest.raises(NotAllowed):
        log_phone_call(ticket, caller_pin=pin_of(contact), at=NOON, by=by, now=NOON)


def test_no_call_is_logged_on_a_merged_ticket(
    ticket: Ticket, contact: User, customer: Customer, engineer: User
) -> None:
    later = make_ticket(contact, customer, now=NOON)
    merge_ticket(later, into=ticket, reason="One.", by=engineer, now=NOON)
    with nothing_changes(), pytest.raises(InvalidTransition, match="merged into"):
        log_phone_call(later, caller_pin=pin_of(contact), at=NOON, by=engineer, now=NOON)
