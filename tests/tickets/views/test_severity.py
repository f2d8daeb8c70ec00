"""Changing the severity on a ticket's page."""

from typing import Any

import pytest
from django.test import Client

from entitlements.choices import Severity
from tests.factories.tickets import kinds_of, nothing_changes
from tests.tickets.views.reading import words
from tests.tickets.views.staff_forms import act
from tickets.choices import EventKind
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_the_severity_is_changed_with_a_reason(desk: Client, ticket: Ticket) -> None:
    act(desk, "ticket_severity", ticket, {"severity": 1, "reason": "All sites stopped."})

    ticket.refresh_from_db()
    assert ticket.severity == Severity.CRITICAL
    assert kinds_of(ticket) == [EventKind.SEVERITY_CHANGED]
    page = words(desk.get(ticket.get_absolute_url()))
    assert "changed the severity from High to Critical: All sites stopped." in page
    assert "Customer says High" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"severity": 1, "reason": ""}, "Say why: the customer sees the reason."),
        ({"severity": 2, "reason": "It stays."}, "It is High already."),
        ({"severity": 7, "reason": "Worse."}, "Select a valid choice."),
    ],
)
def test_an_invalid_severity_comes_back_beside_its_field(
    desk: Client, ticket: Ticket, typed: dict[str, Any], said: str
) -> None:
    with nothing_changes():
        response = act(desk, "ticket_severity", ticket, typed)

    assert response.status_code == 422
    page = words(response)
    assert said in page
    assert typed["reason"] in page
