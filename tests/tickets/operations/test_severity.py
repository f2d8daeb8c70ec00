"""Severity: changed with a reason, contested, and what becomes of the deadline.

MSA Business: Critical 2 h around the clock; High 8, Medium 12, Low 24 working hours, 09:00-19:00.
MSA Enterprise: Critical 30 min, High 4 h, around the clock, out of hours from the call.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Contract, Customer
from entitlements.operations.contracts import change_zone
from sla.choices import ClockEventKind
from tests.factories import entitlements as factory
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
from tickets.operations.conversation import answer_ticket
from tickets.operations.lifecycle import close_ticket
from tickets.operations.phone import log_phone_call
from tickets.operations.severity import change_severity, contest_severity

pytestmark = pytest.mark.django_db

NOON = TUESDAY + timedelta(hours=1)
# Sat 14 Mar 2026, 10:12 ET.
SATURDAY = datetime(2026, 3, 14, 14, 12, tzinfo=UTC)


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    """High, due Tue 19:00 ET."""
    return make_ticket(contact, customer)


def due_of(ticket: Ticket) -> datetime | None:
    ticket.refresh_from_db()
    assert ticket.response_clock is not None
    assert ticket.response_clock.replayed() == ticket.response_clock.figures
    return ticket.response_clock.due_at


def test_a_raised_severity_counts_from_now(ticket: Ticket, engineer: User) -> None:
    change_severity(
        ticket, severity=Severity.CRITICAL, reason="All sites stopped.", by=engineer, now=NOON
    )

    assert due_of(ticket) == datetime(2026, 3, 10, 18, 0, tzinfo=UTC)  # 12:00 ET + 2 h
    assert (ticket.severity, ticket.asked_severity) == (Severity.CRITICAL, Severity.HIGH)
    assert ticket.service_level.severity == Severity.CRITICAL
    assert ticket.response_clock is not None
    reassessed = ticket.response_clock.events.get(kind=ClockEventKind.REASSESSED)
    assert reassessed.superseded_due_at == datetime(2026, 3, 10, 23, 0, tzinfo=UTC)
    assert reassessed.reason == "All sites stopped."
    event = newest_event(ticket)
    assert kinds_of(ticket) == [EventKind.SEVERITY_CHANGED]
    assert (event.by, event.reason, event.details) == (
        engineer,
        "All sites stopped.",
        {"severity": [2, 1]},
    )
    assert told_of(event) == {"Priya Raman"}


def test_a_raised_severity_never_moves_the_deadline_later(ticket: Ticket, engineer: User) -> None:
    half_past_six = datetime(2026, 3, 10, 22, 30, tzinfo=UTC)
    change_severity(
        ticket, severity=Severity.CRITICAL, reason="It spreads.", by=engineer, now=half_past_six
    )

    assert due_of(ticket) == datetime(2026, 3, 10, 23, 0, tzinfo=UTC)


def test_a_lowered_severity_counts_from_the_filing(ticket: Ticket, engineer: User) -> None:
    change_severity(ticket, severity=Severity.LOW, reason="A question.", by=engineer, now=NOON)

    # 24 working hours from Tue 11:00: 8 on Tuesday, 10 on Wednesday, 6 on Thursday.
    assert due_of(ticket) == datetime(2026, 3, 12, 19, 0, tzinfo=UTC)


def test_a_lowered_clock_that_waits_for_a_call_goes_on_waiting(
    foreign_contact: User, foreign_customer: Customer, engineer: User
) -> None:
    ticket = make_ticket(
        foreign_contact, foreign_customer, severity=Severity.CRITICAL, now=SATURDAY
    )
    # Monday's opening, 09:00 ET, and half an hour.
    assert due_of(ticket) == datetime(2026, 3, 16, 13, 30, tzinfo=UTC)

    hour_later = SATURDAY + timedelta(hours=1)
    change_severity(
        ticket, severity=Severity.HIGH, reason="One host only.", by=engineer, now=hour_later
    )

    assert due_of(ticket) == datetime(2026, 3, 16, 17, 0, tzinfo=UTC)  # the opening and 4 h
    assert ticket.response_clock is not None
    assert ticket.response_clock.waits_for_call


def test_a_lowered_clock_counts_from_the_call_that_started_it(
    foreign_contact: User, foreign_customer: Customer, engineer: User
) -> None:
    ticket = make_ticket(
        foreign_contact, foreign_customer, severity=Severity.CRITICAL, now=SATURDAY
    )
    pin = foreign_customer.memberships.get(user=foreign_contact).caller_pin
    called_at = datetime(2026, 3, 14, 14, 30, tzinfo=UTC)
    log_phone_call(ticket, caller_pin=pin, at=called_at, by=engineer, now=called_at)
    assert due_of(ticket) == datetime(2026, 3, 14, 15, 0, tzinfo=UTC)

    change_severity(
        ticket,
        severity=Severity.HIGH,
        reason="One host only.",
        by=engineer,
        now=datetime(2026, 3, 14, 14, 40, tzinfo=UTC),
    )

    assert due_of(ticket) == datetime(2026, 3, 14, 18, 30, tzinfo=UTC)


def test_a_stopped_clock_keeps_its_deadline(ticket: Ticket, engineer: User) -> None:
    answer_ticket(ticket, body="Send the log.", qualified=True, by=engineer, now=NOON)
    change_severity(ticket, severity=Severity.CRITICAL, reason="It spreads.", by=engineer, now=NOON)

    assert due_of(ticket) == datetime(2026, 3, 10, 23, 0, tzinfo=UTC)
    assert ticket.severity == Severity.CRITICAL


def test_a_break_fix_ticket_gets_no_clock_by_its_severity(
    contact: User, customer: Customer, engineer: User
) -> None:
    ticket = make_ticket(contact, customer, kind=TicketKind.BREAK_FIX)
    change_severity(ticket, severity=Severity.CRITICAL, reason="It spreads.", by=engineer, now=NOON)

    ticket.refresh_from_db()
    assert (ticket.severity, ticket.response_clock) == (Severity.CRITICAL, None)


@pytest.mark.parametrize(
    ("severity", "reason", "field"),
    [(Severity.CRITICAL, " ", "reason"), (Severity.HIGH, "It is high.", "severity")],
)
def test_a_change_needs_a_reason_and_another_severity(
    ticket: Ticket, engineer: User, severity: Severity, reason: str, field: str
) -> None:
    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        change_severity(ticket, severity=severity, reason=reason, by=engineer, now=NOON)

    assert refusal.value.field == field


@pytest.mark.parametrize("role", ["contact", "tam", "analyst", "administrator"])
def test_only_engineers_change_the_severity(
    ticket: Ticket, role: str, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(role)

    with nothing_changes(), pytest.raises(NotAllowed):
        change_severity(ticket, severity=Severity.LOW, reason="A question.", by=by, now=NOON)


def test_an_ended_ticket_keeps_its_severity(ticket: Ticket, contact: User, engineer: User) -> None:
    close_ticket(ticket, by=contact, now=NOON)
    with nothing_changes():
        with pytest.raises(InvalidTransition):
            change_severity(ticket, severity=Severity.LOW, reason="Low.", by=engineer, now=NOON)
        with pytest.raises(InvalidTransition):
            contest_severity(ticket, severity=Severity.LOW, reason="Low.", by=contact, now=NOON)


def test_a_contested_severity_stays_until_somebody_looks(
    ticket: Ticket, contact: User, engineer: User, duty_lead: User
) -> None:
    contest_severity(
        ticket, severity=Severity.CRITICAL, reason="Five sites stand.", by=contact, now=NOON
    )

    assert due_of(ticket) == datetime(2026, 3, 10, 23, 0, tzinfo=UTC)
    assert (ticket.severity, ticket.asked_severity) == (Severity.HIGH, Severity.CRITICAL)
    event = newest_event(ticket)
    assert (event.kind, event.reason, event.details) == (
        EventKind.SEVERITY_CONTESTED,
        "Five sites stand.",
        {"asked": [2, 1]},
    )
    # Nobody has the ticket, so all engineers are told.
    assert told_of(event) == {"Mara Kovac", "Jonas Lindqvist"}


@pytest.mark.parametrize(
    ("severity", "reason", "field"),
    [(Severity.CRITICAL, "", "reason"), (Severity.HIGH, "It is high.", "severity")],
)
def test_contesting_needs_a_reason_and_another_severity(
    ticket: Ticket, contact: User, severity: Severity, reason: str, field: str
) -> None:
    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        contest_severity(ticket, severity=severity, reason=reason, by=contact, now=NOON)

    assert refusal.value.field == field


@pytest.mark.parametrize("role", ["foreign_contact", "engineer", "tam"])
def test_only_the_company_contests(
    ticket: Ticket, role: str, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(role)

    with nothing_changes(), pytest.raises(NotAllowed):
        contest_severity(ticket, severity=Severity.LOW, reason="Low.", by=by, now=NOON)


def test_a_changed_severity_is_counted_in_the_zone_filed_under(
    ticket: Ticket, contract: Contract, administrator: User, engineer: User
) -> None:
    change_zone(contract, zone="Asia/Tokyo", reason="They moved.", by=administrator, now=NOON)
    change_severity(ticket, severity=Severity.MEDIUM, reason="A detour.", by=engineer, now=NOON)

    # 12 working hours from Tue 11:00 ET: 8 on Tuesday, 4 on Wednesday until 13:00 ET.
    assert due_of(ticket) == datetime(2026, 3, 11, 17, 0, tzinfo=UTC)
    assert ticket.response_clock is not None
    assert ticket.response_clock.zone == "America/New_York"


def test_a_clock_that_starts_later_counts_in_the_zone_of_the_filing(
    foreign_customer: Customer, catalogue: dict[str, Any], administrator: User, engineer: User
) -> None:
    contract = factory.make_contract(foreign_customer, "msa-start")
    contact = factory.make_contact(contract, "Owen Hart").membership.user
    ticket = make_ticket(contact, foreign_customer)
    assert ticket.response_clock is None  # MSA Start promises no time for High.
    for zone in ("Europe/Berlin", "Asia/Tokyo"):
        change_zone(contract, zone=zone, reason="They moved.", by=administrator, now=NOON)
    change_severity(ticket, severity=Severity.CRITICAL, reason="Worse.", by=engineer, now=NOON)

    # 8 working hours from Tue 12:00 ET: 7 on Tuesday, 1 on Wednesday from 09:00 ET.
    assert due_of(ticket) == datetime(2026, 3, 11, 14, 0, tzinfo=UTC)
