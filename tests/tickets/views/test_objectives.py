"""Staff see our own objectives on a ticket, each with its reason; customers never do."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Contract, Customer
from entitlements.operations.objectives import set_objectives
from sla.choices import Obligation
from tests.factories.tickets import make_ticket
from tickets.choices import TicketKind
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

TEN = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)


@pytest.fixture
def ticket(
    contract: Contract, administrator: User, contact: User, customer: Customer, tuesday: datetime
) -> Ticket:
    target = timedelta(hours=20)
    set_objectives(
        contract.edition, {(Severity.MEDIUM, Obligation.RESOLUTION): target}, by=administrator
    )
    return make_ticket(
        contact, customer, kind=TicketKind.PREMIUM, severity=Severity.MEDIUM, now=TEN
    )


def test_an_engineer_sees_it_and_why(client: Client, engineer: User, ticket: Ticket) -> None:
    client.force_login(engineer)
    page = client.get(f"/tickets/{ticket.number}/").content.decode()
    assert "Our own objectives" in page
    # 20 hours from Tuesday 10:00: 9 on Tuesday, 10 on Wednesday, 1 on Thursday.
    assert "Thu 12 Mar, 10:00" in page


def test_a_contact_sees_nothing_of_it(client: Client, contact: User, ticket: Ticket) -> None:
    client.force_login(contact)
    page = client.get(f"/tickets/{ticket.number}/").content.decode().lower()
    assert "objective" not in page
    assert "resolution" not in page
    api = client.get(f"/api/v1/tickets/{ticket.number}/").content.decode().lower()
    assert "objective" not in api
