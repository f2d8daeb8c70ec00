"""Taking the mark of a qualified answer back."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import kinds_of, make_ticket, nothing_changes
from tests.tickets.views.reading import words
from tickets.choices import EventKind
from tickets.models import Ticket
from tickets.operations.conversation import answer_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def foreign_ticket(foreign_contact: User, foreign_customer: Customer) -> Ticket:
    return make_ticket(foreign_contact, foreign_customer)


def test_a_lead_takes_a_qualified_mark_back(
    client: Client, ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    message = answer_ticket(ticket, body="We look.", qualified=True, by=engineer)
    client.force_login(duty_lead)
    assert "Not a qualified answer?" in words(client.get(ticket.get_absolute_url()))
    address = reverse("ticket_overturning", args=[ticket.number, message.pk])

    with nothing_changes():
        refused = client.post(address, {"reason": ""})
    assert refused.status_code == 422
    assert "Say why." in words(refused)

    client.post(address, {"reason": "It asks for nothing."})
    ticket.refresh_from_db()
    assert ticket.response_clock is not None
    assert ticket.response_clock.stopped_at is None
    assert kinds_of(ticket) == [EventKind.ANSWERED, EventKind.OVERTURNED]


def test_a_mark_is_overturned_on_its_own_ticket_only_and_by_a_lead_only(
    client: Client,
    ticket: Ticket,
    foreign_ticket: Ticket,
    engineer: User,
    duty_lead: User,
) -> None:
    message = answer_ticket(ticket, body="We look.", qualified=True, by=engineer)
    typed = {"reason": "It asks for nothing."}
    with nothing_changes():
        client.force_login(duty_lead)
        address = reverse("ticket_overturning", args=[foreign_ticket.number, message.pk])
        assert client.post(address, typed).status_code == 404
        client.force_login(engineer)
        address = reverse("ticket_overturning", args=[ticket.number, message.pk])
        assert client.post(address, typed).status_code == 403
        assert client.get(address).status_code == 405
