"""What becomes of a customer's escalation: answered, handed over, ended."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from entitlements.models import Customer
from tests.factories.tickets import (
    TUESDAY,
    kinds_of,
    make_ticket,
    newest_event,
    nothing_changes,
    told_of,
)
from tickets.choices import EscalationEnd, EventKind
from tickets.errors import InvalidTransition
from tickets.models import CustomerEscalation, EscalationAnswer, Ticket
from tickets.operations.customer_escalation import escalate_account, escalate_as_customer
from tickets.operations.escalation_course import (
    answer_escalation,
    end_escalation,
    hand_over_escalation,
)
from tickets.operations.lifecycle import close_ticket, resolve_ticket

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
NOON = TUESDAY + HOUR
LATER = NOON + 2 * HOUR


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


@pytest.fixture
def escalation(ticket: Ticket, contact: User, duty_lead: User) -> CustomerEscalation:
    return escalate_as_customer(ticket, reason="Trucks are waiting.", by=contact, now=NOON)


@pytest.fixture
def of_account(customer: Customer, manager: User, duty_lead: User) -> CustomerEscalation:
    return escalate_account(customer, reason="Three outages.", by=manager, now=NOON)


def answer(escalation: CustomerEscalation, by: User, **given: object) -> CustomerEscalation:
    facts: dict[str, Any] = {"body": "Mara has it.", "next_word_in": 4 * HOUR, "now": LATER}
    return answer_escalation(escalation, by=by, **{**facts, **given})


def end(escalation: CustomerEscalation, by: User, **given: object) -> CustomerEscalation:
    facts: dict[str, Any] = {"how": EscalationEnd.AGREED, "reason": "We talked.", "now": LATER}
    return end_escalation(escalation, by=by, **{**facts, **given})


def test_an_answer_is_told_and_keeps_the_escalation_open(
    escalation: CustomerEscalation, ticket: Ticket, duty_lead: User
) -> None:
    answer(escalation, duty_lead)
    answer(escalation, duty_lead, body="It is solved at noon.", now=LATER + HOUR)

    escalation.refresh_from_db()
    assert escalation.is_open
    assert escalation.answered_at == LATER
    assert escalation.next_word_at == LATER + 5 * HOUR
    told = escalation.answers.values_list("body", "author", "at", "next_word_at")
    assert list(told) == [
        ("Mara has it.", duty_lead.pk, LATER, LATER + 4 * HOUR),
        ("It is solved at noon.", duty_lead.pk, LATER + HOUR, LATER + 5 * HOUR),
    ]
    event = newest_event(ticket)
    assert (event.kind, event.by, event.reason) == (
        EventKind.HELP_ANSWERED,
        duty_lead,
        "It is solved at noon.",
    )
    assert told_of(event) == {"Priya Raman"}


def test_an_answer_needs_words_and_a_time_for_the_next_ones(
    escalation: CustomerEscalation, duty_lead: User
) -> None:
    for given in (
        {"body": " "},
        {"next_word_in": timedelta()},
        {"next_word_in": timedelta(days=14, seconds=1)},
    ):
        with nothing_changes(), pytest.raises(InvalidInput):
            answer(escalation, duty_lead, **given)


def test_an_answer_is_never_changed(escalation: CustomerEscalation, duty_lead: User) -> None:
    answer(escalation, duty_lead)

    with pytest.raises(DatabaseError), transaction.atomic():
        EscalationAnswer.objects.update(body="Something else.")


@pytest.mark.parametrize(
    "role", ["contact", "manager", "foreign_contact", "engineer", "tam", "administrator"]
)
def test_only_owner_and_leads_answer_hand_over_and_end(
    escalation: CustomerEscalation,
    support_manager: User,
    role: str,
    request: pytest.FixtureRequest,
) -> None:
    by = request.getfixturevalue(role)
    with nothing_changes():
        with pytest.raises(NotAllowed):
            answer(escalation, by)
        with pytest.raises(NotAllowed):
            hand_over_escalation(escalation, to=support_manager, reason="Mine.", by=by, now=LATER)
        with pytest.raises(NotAllowed):
            end(escalation, by)


def test_the_account_manager_who_owns_it_answers_it(
    escalation: CustomerEscalation, ticket: Ticket, duty_lead: User, tam: User
) -> None:
    hand_over_escalation(escalation, to=tam, reason="Ines knows the site.", by=duty_lead, now=LATER)
    event = newest_event(ticket)
    assert (event.kind, event.reason) == (EventKind.HELP_HANDED_OVER, "Ines knows the site.")
    assert event.details == {
        "owner": ["Jonas Lindqvist", "Ines Duarte"],
        "owner_name": "Ines Duarte",
    }
    assert told_of(event) == {"Ines Duarte", "Priya Raman"}

    answered = answer(escalation, tam)
    assert (answered.owner, answered.owned_at) == (tam, LATER)


def test_a_lead_takes_it_without_a_word(
    escalation: CustomerEscalation, support_manager: User
) -> None:
    taken = hand_over_escalation(
        escalation, to=support_manager, reason="", by=support_manager, now=LATER
    )
    assert taken.owner == support_manager
    assert taken.next_word_at == NOON + HOUR


@pytest.mark.parametrize("role", ["engineer", "contact", "duty_lead"])
def test_it_goes_to_another_lead_or_the_account_manager_only(
    escalation: CustomerEscalation,
    duty_lead: User,
    role: str,
    request: pytest.FixtureRequest,
) -> None:
    to = request.getfixturevalue(role)  # The duty lead owns it already.
    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        hand_over_escalation(escalation, to=to, reason="Yours.", by=duty_lead, now=LATER)
    assert refusal.value.field == "to"


def test_support_ends_it_with_a_reason_that_is_told(
    escalation: CustomerEscalation, ticket: Ticket, duty_lead: User
) -> None:
    end(escalation, duty_lead, reason=" We talked. ")

    escalation.refresh_from_db()
    assert (escalation.ended_at, escalation.ended_by) == (LATER, duty_lead)
    assert (escalation.ended_how, escalation.end_reason) == (EscalationEnd.AGREED, "We talked.")
    ticket.refresh_from_db()
    assert ticket.escalated_at is None
    event = newest_event(ticket)
    assert (event.kind, event.reason) == (EventKind.HELP_ENDED, "We talked.")
    assert told_of(event) == {"Priya Raman"}


def test_the_customer_withdraws_it_and_the_owner_is_told(
    escalation: CustomerEscalation, ticket: Ticket, contact: User
) -> None:
    end(escalation, contact, how=EscalationEnd.WITHDRAWN)

    escalation.refresh_from_db()
    assert escalation.ended_how == EscalationEnd.WITHDRAWN
    assert told_of(newest_event(ticket)) == {"Jonas Lindqvist"}


def test_each_side_ends_it_in_its_own_way(
    escalation: CustomerEscalation, contact: User, duty_lead: User
) -> None:
    with nothing_changes():
        with pytest.raises(NotAllowed):
            end(escalation, duty_lead, how=EscalationEnd.WITHDRAWN)
        with pytest.raises(NotAllowed):
            end(escalation, contact, how=EscalationEnd.SOLVED)
        with pytest.raises(InvalidInput):
            end(escalation, duty_lead, how=EscalationEnd.CLOSED)
        with pytest.raises(InvalidInput):
            end(escalation, contact, how=EscalationEnd.WITHDRAWN, reason=" ")


def test_what_has_ended_stays_ended_and_can_be_escalated_anew(
    escalation: CustomerEscalation,
    ticket: Ticket,
    contact: User,
    duty_lead: User,
    support_manager: User,
) -> None:
    end(escalation, duty_lead)
    with nothing_changes():
        with pytest.raises(InvalidTransition):
            answer(escalation, duty_lead)
        with pytest.raises(InvalidTransition):
            end(escalation, duty_lead)
        with pytest.raises(InvalidTransition):
            hand_over_escalation(
                escalation, to=support_manager, reason="Yours.", by=duty_lead, now=LATER
            )

    again = escalate_as_customer(ticket, reason="Again.", by=contact, now=LATER)
    assert again.is_open


def test_closing_the_ticket_ends_it(
    escalation: CustomerEscalation, ticket: Ticket, contact: User
) -> None:
    close_ticket(ticket, by=contact, now=LATER)

    escalation.refresh_from_db()
    assert (escalation.ended_how, escalation.ended_by) == (EscalationEnd.CLOSED, contact)
    assert kinds_of(ticket)[-2:] == [EventKind.HELP_ENDED, EventKind.CLOSED]
    assert str(escalation.owner) in told_of(newest_event(ticket))


def test_a_solved_ticket_stays_escalated_until_somebody_ends_it(
    escalation: CustomerEscalation, ticket: Ticket, engineer: User
) -> None:
    resolve_ticket(ticket, resolution="Update to 12.4.3.", by=engineer, now=LATER)

    escalation.refresh_from_db()
    assert escalation.is_open


def test_an_accounts_escalation_writes_one_audit_row_a_change(
    of_account: CustomerEscalation, customer: Customer, duty_lead: User, tam: User, manager: User
) -> None:
    answer(of_account, duty_lead)
    hand_over_escalation(of_account, to=tam, reason="Yours.", by=duty_lead, now=LATER)
    end(of_account, manager, how=EscalationEnd.WITHDRAWN, reason="All is well.")

    rows = AuditEvent.objects.filter(
        subject_type="entitlements.customer", subject_id=customer.pk, action__contains="escalat"
    ).order_by("pk")
    assert [(row.action, row.by, row.reason, row.changes) for row in rows] == [
        ("account escalated", manager, "Three outages.", {"owner": ["", "Jonas Lindqvist"]}),
        ("account escalation answered", duty_lead, "Mara has it.", {}),
        (
            "account escalation handed over",
            duty_lead,
            "Yours.",
            {"owner": ["Jonas Lindqvist", "Ines Duarte"]},
        ),
        ("account escalation ended", manager, "All is well.", {}),
    ]


def test_the_end_of_an_accounts_escalation_lowers_its_tickets_again(
    of_account: CustomerEscalation, ticket: Ticket, duty_lead: User
) -> None:
    ticket.refresh_from_db()
    assert ticket.account_escalated_at == NOON

    end(of_account, duty_lead)
    ticket.refresh_from_db()
    assert ticket.account_escalated_at is None


def test_only_a_manager_withdraws_an_accounts_escalation(
    of_account: CustomerEscalation, contact: User
) -> None:
    with nothing_changes(), pytest.raises(NotAllowed):
        end(of_account, contact, how=EscalationEnd.WITHDRAWN)
