"""The watch's steps.

MSA Business has the ladder "high": 50 %, 75 %, the deadline, then every hour of coverage.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

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
from tickets.choices import EventKind
from tickets.models import Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket
from tickets.operations.escalation import escalate_ticket

pytestmark = pytest.mark.django_db

NOON = TUESDAY + timedelta(hours=1)
# Filed Tue 11:00 ET with 8 working hours: half at 15:00, three quarters at 17:00, due at 19:00.
HALF = datetime(2026, 3, 10, 19, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 10, 23, 0, tzinfo=UTC)
LATE = DUE + timedelta(minutes=1)


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


@pytest.fixture
def leads(duty_lead: User, support_manager: User) -> tuple[User, User]:
    return duty_lead, support_manager


def watch(ticket: Ticket, now: datetime) -> bool:
    with transaction.atomic():
        return escalate_ticket(Ticket.objects.locked().get(pk=ticket.pk), now=now)


def test_a_step_tells_its_audience_once(
    ticket: Ticket, engineer: User, leads: tuple[User, User]
) -> None:
    take_ticket(ticket, by=engineer, now=NOON)

    assert not watch(ticket, HALF - timedelta(seconds=1))
    assert watch(ticket, HALF)
    assert not watch(ticket, HALF)

    event = newest_event(ticket)
    assert kinds_of(ticket) == [EventKind.TAKEN, EventKind.ESCALATED]
    assert (event.by, event.details["step"], event.details["late"]) == (
        None,
        "at 50 % of the time",
        False,
    )
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
    assert (event.kind, event.details["step"]) == (EventKind.MISSED, "at the deadline")
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
        ("at 50 % of the time", True, False),
        ("at 75 % of the time", True, False),
        ("at the deadline", True, True),
    ]
    assert Notice.objects.filter(recipient=engineer).count() == 0


def test_an_answered_ticket_is_not_escalated(ticket: Ticket, engineer: User) -> None:
    answer_ticket(ticket, body="Send the log.", qualified=True, by=engineer, now=NOON)

    with nothing_changes():
        assert not watch(ticket, LATE)
