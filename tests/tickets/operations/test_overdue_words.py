"""Customers who escalated and were to hear by now: who is reminded, once a promise."""

from datetime import datetime, timedelta
from unittest.mock import patch

import pytest

from accounts.models import AuditEvent, User
from entitlements.models import Customer
from notifications.models import Notice
from tests.factories.tickets import TUESDAY, kinds_of, make_ticket, newest_event, told_of
from tickets.choices import EscalationEnd, EventKind
from tickets.models import CustomerEscalation, Ticket
from tickets.operations import overdue_words
from tickets.operations.customer_escalation import escalate_account, escalate_as_customer
from tickets.operations.escalation_course import answer_escalation, end_escalation
from tickets.operations.overdue_words import remind_of_overdue_words

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
# The first word is promised within the hour.
NOON = TUESDAY + HOUR
ONE = NOON + HOUR


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


@pytest.fixture
def escalation(ticket: Ticket, contact: User, duty_lead: User) -> CustomerEscalation:
    return escalate_as_customer(ticket, reason="Trucks are waiting.", by=contact, now=NOON)


def test_the_owner_is_reminded_once_when_the_promised_word_has_passed(
    escalation: CustomerEscalation, ticket: Ticket, contact: User
) -> None:
    assert remind_of_overdue_words(now=ONE) == 0
    assert remind_of_overdue_words(now=ONE + SECOND) == 1
    assert remind_of_overdue_words(now=ONE + HOUR) == 0

    event = newest_event(ticket)
    assert kinds_of(ticket) == [EventKind.HELP_REQUESTED, EventKind.HELP_OVERDUE]
    assert event.by is None
    assert event.details == {"next_word_at": ONE.isoformat(), "owner_name": "Jonas Lindqvist"}
    assert told_of(event) == {"Jonas Lindqvist"}
    notice = Notice.objects.get(kind=EventKind.HELP_OVERDUE)
    assert notice.urgent
    assert notice.path == escalation.get_absolute_url()
    assert "was to hear by" in notice.body


def test_customers_do_not_read_of_it(
    escalation: CustomerEscalation, ticket: Ticket, contact: User
) -> None:
    remind_of_overdue_words(now=ONE + SECOND)
    seen = ticket.events.visible_to(contact).values_list("kind", flat=True)
    assert EventKind.HELP_OVERDUE not in seen
    assert not Notice.objects.filter(recipient=contact, kind=EventKind.HELP_OVERDUE).exists()


def test_a_new_promise_is_watched_anew(
    escalation: CustomerEscalation, ticket: Ticket, duty_lead: User
) -> None:
    remind_of_overdue_words(now=ONE + SECOND)
    answer_escalation(
        escalation, body="Mara has it.", next_word_in=HOUR, by=duty_lead, now=ONE + HOUR
    )
    assert remind_of_overdue_words(now=ONE + 2 * HOUR) == 0
    assert remind_of_overdue_words(now=ONE + 2 * HOUR + SECOND) == 1
    assert kinds_of(ticket).count(EventKind.HELP_OVERDUE) == 2


def test_what_has_ended_reminds_nobody(escalation: CustomerEscalation, duty_lead: User) -> None:
    end_escalation(
        escalation, how=EscalationEnd.AGREED, reason="We talked.", by=duty_lead, now=NOON
    )
    assert remind_of_overdue_words(now=ONE + HOUR) == 0


def test_of_an_account_it_stands_in_the_audit(
    customer: Customer, manager: User, duty_lead: User
) -> None:
    escalate_account(customer, reason="Three outages.", by=manager, now=NOON)

    assert remind_of_overdue_words(now=ONE + SECOND) == 1

    assert AuditEvent.objects.filter(action="account escalation without word").count() == 1
    assert Notice.objects.get(kind=EventKind.HELP_OVERDUE).recipient == duty_lead


def test_one_that_fails_holds_up_no_other(
    escalation: CustomerEscalation, customer: Customer, manager: User
) -> None:
    escalate_account(customer, reason="Three outages.", by=manager, now=NOON + SECOND)
    real = overdue_words._remind

    def first_fails(one: CustomerEscalation, now: datetime) -> bool:
        if one.ticket_id is not None:
            raise ValueError("It raised.")
        return real(one, now)

    with patch.object(overdue_words, "_remind", first_fails):
        assert remind_of_overdue_words(now=ONE + HOUR) == 1
