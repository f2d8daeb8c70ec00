"""Logging a call on a ticket's page."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from tests.factories.tickets import kinds_of, make_ticket, nothing_changes
from tests.tickets.views.reading import words
from tests.tickets.views.staff_forms import act
from tickets.choices import EventKind
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_a_logged_call_starts_the_clock_that_waits_for_it(
    desk: Client,
    saturday: datetime,
    foreign_contact: User,
    foreign_customer: Customer,
) -> None:
    # Filed Sat 11:45:20 ET, the form opened 15 minutes later; the call came within that minute.
    filed_at = saturday - timedelta(minutes=15) + timedelta(seconds=20)
    ticket = make_ticket(
        foreign_contact, foreign_customer, severity=Severity.CRITICAL, now=filed_at
    )
    assert "Log the call: starts the clock" in words(desk.get(ticket.get_absolute_url()))
    pin = foreign_contact.memberships.get().caller_pin
    response = desk.post(
        reverse("ticket_calls", args=[ticket.number]),
        {"caller_pin": f"{pin[:3]} {pin[3:]}", "at": "2026-03-14T11:45"},
        follow=True,
    )

    assert "Call logged. The clock runs from it." in words(response)
    ticket.refresh_from_db()
    assert ticket.response_clock is not None
    assert ticket.response_clock.due_at == filed_at + timedelta(minutes=30)
    assert kinds_of(ticket) == [EventKind.CALLED]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"caller_pin": "000", "at": "2026-03-10T11:00"}, "Nobody of Northwind Logistics has"),
        ({"caller_pin": "", "at": "2026-03-10T11:00"}, "Ask the caller for their PIN."),
        ({"caller_pin": "000", "at": "soon"}, "Give day and time"),
    ],
)
def test_a_call_that_cannot_be_checked_is_not_logged(
    desk: Client, ticket: Ticket, typed: dict[str, Any], said: str
) -> None:
    with nothing_changes():
        response = act(desk, "ticket_calls", ticket, typed)

    assert response.status_code == 422
    assert said in words(response)
