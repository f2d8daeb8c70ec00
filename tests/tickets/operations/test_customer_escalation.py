"""What a customer escalates: who owns it, by when the customer hears, who is told."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from entitlements.models import Customer
from notifications.models import Notice
from sla.choices import DutyRole
from tests.factories.roster import make_shift
from tests.factories.tickets import (
    TUESDAY,
    kinds_of,
    make_ticket,
    newest_event,
    nothing_changes,
    told_of,
)
from tickets.choices import EventKind
from tickets.errors import InvalidTransition
from tickets.models import CustomerEscalation, Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.customer_escalation import escalate_account, escalate_as_customer
from tickets.operations.lifecycle import close_ticket

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NOON = TUESDAY + HOUR
WHY = "Trucks are waiting."


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


def lead_shift(person: User, hours_ahead: float, hours: float) -> None:
    """A shift of a duty lead, so many hours from Tuesday 11:00 ET."""
    make_shift(person, person, hours_ahead, hours, duty=DutyRole.DUTY_LEAD)


def told_of_account(escalation: CustomerEscalation) -> set[str]:
    audit = AuditEvent.objects.filter(
        subject_type="entitlements.customer", subject_id=escalation.customer_id
    ).latest("pk")
    notices = Notice.objects.filter(key__startswith=f"audit-event:{audit.pk}:")
    return set(notices.values_list("recipient__name", flat=True))


def test_the_lead_on_duty_owns_it_and_answers_within_the_hour(
    ticket: Ticket, contact: User, duty_lead: User, support_manager: User
) -> None:
    lead_shift(support_manager, 0, 12)

    escalation = escalate_as_customer(ticket, reason=f" {WHY} ", by=contact, now=NOON)

    assert (escalation.ticket, escalation.customer) == (ticket, ticket.customer)
    assert (escalation.reason, escalation.asked_by, escalation.asked_at) == (WHY, contact, NOON)
    assert (escalation.owner, escalation.owned_at) == (support_manager, NOON)
    assert escalation.next_word_at == NOON + HOUR
    assert (escalation.answered_at, escalation.ended_at) == (None, None)
    ticket.refresh_from_db()
    assert ticket.escalated_at == NOON


def test_of_two_on_duty_the_one_with_fewer_escalations_owns_it(
    ticket: Ticket, contact: User, customer: Customer, duty_lead: User, support_manager: User
) -> None:
    lead_shift(duty_lead, 0, 12)
    lead_shift(support_manager, 0, 12)

    first = escalate_as_customer(ticket, reason=WHY, by=contact, now=NOON)
    other = make_ticket(contact, customer)
    second = escalate_as_customer(other, reason=WHY, by=contact, now=NOON)

    assert [first.owner, second.owner] == [support_manager, duty_lead]  # Ingrid before Jonas


def test_in_a_gap_of_the_roster_the_next_lead_owns_it_and_the_hour_counts_from_their_shift(
    ticket: Ticket, contact: User, duty_lead: User, support_manager: User
) -> None:
    lead_shift(duty_lead, 3, 8)  # from 14:00 ET
    lead_shift(support_manager, 12, 8)

    escalation = escalate_as_customer(ticket, reason=WHY, by=contact, now=NOON)

    assert escalation.owner == duty_lead
    assert escalation.next_word_at == TUESDAY + 4 * HOUR


def test_without_a_roster_any_lead_owns_it(ticket: Ticket, contact: User, duty_lead: User) -> None:
    assert escalate_as_customer(ticket, reason=WHY, by=contact, now=NOON).owner == duty_lead


def test_without_a_lead_it_is_open_and_waits_for_an_owner(ticket: Ticket, contact: User) -> None:
    escalation = escalate_as_customer(ticket, reason=WHY, by=contact, now=NOON)

    assert (escalation.owner, escalation.owned_at) == (None, None)


def test_leads_account_manager_assignee_and_their_own_people_are_told(
    ticket: Ticket, contact: User, colleague: User, engineer: User, duty_lead: User, tam: User
) -> None:
    ticket.watchers.add(colleague)
    take_ticket(ticket, by=engineer, now=NOON)
    escalate_as_customer(ticket, reason=WHY, by=contact, now=NOON)

    event = newest_event(ticket)
    assert (event.kind, event.by, event.reason) == (EventKind.HELP_REQUESTED, contact, WHY)
    assert event.details == {
        "owner_name": "Jonas Lindqvist",
        "next_word_at": "2026-03-10T17:00:00+00:00",
    }
    assert told_of(event) == {"Mara Kovac", "Jonas Lindqvist", "Ines Duarte", "Daniel Osei"}


def test_an_escalated_ticket_is_not_escalated_again(
    ticket: Ticket, contact: User, duty_lead: User
) -> None:
    escalate_as_customer(ticket, reason=WHY, by=contact, now=NOON)

    with nothing_changes(), pytest.raises(InvalidTransition) as refusal:
        escalate_as_customer(ticket, reason="They still are.", by=contact, now=NOON)
    assert refusal.value.message == ("This ticket is escalated already. Jonas Lindqvist has it.")


def test_the_database_refuses_a_second_open_escalation(
    ticket: Ticket, contact: User, manager: User, customer: Customer
) -> None:
    of_ticket = escalate_as_customer(ticket, reason=WHY, by=contact, now=NOON)
    of_account = escalate_account(customer, reason=WHY, by=manager, now=NOON)
    for one in (of_ticket, of_account):
        one.pk = None
        with pytest.raises(IntegrityError), transaction.atomic():
            one.save(force_insert=True)


def test_an_escalation_needs_a_reason_and_an_open_ticket(ticket: Ticket, contact: User) -> None:
    with nothing_changes(), pytest.raises(InvalidInput):
        escalate_as_customer(ticket, reason=" ", by=contact, now=NOON)

    close_ticket(ticket, by=contact, now=NOON)
    with nothing_changes(), pytest.raises(InvalidTransition):
        escalate_as_customer(ticket, reason=WHY, by=contact, now=NOON)


@pytest.mark.parametrize("role", ["foreign_contact", "engineer", "duty_lead", "tam"])
def test_only_the_company_escalates_its_ticket(
    ticket: Ticket, role: str, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(role)

    with nothing_changes(), pytest.raises(NotAllowed):
        escalate_as_customer(ticket, reason=WHY, by=by, now=NOON)


@pytest.mark.parametrize("role", ["manager", "tam", "duty_lead", "support_manager"])
def test_managers_and_those_who_answer_for_the_account_escalate_it(
    customer: Customer, duty_lead: User, role: str, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(role)
    escalation = escalate_account(customer, reason=WHY, by=by, now=NOON)

    assert (escalation.ticket, escalation.asked_by) == (None, by)
    assert escalation.next_word_at == NOON + HOUR
    audit = AuditEvent.objects.latest("pk")
    assert (audit.action, audit.by, audit.reason) == ("account escalated", by, WHY)
    assert audit.changes == {"owner": ["", str(escalation.owner)]}


@pytest.mark.parametrize("role", ["contact", "colleague", "foreign_contact", "engineer", "analyst"])
def test_nobody_else_escalates_an_account(
    customer: Customer, role: str, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(role)

    with nothing_changes(), pytest.raises(NotAllowed):
        escalate_account(customer, reason=WHY, by=by, now=NOON)
    assert not CustomerEscalation.objects.exists()


def test_an_escalated_account_is_told_to_leads_account_manager_and_managers(
    customer: Customer, manager: User, contact: User, tam: User, duty_lead: User
) -> None:
    escalation = escalate_account(customer, reason=WHY, by=tam, now=NOON)

    assert told_of_account(escalation) == {"Jonas Lindqvist", "Ines Duarte", "Elena Brandt"}


def test_an_account_is_escalated_once_and_with_a_reason(
    customer: Customer, manager: User, duty_lead: User
) -> None:
    with pytest.raises(InvalidInput):
        escalate_account(customer, reason="", by=manager, now=NOON)
    escalate_account(customer, reason=WHY, by=manager, now=NOON)

    with pytest.raises(InvalidTransition):
        escalate_account(customer, reason=WHY, by=duty_lead, now=NOON)
    assert CustomerEscalation.objects.count() == 1


def test_an_escalated_account_raises_its_tickets_those_filed_later_and_no_other(
    ticket: Ticket,
    contact: User,
    customer: Customer,
    manager: User,
    foreign_contact: User,
    foreign_customer: Customer,
) -> None:
    other = make_ticket(foreign_contact, foreign_customer)
    escalate_account(customer, reason=WHY, by=manager, now=NOON)
    later = make_ticket(contact, customer)

    raised = Ticket.objects.filter(account_escalated_at=NOON)
    assert set(raised) == {ticket, later}
    assert Ticket.objects.get(pk=other.pk).account_escalated_at is None
    assert kinds_of(ticket) == []
