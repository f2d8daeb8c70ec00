"""What each plan would promise, on screen: for a ticket, and before one is filed."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import make_ticket
from tests.programs import program_of
from tests.tickets.views.reading import words
from tickets.choices import TicketKind
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def page(client: Client, ticket: Ticket) -> Any:
    return client.get(reverse("ticket_plan_promises", args=[ticket.number]))


def test_a_ticket_leads_to_what_every_plan_would_have_promised(
    client: Client, ticket: Ticket, contact: User
) -> None:
    client.force_login(contact)
    address = reverse("ticket_plan_promises", args=[ticket.number])
    assert address in client.get(ticket.get_absolute_url()).content.decode()

    response = page(client, ticket)
    text = words(response)
    # High, Tue 10 Mar 11:00 ET: Business 8 working hours, Enterprise 4 hours.
    assert "Tue 10 Mar, 19:00 ET 8 working hours" in text
    assert "Tue 10 Mar, 15:00 ET 4 hours" in text
    assert text.count("No promised time") == 3
    assert text.count("Your plan") == 1
    content = response.content.decode()
    assert content.count('class="ribbon"') == 2
    assert reverse("plan_request_new", args=["msa-enterprise"]) in content
    assert reverse("plan_request_new", args=["msa-business"]) not in content


def test_the_readers_zone_stands_first_with_the_calendars_beside(
    client: Client, ticket: Ticket, contact: User
) -> None:
    User.objects.filter(pk=contact.pk).update(timezone="Europe/Berlin")
    client.force_login(contact)

    # Berlin goes to summer time on 29 March: five hours ahead of ET until then.
    assert "Wed 11 Mar, 00:00 CET Tue 10 Mar, 19:00 ET" in words(page(client, ticket))


def test_staff_read_it_without_being_asked_to_buy(
    client: Client, ticket: Ticket, engineer: User
) -> None:
    client.force_login(engineer)
    text = words(page(client, ticket))

    assert "Their plan" in text
    assert "Ask for this plan" not in text


def test_a_break_fix_ticket_says_whom_the_table_is_about(
    client: Client, ticket: Ticket, contact: User, customer: Customer, tuesday: datetime
) -> None:
    other = make_ticket(contact, customer, kind=TicketKind.BREAK_FIX)
    client.force_login(contact)
    text = words(page(client, other))

    assert "This ticket is no premium incident: break/fix tickets are served as Standard" in text
    assert "Your plan" in text


@pytest.mark.parametrize("role", ["foreign_contact", "colleague", "analyst"])
def test_an_unseen_ticket_is_compared_for_nobody(
    client: Client, ticket: Ticket, role: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))
    assert page(client, ticket).status_code == 404


def test_before_filing_each_severity_leads_to_its_comparison(
    client: Client, contact: User, customer: Customer, saturday: datetime
) -> None:
    client.force_login(contact)
    address = f"{reverse('plan_promises')}?company={customer.slug}&severity=1"
    form = client.get(reverse("ticket_new")).content.decode()
    assert address.replace("&", "&amp;") in form

    # Sat 14 Mar 12:00 ET, Critical.
    text = words(client.get(address))
    assert "Sat 14 Mar, 14:00 ET 2 hours" in text
    assert "Sat 14 Mar, 16:00 ET 4 hours" in text
    assert "Mon 16 Mar, 17:00 ET 8 working hours" in text
    assert "Sat 14 Mar, 12:30 ET with a call at once Mon 16 Mar, 09:30 ET without one" in text


@pytest.mark.parametrize("query", ["", "severity=5", "severity=x", "severity=1&company=eastgate"])
def test_a_comparison_of_nothing_is_not_found(client: Client, contact: User, query: str) -> None:
    client.force_login(contact)
    assert client.get(f"{reverse('plan_promises')}?{query}").status_code == 404


def test_programs_get_the_same_instants(ticket: Ticket, contact: User) -> None:
    address = reverse("api:ticket_plan_promises", args=[ticket.number])
    told = program_of(contact).get(address).json()

    assert told["counts_from"] == "2026-03-10T15:00:00Z"
    assert {one["promise"]["plan"]: one["promise"]["due_at"] for one in told["plans"]} == {
        "standard": None,
        "msa-start": None,
        "msa-plus": None,
        "msa-business": "2026-03-10T23:00:00Z",
        "msa-enterprise": "2026-03-10T19:00:00Z",
    }
    assert [one["promise"]["plan"] for one in told["plans"] if one["is_own"]] == ["msa-business"]
    assert told["plans"][3]["explanation"]["sentence"]
