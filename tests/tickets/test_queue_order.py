"""The queue's order, by hand: what an engineer finds first, and how its views are counted."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Contract, Customer
from tests.factories import entitlements as people
from tests.factories.tickets import TUESDAY, make_ticket
from tickets.choices import TicketKind
from tickets.models import Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket
from tickets.operations.customer_escalation import escalate_account, escalate_as_customer
from tickets.operations.lifecycle import close_ticket

pytestmark = pytest.mark.django_db

# Tue 10 Mar 2026, 18:30 ET.
NOW = datetime(2026, 3, 10, 22, 30, tzinfo=UTC)


def queue_of(user: User, now: datetime = NOW) -> list[str]:
    seen = Ticket.objects.visible_to(user).open()
    return [ticket.subject for ticket in seen.in_urgency_order(now)]


def file(contact: User, customer: Customer, subject: str, severity: Severity, **given: object):
    return make_ticket(contact, customer, subject=subject, severity=severity, **given)


def test_overdue_comes_before_at_risk_before_later_before_no_clock(
    contact: User, customer: Customer, engineer: User
) -> None:
    file(contact, customer, "no promise", Severity.CRITICAL, kind=TicketKind.BREAK_FIX)
    file(contact, customer, "later", Severity.MEDIUM)  # 12 working hours: Wed 13:00 ET
    file(contact, customer, "at risk", Severity.HIGH)  # due 19:00 ET, at risk from 17:00
    file(contact, customer, "overdue", Severity.CRITICAL)  # due 13:00 ET
    answered = file(contact, customer, "answered", Severity.CRITICAL)
    answer_ticket(answered, body="Send the log.", qualified=True, by=engineer, now=TUESDAY)

    assert queue_of(engineer) == ["overdue", "at risk", "later", "answered", "no promise"]


def test_within_a_group_severity_decides_then_the_due_time(
    contact: User, customer: Customer, engineer: User
) -> None:
    hour = timedelta(hours=1)
    file(contact, customer, "second", Severity.MEDIUM, now=TUESDAY + hour)
    file(contact, customer, "third", Severity.MEDIUM, now=TUESDAY + 2 * hour)
    file(contact, customer, "fourth", Severity.LOW)
    file(contact, customer, "first", Severity.HIGH, now=NOW)

    assert queue_of(engineer) == ["first", "second", "third", "fourth"]


def test_what_a_customer_escalated_comes_first_in_its_group(
    contact: User, customer: Customer, engineer: User
) -> None:
    file(contact, customer, "high", Severity.HIGH, now=NOW)
    low = file(contact, customer, "escalated", Severity.LOW)
    escalate_as_customer(low, reason="Trucks are waiting.", by=contact, now=NOW)

    assert queue_of(engineer) == ["escalated", "high"]


def test_an_escalated_account_comes_after_an_escalated_ticket_and_before_severity(
    contact: User,
    customer: Customer,
    foreign_contact: User,
    foreign_customer: Customer,
    tam: User,
    engineer: User,
) -> None:
    hour = timedelta(hours=1)
    file(contact, customer, "of the account, low", Severity.LOW, now=NOW)
    file(contact, customer, "of the account", Severity.MEDIUM, now=NOW)
    own = file(foreign_contact, foreign_customer, "escalated", Severity.LOW, now=NOW)
    file(foreign_contact, foreign_customer, "high", Severity.HIGH, now=NOW)
    escalate_account(customer, reason="Three outages.", by=tam, now=NOW)
    escalate_as_customer(own, reason="Trucks wait.", by=foreign_contact, now=NOW + hour)

    assert queue_of(engineer) == ["escalated", "of the account", "of the account, low", "high"]


def test_what_the_ladder_raised_comes_before_what_it_did_not(
    contact: User, customer: Customer, engineer: User
) -> None:
    file(contact, customer, "quiet", Severity.MEDIUM)
    raised = file(contact, customer, "raised", Severity.MEDIUM, now=TUESDAY + timedelta(hours=1))
    Ticket.objects.filter(pk=raised.pk).update(escalation_level=1)

    assert queue_of(engineer) == ["raised", "quiet"]


def test_the_weightier_plan_comes_before_the_lighter_one(
    contact: User,
    customer: Customer,
    foreign_contact: User,
    foreign_customer: Customer,
    engineer: User,
) -> None:
    file(contact, customer, "business", Severity.MEDIUM)
    file(
        foreign_contact,
        foreign_customer,
        "enterprise",
        Severity.MEDIUM,
        now=TUESDAY + timedelta(hours=1),
    )

    assert queue_of(engineer) == ["enterprise", "business"]


def test_what_waits_for_the_customer_comes_last_in_its_group(
    contact: User, customer: Customer, engineer: User
) -> None:
    waiting = file(contact, customer, "waiting", Severity.HIGH, now=NOW)
    file(contact, customer, "ours", Severity.LOW)
    answer_ticket(
        waiting, body="We look.", qualified=False, by=engineer, wait_for_customer=True, now=NOW
    )

    assert queue_of(engineer) == ["ours", "waiting"]


def test_ended_tickets_are_not_in_the_queue(
    contact: User, customer: Customer, engineer: User
) -> None:
    close_ticket(file(contact, customer, "gone", Severity.HIGH), by=contact, now=NOW)

    assert queue_of(engineer) == []


def test_an_account_manager_has_a_queue_of_their_customers_only(
    contact: User,
    customer: Customer,
    foreign_contact: User,
    foreign_customer: Customer,
    tam: User,
) -> None:
    file(contact, customer, "mine", Severity.HIGH)
    file(foreign_contact, foreign_customer, "not mine", Severity.HIGH)

    assert queue_of(tam) == ["mine"]


def test_views_and_groups_are_counted_in_one_query_each(
    contact: User,
    customer: Customer,
    contract: Contract,
    engineer: User,
    django_assert_num_queries,
) -> None:
    file(contact, customer, "no promise", Severity.CRITICAL, kind=TicketKind.BREAK_FIX)
    file(contact, customer, "later", Severity.MEDIUM)
    file(contact, customer, "at risk", Severity.HIGH)
    taken = file(contact, customer, "overdue", Severity.CRITICAL)
    take_ticket(taken, by=engineer, now=NOW)
    colleague = people.make_person(customer, "Tom Berg").user
    waiting = file(colleague, customer, "waiting", Severity.LOW, kind=TicketKind.BREAK_FIX)
    answer_ticket(
        waiting, body="We look.", qualified=False, by=engineer, wait_for_customer=True, now=NOW
    )

    with django_assert_num_queries(1):
        counts = Ticket.objects.counts_by_view(engineer, NOW)
    with django_assert_num_queries(1):
        groups = Ticket.objects.open().counts_by_urgency(NOW)

    assert counts == {
        "open": 5,
        "mine": 2,
        "unassigned": 3,
        "at_risk": 2,
        "waiting": 1,
        "overdue": 1,
    }
    assert groups == {0: 1, 1: 1, 2: 1, 3: 2}
