"""Resolving a ticket on its page."""

import pytest
from django.test import Client

from accounts.models import User
from tests.factories.tickets import kinds_of, nothing_changes
from tests.tickets.views.reading import words
from tests.tickets.views.staff_forms import act
from tickets.choices import EventKind, TicketState
from tickets.models import Ticket
from tickets.operations.conversation import write_message

pytestmark = pytest.mark.django_db


def test_a_ticket_is_resolved(desk: Client, ticket: Ticket) -> None:
    act(desk, "ticket_resolution", ticket, {"resolution": "Update to 12.4.3.", "seen_message": 0})

    ticket.refresh_from_db()
    assert ticket.state == TicketState.RESOLVED
    assert kinds_of(ticket) == [EventKind.RESOLVED]


def test_nobody_resolves_past_a_newer_message(desk: Client, ticket: Ticket, contact: User) -> None:
    write_message(ticket, body="It got worse.", by=contact)
    with nothing_changes():
        response = act(
            desk, "ticket_resolution", ticket, {"resolution": "Solved it.", "seen_message": 0}
        )

    assert response.status_code == 409
    page = words(response)
    assert "Priya Raman wrote while you were writing." in page
    assert "Solved it." in page


def test_a_resolution_needs_words(desk: Client, ticket: Ticket) -> None:
    with nothing_changes():
        response = act(desk, "ticket_resolution", ticket, {"resolution": "", "seen_message": 0})

    assert response.status_code == 422
    assert "Say what solved it." in words(response)
