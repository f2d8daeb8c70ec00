"""Excusing a missed deadline."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import User
from tests.factories.tickets import kinds_of, nothing_changes
from tests.tickets.views.reading import words
from tests.tickets.views.staff_forms import DUE, act
from tickets.choices import EventKind
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_a_lead_excuses_a_miss(
    client: Client, ticket: Ticket, duty_lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: DUE + timedelta(minutes=1))
    client.force_login(duty_lead)
    with nothing_changes():
        assert act(client, "ticket_excuse", ticket, {"reason": ""}).status_code == 422

    act(client, "ticket_excuse", ticket, {"reason": "A power cut."})
    assert kinds_of(ticket) == [EventKind.EXCUSED]
    page = words(client.get(ticket.get_absolute_url()))
    assert "Missed and excused: due Tue 10 Mar, 19:00 ET." in page
    assert "Excuse it" not in page


def test_nothing_is_excused_in_time(client: Client, ticket: Ticket, duty_lead: User) -> None:
    client.force_login(duty_lead)
    with nothing_changes():
        response = act(client, "ticket_excuse", ticket, {"reason": "A power cut."})

    assert response.status_code == 409
    assert "This cannot be done on the ticket any more." in words(response)
    # The form is gone from the page, what was written into it is not.
    assert "What you had written A power cut." in words(response)
