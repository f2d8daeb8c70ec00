"""Acknowledging on the pages: the ticket's, the notices' and the queue's; what comes next there."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from entitlements.models import Customer
from notifications.models import Notice
from sla.choices import Audience, StepAction
from sla.models import StepAcknowledgement
from sla.rungs import Rung
from tests.factories.ladders import DEADLINE, change_ladder
from tests.factories.tickets import make_ticket
from tests.programs import program_of
from tests.tickets.views.reading import queries_of, words
from tickets.models import Ticket
from tickets.operations.acknowledgement import acknowledge_escalation
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket
from tickets.operations.escalation import escalate_ticket

pytestmark = pytest.mark.django_db

# MSA Business, High, filed Tue 10 March 11:00 ET: half at 15:00, due at 19:00.
HALF = datetime(2026, 3, 10, 19, 0, tzinfo=UTC)
LATER = HALF + timedelta(minutes=5)


@pytest.fixture
def ticket(contact: User, customer: Customer, engineer: User, duty_lead: User) -> Ticket:
    return take_ticket(make_ticket(contact, customer), by=engineer, now=HALF - timedelta(hours=1))


@pytest.fixture
def at_half(ticket: Ticket, monkeypatch: pytest.MonkeyPatch) -> Ticket:
    """Half of the time is used, Mara was told, and five minutes have passed."""
    watch(ticket, HALF)
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
    return ticket


def watch(ticket: Ticket, now: datetime) -> None:
    with transaction.atomic():
        assert escalate_ticket(Ticket.objects.locked().get(pk=ticket.pk), now=now)


def test_who_was_told_acknowledges_on_the_tickets_page(desk: Client, at_half: Ticket) -> None:
    page = desk.get(at_half.get_absolute_url())
    assert "You were told 5 min ago: 50 % of the time is used." in words(page)
    record = page.context["duty"].record

    response = desk.post(
        reverse("ticket_acknowledgement", args=[at_half.number]), {"record": str(record)}
    )

    assert response.status_code == 302
    assert StepAcknowledgement.objects.get().record_id == record
    after = words(desk.get(at_half.get_absolute_url()))
    assert "Acknowledged by Mara Kovac just now" in after
    assert "You were told" not in after
    assert "Mara Kovac acknowledged the escalation: 50 % of the time is used" in after


def test_who_was_not_told_gets_no_button_and_is_refused(
    client: Client, at_half: Ticket, duty_lead: User, contact: User
) -> None:
    address = reverse("ticket_acknowledgement", args=[at_half.number])
    client.force_login(duty_lead)
    assert "You were told" not in words(client.get(at_half.get_absolute_url()))
    assert client.post(address).status_code == 403
    client.force_login(contact)
    assert client.post(address).status_code == 404
    assert not StepAcknowledgement.objects.exists()


def test_an_answer_that_came_first_is_said(desk: Client, at_half: Ticket, engineer: User) -> None:
    answer_ticket(at_half, body="Send the log.", qualified=True, by=engineer, now=LATER)
    response = desk.post(reverse("ticket_acknowledgement", args=[at_half.number]))

    assert response.status_code == 409
    assert "It is answered, so nothing is escalated any more." in words(response)


def test_an_unread_notice_of_an_escalation_can_be_acknowledged(
    desk: Client, at_half: Ticket, engineer: User
) -> None:
    address = reverse("ticket_acknowledgement", args=[at_half.number])
    page = desk.get(reverse("notice_list")).content.decode()
    assert page.count(f'formaction="{address}"') == 1

    desk.post(address)
    desk.get(at_half.get_absolute_url())

    assert Notice.objects.get(recipient=engineer, kind="escalated").read_at is not None
    assert f'formaction="{address}"' not in desk.get(reverse("notice_list")).content.decode()


def test_the_queue_says_who_has_it_at_no_price_a_ticket(
    desk: Client, at_half: Ticket, engineer: User, contact: User, customer: Customer
) -> None:
    acknowledge_escalation(at_half, by=engineer, now=LATER - timedelta(minutes=3))
    queue = reverse("queue")
    assert "Acknowledged by Mara 3 min ago" in words(desk.get(queue))
    before = queries_of(desk, queue)
    for number in range(5):
        other = take_ticket(
            make_ticket(contact, customer, now=HALF - timedelta(hours=5, minutes=number)),
            by=engineer,
            now=HALF - timedelta(hours=4),
        )
        watch(other, HALF)
        acknowledge_escalation(other, by=engineer, now=LATER)

    assert queries_of(desk, queue) == before


def test_the_timeline_says_in_a_sentence_whom_a_step_told(desk: Client, at_half: Ticket) -> None:
    page = words(desk.get(at_half.get_absolute_url()))

    assert "50 % of the time is used. Told: Mara Kovac Internal" in page


def test_staff_read_what_happens_next_and_whom_it_tells(
    desk: Client, at_half: Ticket, duty_lead: User
) -> None:
    assert (
        "What happens next: Tue 10 Mar, 17:00 ET, at 75 % of the time, Jonas Lindqvist is told "
        "and it is raised in the queue." in words(desk.get(at_half.get_absolute_url()))
    )


def test_customers_read_what_concerns_them_in_their_words(
    client: Client, at_half: Ticket, contact: User
) -> None:
    client.force_login(contact)
    page = words(client.get(at_half.get_absolute_url()))

    assert (
        "What happens next If you have no answer by then, our duty lead, your account manager and "
        "our support manager are told, and so are you." in page
    )
    for word in ("75 %", "Jonas Lindqvist", "raised in the queue", "is used", "cknowledge"):
        assert word not in page


def test_customers_read_when_their_manager_is_told(
    client: Client,
    administrator: User,
    contact: User,
    customer: Customer,
    tuesday: datetime,
    duty_lead: User,
) -> None:
    early = Rung((Audience.CUSTOMER_MANAGER,), StepAction.TELL, Decimal("0.5"))
    change_ladder("high", administrator, [early, DEADLINE])
    ticket = make_ticket(contact, customer)
    client.force_login(contact)

    assert (
        "If you have no answer by then, our duty lead is told, and so are you. Your company’s "
        "manager gets a message Tue 10 Mar, 15:00 ET, unless we have answered."
        in words(client.get(ticket.get_absolute_url()))
    )


def test_programs_acknowledge_too(at_half: Ticket, engineer: User, contact: User) -> None:
    address = reverse("api:acknowledgement", args=[at_half.number])
    assert program_of(contact).post(address).status_code == 403

    answer = program_of(engineer).post(address)

    assert answer.status_code == 200
    assert answer.json()["acknowledged_by"] == [
        {"person": {"name": "Mara Kovac", "is_staff": True}, "at": "2026-03-10T19:05:00Z"}
    ]
    ticket = reverse("api:ticket", args=[at_half.number])
    assert "acknowledged_by" not in program_of(contact).get(ticket).json()
