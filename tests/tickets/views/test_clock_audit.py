"""The pages of the self-audit: the list, one with its tickets, one under way."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from entitlements.models import Customer
from sla.clock_audit import continue_audits
from sla.models import Clock, ClockAudit
from sla.operations.clock_audits import request_clock_audit
from tests.factories.tickets import make_ticket
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


def make_wrong_tickets(contact: User, customer: Customer, count: int) -> list[Ticket]:
    tickets = [make_ticket(contact, customer) for _ in range(count)]
    for ticket in tickets:
        clock = ticket.response_clock
        assert clock is not None
        assert clock.due_at is not None
        Clock.objects.filter(pk=clock.pk).update(due_at=clock.due_at + timedelta(hours=1))
    return tickets


def audited(administrator: User) -> ClockAudit:
    audit = request_clock_audit(by=administrator)
    while continue_audits():
        pass
    audit.refresh_from_db()
    return audit


def test_before_the_first_the_list_says_when_it_comes(client: Client, duty_lead: User) -> None:
    client.force_login(duty_lead)
    page = client.get("/clock-audits/").text

    assert "No audit yet" in page
    assert "Check all clocks now" in page


def test_the_button_begins_one_and_leads_to_it(
    client: Client, contact: User, customer: Customer, duty_lead: User
) -> None:
    make_ticket(contact, customer)
    client.force_login(duty_lead)

    answer = client.post("/clock-audits/new/")

    audit = ClockAudit.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/clock-audits/{audit.pk}/")
    page = client.get(answer["Location"]).text
    assert "Audit under way" in page
    assert f'hx-get="/clock-audits/{audit.pk}/progress/"' in page
    # Pressed again, it leads to the one under way.
    again = client.post("/clock-audits/new/")
    assert again["Location"] == f"/clock-audits/{audit.pk}/"
    assert "One is under way" in client.get("/clock-audits/").text


def test_the_progress_is_drawn_anew_until_the_page_is(
    client: Client, contact: User, customer: Customer, administrator: User
) -> None:
    make_ticket(contact, customer)
    audit = request_clock_audit(by=administrator)
    client.force_login(administrator)

    waiting = client.get(f"/clock-audits/{audit.pk}/progress/")
    assert "0 of 1 clocks" in waiting.text
    assert "HX-Refresh" not in waiting
    while continue_audits():
        pass
    assert client.get(f"/clock-audits/{audit.pk}/progress/")["HX-Refresh"] == "true"


def test_findings_stand_with_their_tickets(
    client: Client, contact: User, customer: Customer, administrator: User
) -> None:
    (ticket,) = make_wrong_tickets(contact, customer, 1)
    audit = audited(administrator)
    client.force_login(administrator)

    page = client.get(f"/clock-audits/{audit.pk}/").text

    assert "1 clock needs a look" in page
    assert f'href="/tickets/{ticket.number}/">{ticket.reference}</a>' in page
    assert "2026-03-11T00:00:00+00:00" in page  # stored: 20:00 ET
    assert "2026-03-10T23:00:00+00:00" in page  # High on MSA Business: 19:00 ET
    assert "1 differ" in client.get("/clock-audits/").text


def test_an_audit_without_findings_says_that_all_agree(
    client: Client, contact: User, customer: Customer, administrator: User
) -> None:
    make_ticket(contact, customer)
    audit = audited(administrator)
    client.force_login(administrator)

    assert "All clocks agree with their events" in client.get(f"/clock-audits/{audit.pk}/").text
    assert "All agree" in client.get("/clock-audits/").text


def test_the_pages_cost_the_same_with_one_row_and_with_twenty(
    client: Client, contact: User, customer: Customer, administrator: User
) -> None:
    client.force_login(administrator)
    costs = []
    for count in (1, 19):
        make_wrong_tickets(contact, customer, count)
        audit = audited(administrator)
        for _ in range(count):
            audited(administrator)
        client.get("/clock-audits/")
        for address in ("/clock-audits/", f"/clock-audits/{audit.pk}/"):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            costs.append(len(captured))
    assert costs[:2] == costs[2:]
