"""What a ladder's step does on a ticket: whom it tells, gives the ticket to, and pages.

The ladders here are changed before the ticket is filed: Tue 10 March 11:00 ET, High on MSA
Business, 8 working hours: half at 15:00, due at 19:00.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from accounts.choices import Role
from accounts.models import User
from entitlements.models import Customer
from notifications.models import Notice, WebhookCall
from notifications.operations.webhooks import add_webhook
from notifications.webhook_events import STAFF
from sla.choices import Audience, DutyRole, StepAction
from sla.rungs import Rung
from tests.factories import entitlements as people
from tests.factories.ladders import DEADLINE, change_ladder
from tests.factories.roster import make_shift
from tests.factories.tickets import kinds_of, make_ticket, newest_event, told_of
from tickets.choices import EventKind, TicketState
from tickets.models import Ticket
from tickets.operations.acknowledgement import acknowledge_escalation
from tickets.operations.assignment import take_ticket
from tickets.operations.escalation import escalate_ticket

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)
HALF = datetime(2026, 3, 10, 19, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 10, 23, 0, tzinfo=UTC)
# An hour of coverage after the deadline.
TEN_ON_WEDNESDAY = datetime(2026, 3, 11, 14, 0, tzinfo=UTC)
WHOLE_DAY = (-2, 24)


@pytest.fixture
def other(db: None) -> User:
    return people.make_staff_member("Tomas Herrera", Role.ENGINEER)


@pytest.fixture
def third(db: None) -> User:
    return people.make_staff_member("Aiko Tanaka", Role.ENGINEER)


def file_on(
    contact: User, customer: Customer, administrator: User, action: StepAction, *audience: Audience
) -> Ticket:
    """A ticket whose ladder does one thing at half of its time."""
    half = Rung(audience, action, Decimal("0.5"))
    change_ladder("high", administrator, [half, DEADLINE])
    return make_ticket(contact, customer)


def watch(ticket: Ticket, now: datetime) -> None:
    with transaction.atomic():
        assert escalate_ticket(Ticket.objects.locked().get(pk=ticket.pk), now=now)
    ticket.refresh_from_db()


def test_a_ticket_goes_to_the_engineer_on_duty_with_the_fewest_open_ones(
    contact: User,
    customer: Customer,
    administrator: User,
    engineer: User,
    other: User,
    third: User,
    duty_lead: User,
) -> None:
    for person in (engineer, other):
        make_shift(person, duty_lead, *WHOLE_DAY)
    busy = make_ticket(contact, customer)
    take_ticket(busy, by=engineer, now=NOON)
    ticket = file_on(
        contact, customer, administrator, StepAction.REASSIGN, Audience.SUPPORT_MANAGER
    )
    take_ticket(ticket, by=third, now=NOON)
    watch(ticket, HALF)

    # Aiko is not on duty, Mara has one already.
    assert ticket.assignee == other
    assert ticket.escalation_level == 1
    event = newest_event(ticket)
    assert kinds_of(ticket) == [EventKind.TAKEN, EventKind.ESCALATED]
    assert event.details["assignee"] == [third.pk, other.pk]
    assert event.details["assignee_name"] == "Tomas Herrera"
    assert told_of(event) == {"Tomas Herrera"}
    assert (
        "gave it to Tomas Herrera, who is on duty"
        in Notice.objects.get(recipient=other, kind="escalated").body
    )


def test_a_new_ticket_that_is_given_to_somebody_is_in_progress(
    contact: User, customer: Customer, administrator: User, engineer: User, duty_lead: User
) -> None:
    make_shift(engineer, duty_lead, *WHOLE_DAY)
    ticket = file_on(contact, customer, administrator, StepAction.REASSIGN, Audience.DUTY_LEAD)
    watch(ticket, HALF)

    assert (ticket.assignee, ticket.state) == (engineer, TicketState.IN_PROGRESS)


def test_among_equals_the_one_longest_with_us_gets_it(
    contact: User,
    customer: Customer,
    administrator: User,
    engineer: User,
    other: User,
    duty_lead: User,
) -> None:
    for person in (other, engineer):
        make_shift(person, duty_lead, *WHOLE_DAY)
    ticket = file_on(contact, customer, administrator, StepAction.REASSIGN, Audience.DUTY_LEAD)
    watch(ticket, HALF)

    assert ticket.assignee == min(engineer, other, key=lambda user: user.pk)


def test_an_assignee_on_duty_keeps_the_ticket(
    contact: User,
    customer: Customer,
    administrator: User,
    engineer: User,
    other: User,
    duty_lead: User,
) -> None:
    for person in (other, engineer):
        make_shift(person, duty_lead, *WHOLE_DAY)
    ticket = file_on(contact, customer, administrator, StepAction.REASSIGN, Audience.ASSIGNEE)
    take_ticket(ticket, by=engineer, now=NOON)
    watch(ticket, HALF)

    assert ticket.assignee == engineer
    assert "assignee" not in newest_event(ticket).details


def test_nobody_on_duty_is_said_and_the_duty_lead_told(
    contact: User, customer: Customer, administrator: User, engineer: User, duty_lead: User
) -> None:
    make_shift(duty_lead, duty_lead, *WHOLE_DAY, duty=DutyRole.DUTY_LEAD)
    ticket = file_on(contact, customer, administrator, StepAction.REASSIGN, Audience.ASSIGNEE)
    take_ticket(ticket, by=engineer, now=NOON)
    watch(ticket, HALF)

    assert ticket.assignee == engineer
    event = newest_event(ticket)
    assert event.details["nobody_on_duty"] is True
    assert told_of(event) == {"Jonas Lindqvist", "Mara Kovac"}
    assert "the roster has nobody now" in Notice.objects.get(recipient=duty_lead).body


def test_a_page_is_urgent_and_raises_the_ticket(
    contact: User, customer: Customer, administrator: User, duty_lead: User
) -> None:
    ticket = file_on(contact, customer, administrator, StepAction.PAGE, Audience.DUTY_LEAD)
    watch(ticket, HALF)

    notice = Notice.objects.get(recipient=duty_lead)
    assert notice.urgent
    assert notice.subject == (
        f"{ticket.reference} 50 % of the time is used: "
        "Label-printer driver quarantined on 214 hosts"
    )
    assert ticket.escalation_level == 1


def test_a_page_calls_our_programs_until_everybody_has_acknowledged(
    contact: User,
    customer: Customer,
    administrator: User,
    duty_lead: User,
    settings: Any,
) -> None:
    settings.WEBHOOKS_MAY_STAY_INSIDE = True
    add_webhook(
        owner=STAFF, name="Pager", url="https://127.0.0.1/", events=["page"], by=administrator
    )
    lead = (Audience.DUTY_LEAD,)
    again = Rung(lead, StepAction.PAGE, delay=timedelta(hours=1), repeats=True)
    change_ladder("high", administrator, [DEADLINE, again])
    ticket = make_ticket(contact, customer)
    watch(ticket, DUE)
    assert not WebhookCall.objects.exists()
    watch(ticket, TEN_ON_WEDNESDAY)

    call = WebhookCall.objects.get()
    assert call.event == "page"
    assert f"{ticket.reference} of Northwind Logistics, High: still unanswered" in call.body

    acknowledge_escalation(ticket, by=duty_lead, now=TEN_ON_WEDNESDAY + timedelta(minutes=1))
    watch(ticket, TEN_ON_WEDNESDAY + timedelta(hours=1))
    assert WebhookCall.objects.count() == 1


def test_telling_alone_neither_raises_nor_is_urgent(
    contact: User, customer: Customer, administrator: User, duty_lead: User
) -> None:
    ticket = file_on(contact, customer, administrator, StepAction.TELL, Audience.DUTY_LEAD)
    watch(ticket, HALF)

    assert not Notice.objects.get(recipient=duty_lead).urgent
    assert ticket.escalation_level == 0


def test_the_customers_manager_reads_what_was_promised_and_nothing_of_ours(
    contact: User,
    customer: Customer,
    administrator: User,
    manager: User,
    engineer: User,
    duty_lead: User,
) -> None:
    ticket = file_on(
        contact,
        customer,
        administrator,
        StepAction.RAISE,
        Audience.CUSTOMER_MANAGER,
        Audience.DUTY_LEAD,
    )
    take_ticket(ticket, by=engineer, now=NOON)
    watch(ticket, HALF)

    notice = Notice.objects.get(recipient=manager)
    assert notice.subject == (
        f"{ticket.reference} waits for our answer: Label-printer driver quarantined on 214 hosts"
    )
    assert notice.body == (
        "This ticket has no answer from us yet. We answer by Tue 10 Mar, 19:00 ET."
    )
    event = newest_event(ticket)
    assert event.details["managers"] == ["Elena Brandt"]
    assert event.details["told"] == ["Jonas Lindqvist"]


def test_a_deadline_that_passed_in_a_standstill_is_told_as_it_was_promised(
    contact: User, customer: Customer, administrator: User
) -> None:
    hourly = Rung((Audience.DUTY_LEAD,), StepAction.TELL, delay=timedelta(hours=1), repeats=True)
    change_ladder("high", administrator, [DEADLINE, hourly])
    ticket = make_ticket(contact, customer)
    watch(ticket, TEN_ON_WEDNESDAY)

    event = newest_event(ticket)
    assert event.kind == EventKind.MISSED
    assert event.details["reached"].startswith("still unanswered 1 hour")
    assert event.details["due_at"] == DUE.isoformat()


def test_a_manager_who_filed_the_ticket_is_told_of_the_miss_once(
    customer: Customer, administrator: User, manager: User, contact: User, duty_lead: User
) -> None:
    late = Rung((Audience.CUSTOMER_MANAGER, Audience.DUTY_LEAD), StepAction.RAISE, Decimal(1))
    change_ladder("high", administrator, [late])
    ticket = make_ticket(contact, customer, watchers=[manager])
    watch(ticket, DUE + timedelta(seconds=1))

    assert told_of(newest_event(ticket)) == {"Priya Raman", "Elena Brandt", "Jonas Lindqvist"}
    assert (
        "The duty lead has been told" in Notice.objects.filter(recipient=manager).latest("pk").body
    )


def test_the_engineers_on_duty_are_told_besides_the_assignee(
    contact: User,
    customer: Customer,
    administrator: User,
    engineer: User,
    other: User,
    duty_lead: User,
) -> None:
    make_shift(other, duty_lead, *WHOLE_DAY)
    ticket = file_on(contact, customer, administrator, StepAction.TELL, Audience.DUTY_ENGINEERS)
    take_ticket(ticket, by=engineer, now=NOON)
    watch(ticket, HALF)

    assert told_of(newest_event(ticket)) == {"Tomas Herrera"}
