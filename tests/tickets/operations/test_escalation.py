"""The watch's steps, calls, excuses and the customer's own escalation.

MSA Business has the ladder "high": 50 %, 75 %, the deadline, then every hour of coverage.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from notifications.models import Notice
from sla.choices import ClockState
from sla.errors import ClockConflict
from tests.factories.tickets import (
    TUESDAY,
    kinds_of,
    make_ticket,
    newest_event,
    nothing_changes,
    told_of,
)
from tickets.choices import EventKind, TicketKind
from tickets.errors import InvalidTransition
from tickets.models import Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket
from tickets.operations.escalation import (
    answer_help,
    escalate_ticket,
    excuse_breach,
    log_phone_call,
    request_help,
)
from tickets.operations.lifecycle import close_ticket

pytestmark = pytest.mark.django_db

NOON = TUESDAY + timedelta(hours=1)
# Filed Tue 11:00 ET with 8 working hours: half at 15:00, three quarters at 17:00, due at 19:00.
HALF = datetime(2026, 3, 10, 19, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 10, 23, 0, tzinfo=UTC)
LATE = DUE + timedelta(minutes=1)
SATURDAY = datetime(2026, 3, 14, 14, 12, tzinfo=UTC)


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


@pytest.fixture
def leads(duty_lead: User, support_manager: User) -> tuple[User, User]:
    return duty_lead, support_manager


def watch(ticket: Ticket, now: datetime) -> bool:
    with transaction.atomic():
        return escalate_ticket(Ticket.objects.locked().get(pk=ticket.pk), now=now)


def pin_of(user: User) -> str:
    return user.memberships.get().caller_pin


def test_a_step_tells_its_audience_once(
    ticket: Ticket, engineer: User, leads: tuple[User, User]
) -> None:
    take_ticket(ticket, by=engineer, now=NOON)

    assert not watch(ticket, HALF - timedelta(seconds=1))
    assert watch(ticket, HALF)
    assert not watch(ticket, HALF)

    event = newest_event(ticket)
    assert kinds_of(ticket) == [EventKind.TAKEN, EventKind.ESCALATED]
    assert (event.by, event.details["step"], event.details["late"]) == (None, "50 %", False)
    assert told_of(event) == {"Mara Kovac"}


def test_a_passed_deadline_is_told_to_leads_account_manager_and_customer(
    ticket: Ticket, engineer: User, leads: tuple[User, User]
) -> None:
    take_ticket(ticket, by=engineer, now=NOON)
    watch(ticket, HALF)
    watch(ticket, datetime(2026, 3, 10, 21, 0, tzinfo=UTC))
    watch(ticket, DUE)

    ticket.refresh_from_db()
    assert ticket.response_clock is not None
    assert ticket.response_clock.breached_at == DUE
    assert ticket.escalation_level == 2  # raised at 75 % and at the deadline
    event = newest_event(ticket)
    assert (event.kind, event.details["step"]) == (EventKind.MISSED, "deadline")
    assert told_of(event) == {
        "Jonas Lindqvist",
        "Ingrid Solberg",
        "Ines Duarte",
        "Priya Raman",
    }


def test_after_a_downtime_only_the_highest_step_is_acted_on(
    ticket: Ticket, engineer: User, leads: tuple[User, User]
) -> None:
    assert watch(ticket, LATE + timedelta(minutes=5))

    assert kinds_of(ticket) == [EventKind.MISSED]
    assert ticket.response_clock is not None
    records = ticket.response_clock.step_records.order_by("due_at")
    assert [(str(one.step), one.late, one.acted) for one in records] == [
        ("50 %", True, False),
        ("75 %", True, False),
        ("deadline", True, True),
    ]
    assert Notice.objects.filter(recipient=engineer).count() == 0


def test_an_answered_ticket_is_not_escalated(ticket: Ticket, engineer: User) -> None:
    answer_ticket(ticket, body="Send the log.", qualified=True, by=engineer, now=NOON)

    with nothing_changes():
        assert not watch(ticket, LATE)


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
def test_only_leads_excuse_and_answer_escalations(
    ticket: Ticket, contact: User, role: str, request: pytest.FixtureRequest
) -> None:
    request_help(ticket, reason="Nobody answers.", by=contact, now=NOON)
    by = request.getfixturevalue(role)
    with nothing_changes():
        with pytest.raises(NotAllowed):
            excuse_breach(ticket, reason="A power cut.", by=by, now=LATE)
        with pytest.raises(NotAllowed):
            answer_help(ticket, answer="We look.", by=by, now=LATE)


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
