"""Who works on a ticket, as it is changed on its page."""

import pytest
from django.test import Client

from accounts.models import User
from tests.factories.tickets import kinds_of, newest_event, nothing_changes
from tests.tickets.views.reading import words
from tests.tickets.views.staff_forms import act
from tickets.choices import EventKind
from tickets.models import Ticket
from tickets.operations.assignment import take_ticket

pytestmark = pytest.mark.django_db


def test_a_ticket_is_taken_handed_over_and_put_back(
    desk: Client, ticket: Ticket, engineer: User, other: User
) -> None:
    act(desk, "ticket_assignment", ticket)
    ticket.refresh_from_db()
    assert ticket.assignee_id == engineer.pk

    act(desk, "ticket_assignment", ticket, {"to": other.pk, "reason": "Shift ends."})
    ticket.refresh_from_db()
    assert ticket.assignee_id == other.pk
    assert newest_event(ticket).reason == "Shift ends."

    act(desk, "ticket_assignment_removal", ticket)
    assert Ticket.objects.filter(pk=ticket.pk, assignee__isnull=True).exists()
    assert kinds_of(ticket) == [EventKind.TAKEN, EventKind.ASSIGNED, EventKind.RELEASED]


def test_a_ticket_somebody_has_is_not_taken(desk: Client, ticket: Ticket, other: User) -> None:
    take_ticket(ticket, by=other)
    with nothing_changes():
        response = act(desk, "ticket_assignment", ticket)

    assert response.status_code == 409
    assert "Jan Novak has this ticket." in words(response)


def test_a_hand_over_says_where_it_stands(desk: Client, ticket: Ticket, tam: User) -> None:
    with nothing_changes():
        response = act(desk, "ticket_assignment", ticket, {"to": tam.pk, "reason": ""})

    assert response.status_code == 422
    page = words(response)
    assert "Choose an engineer." in page
    assert "Say where it stands, for whoever takes over." in page
