"""Last year's tickets under another plan."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Contract, Customer, Edition
from tests.factories.tickets import make_ticket
from tests.tickets.views.reading import words
from tickets.choices import TicketKind
from tickets.models import Ticket
from tickets.operations.conversation import answer_ticket
from tickets.plan_outlook import compare_with

pytestmark = pytest.mark.django_db

ENTERPRISE = "/companies/northwind-logistics/outlook/msa-enterprise/"


def test_each_ticket_is_promised_again_by_the_other_plan(
    contract: Contract, customer: Customer, contact: User, engineer: User, tuesday: datetime
) -> None:
    ticket = make_ticket(contact, customer)  # High, Tue 10 Mar 11:00 ET, on MSA Business
    answered_at = tuesday + timedelta(hours=5)
    answer_ticket(ticket, body="Rule 7.", qualified=True, by=engineer, now=answered_at)
    found = compare_with(
        customer, Edition.objects.get(key="msa-enterprise"), now=tuesday + timedelta(days=30)
    )
    (line,) = found.lines
    (one,) = line.compared
    assert (line.severity, line.tickets) == (Severity.HIGH, 1)
    # Business: 8 working hours from 11:00, so 19:00. Enterprise: 4 hours around the clock.
    assert one.was.due_at == tuesday + timedelta(hours=8)
    assert one.would.due_at == tuesday + timedelta(hours=4)
    assert one.sooner == timedelta(hours=4)
    assert (found.sooner, found.later, found.late_then) == (1, 0, 1)
    assert not found.is_of_break_fix


def test_a_company_without_premium_incidents_sees_its_break_fix_tickets_as_if(
    catalogue: object, customer: Customer, manager: User, tuesday: datetime
) -> None:
    make_ticket(manager, customer, kind=TicketKind.BREAK_FIX)
    found = compare_with(
        customer, Edition.objects.get(key="msa-plus"), now=tuesday + timedelta(days=1)
    )
    assert found.is_of_break_fix
    assert found.tickets == 1


def test_the_manager_reads_it_and_is_led_to_the_request(
    client: Client, ticket: Ticket, manager: User, customer: Customer
) -> None:
    client.force_login(manager)
    page = client.get(ENTERPRISE)
    assert "Your last year under MSA Enterprise" in words(page)
    assert "1 of 1 sooner" in words(page)
    assert "/plans/msa-enterprise/request/" in page.content.decode()
    assert ENTERPRISE in client.get("/companies/northwind-logistics/plan/").content.decode()


def test_without_tickets_there_is_nothing_to_compare(
    client: Client, contract: Contract, manager: User, tuesday: datetime
) -> None:
    client.force_login(manager)
    assert "No incidents in the last twelve months" in words(client.get(ENTERPRISE))


def test_it_is_the_managers_and_of_offered_plans(
    client: Client, ticket: Ticket, contact: User, foreign_contact: User, manager: User
) -> None:
    for reader, status in ((contact, 403), (foreign_contact, 404), (manager, 200)):
        client.force_login(reader)
        assert client.get(ENTERPRISE).status_code == status
    for key in ("standard", "nothing", "msa-enterprise-2023"):
        assert client.get(ENTERPRISE.replace("msa-enterprise", key)).status_code == 404


def test_looking_changes_nothing_and_costs_the_same_for_many(
    client: Client, ticket: Ticket, contact: User, manager: User, customer: Customer
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(ENTERPRISE).status_code == 200
        return len(queries)

    client.force_login(manager)
    cost()
    one = cost()
    for _ in range(9):
        make_ticket(contact, customer)
    # It reads all calendars, ladders and editions, which other pages need not: more than ten.
    assert cost() == one <= 20
