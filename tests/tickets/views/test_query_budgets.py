"""The pages of every day ask the database ten times at most, however much there is to show."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from entitlements.models import Contract, Customer
from tests.factories.tickets import make_ticket
from tickets.choices import TicketKind
from tickets.models import Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket, write_message, write_note
from tickets.operations.lifecycle import close_ticket, resolve_ticket

MOST = 10
NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)

type Budget = Callable[[int], Any]


@pytest.fixture(autouse=True)
def _as_deployed(settings: Any) -> Iterator[None]:
    """Sizes and choices are kept for a moment, as where people work."""
    settings.QUEUE_COUNTED_EVERY_SECONDS = 60
    yield
    cache.clear()


@pytest.fixture
def desk(client: Client, engineer: User) -> Client:
    client.force_login(engineer)
    return client


@pytest.mark.parametrize("rows", [1, 20])
@pytest.mark.parametrize("address", ["", "?severity=2", "?view=unassigned", "?q=agents"])
def test_the_queue(
    desk: Client,
    contact: User,
    customer: Customer,
    rows: int,
    address: str,
    django_assert_max_num_queries: Budget,
) -> None:
    for row in range(rows):
        kind = TicketKind.PREMIUM if row % 2 else TicketKind.BREAK_FIX
        make_ticket(contact, customer, kind=kind, now=NOW + timedelta(minutes=row))
    desk.get(f"/queue/{address}")
    cache.clear()  # The names in the filters are the process's own; all sizes are counted anew.

    with django_assert_max_num_queries(MOST):
        assert desk.get(f"/queue/{address}").status_code == 200


def talk(ticket: Ticket, contact: User, engineer: User, times: int) -> None:
    """Let customer and engineer write in turn, with a note and a file."""
    file = SimpleUploadedFile("agent.log", b"Service stopped.")
    write_message(ticket, body="It stopped.", files=[file], by=contact)
    for time in range(times):
        answer_ticket(ticket, body=f"Look at {time}.", qualified=time == 0, by=engineer)
    write_note(ticket, body="Seen before.", by=engineer)


@pytest.mark.parametrize("messages", [1, 20])
@pytest.mark.parametrize("is_closed", [False, True])
def test_a_ticket_for_staff(
    desk: Client,
    engineer: User,
    ticket: Ticket,
    messages: int,
    is_closed: bool,  # noqa: FBT001 - a parameter of the test
    django_assert_max_num_queries: Budget,
) -> None:
    take_ticket(ticket, by=engineer)
    talk(ticket, ticket.filed_by, engineer, messages)
    if is_closed:
        resolve_ticket(ticket, resolution="Restart it.", by=engineer)
        close_ticket(ticket, by=ticket.filed_by)
    desk.get(ticket.get_absolute_url())

    with django_assert_max_num_queries(MOST):
        assert desk.get(ticket.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("rows", [1, 20])
def test_a_page_of_the_api(
    desk: Client,
    contact: User,
    customer: Customer,
    rows: int,
    django_assert_max_num_queries: Budget,
) -> None:
    for row in range(rows):
        make_ticket(contact, customer, kind=TicketKind.BREAK_FIX, now=NOW + timedelta(minutes=row))

    with django_assert_max_num_queries(MOST):
        assert desk.get("/api/v1/tickets/").status_code == 200


def test_filing(
    client: Client, contact: User, contract: Contract, django_assert_max_num_queries: Budget
) -> None:
    client.force_login(contact)
    body = {
        "company": contract.customer.slug,
        "kind": "break_fix",
        "severity": 2,
        "subject": "Agents stop reporting",
        "description": "Since 09:40.",
    }

    with django_assert_max_num_queries(20):
        answer = client.post("/api/v1/tickets/", body, content_type="application/json")
    assert answer.status_code == 201
