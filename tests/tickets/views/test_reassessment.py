"""Re-assessing a deadline on the ticket's page: what is shown before, and what stays after.

MSA Business: High 8 working hours, 09:00-19:00 ET. Filed Tue 10 Mar, 17:00 ET: due Wed 15:00 ET,
and Thu 15:00 ET once Wednesday is closed.
"""

import html
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from entitlements.models import Customer
from sla.calendar_draft import Draft
from sla.models import Calendar
from sla.operations import change_calendar
from tests.factories.tickets import make_ticket, nothing_changes
from tests.tickets.views.reading import words
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

FILED = datetime(2026, 3, 10, 21, 0, tzinfo=UTC)
# Tue 10 Mar 2026, 17:30 ET.
NOW = datetime(2026, 3, 10, 21, 30, tzinfo=UTC)
THURSDAY_15 = datetime(2026, 3, 12, 19, 0, tzinfo=UTC)
REASON = "The whole region is closed on Wednesday."


@pytest.fixture(autouse=True)
def _half_past_five(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def ticket(contact: User, customer: Customer, administrator: User) -> Ticket:
    """Filed before somebody closed the Wednesday it is due on."""
    ticket = make_ticket(contact, customer, now=FILED)
    calendar = Calendar.objects.get(key="msa-business-hours")
    draft = Draft.of(calendar.current)
    facts = {name: getattr(draft, name) for name in draft.__slots__}
    change_calendar(
        calendar,
        draft=Draft(**facts | {"own_closures": {date(2026, 3, 11): "Storm"}}),
        based_on=calendar.current.number,
        reason="Storm.",
        by=administrator,
        now=FILED,
    )
    return ticket


@pytest.fixture
def lead(client: Client, duty_lead: User) -> Client:
    client.force_login(duty_lead)
    return client


def reassess(client: Client, ticket: Ticket, **typed: str) -> Any:
    page = client.get(ticket.get_absolute_url()).content.decode()
    _, _, rest = page.partition('name="seen" value="')
    seen, _, _ = rest.partition('"')
    facts = {"basis": "calendar", "reason": REASON, "seen": html.unescape(seen)}
    return client.post(reverse("ticket_reassessment", args=[ticket.number]), facts | typed)


def test_a_lead_sees_both_deadlines_before_deciding(lead: Client, ticket: Ticket) -> None:
    page = words(lead.get(ticket.get_absolute_url()))
    assert "Wed 11 Mar, 15:00" in page
    assert "Thu 12 Mar, 15:00" in page


def test_both_sides_read_the_deadline_before_and_why_it_moved(
    lead: Client, ticket: Ticket, contact: User
) -> None:
    assert reassess(lead, ticket).status_code == 302
    assert ticket.response_clock is not None
    ticket.response_clock.refresh_from_db()
    assert ticket.response_clock.due_at == THURSDAY_15
    customer_side = Client()
    customer_side.force_login(contact)
    for side in (lead, customer_side):
        page = words(side.get(ticket.get_absolute_url()))
        assert "Thu 12 Mar, 15:00" in page
        assert "Wed 11 Mar, 15:00" in page
        assert REASON in page


def test_without_a_reason_nothing_moves_and_the_choice_stays(lead: Client, ticket: Ticket) -> None:
    with nothing_changes():
        response = reassess(lead, ticket, reason="")
    assert response.status_code == 422
    assert 'value="calendar" id="reassess_calendar" required checked' in response.content.decode()


def test_an_engineer_is_not_offered_what_a_lead_decides(
    client: Client, ticket: Ticket, engineer: User
) -> None:
    client.force_login(engineer)
    assert "Re-assess the deadline" not in words(client.get(ticket.get_absolute_url()))
    with nothing_changes():
        assert reassess(client, ticket).status_code in {403, 422}
