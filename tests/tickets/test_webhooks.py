"""What programs hear of tickets: a customer's own, never a note, never another's."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from notifications.models import Webhook, WebhookCall
from notifications.operations.webhooks import add_webhook
from notifications.webhook_events import (
    CUSTOMER_EVENTS,
    STAFF,
    STAFF_EVENTS,
    customer_owner,
    events_for,
)
from tests.factories.tickets import TUESDAY, make_ticket
from tickets.choices import INTERNAL_EVENTS, EventKind
from tickets.models import Ticket
from tickets.operations.assignment import assign_ticket, take_ticket
from tickets.operations.conversation import answer_ticket, write_message, write_note
from tickets.operations.lifecycle import resolve_ticket
from tickets.operations.severity import change_severity
from tickets.webhooks import page_all_by_webhook

pytestmark = pytest.mark.django_db

CANARY = "Zaunkoenig"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _inside(settings: Any) -> None:
    settings.WEBHOOKS_MAY_STAY_INSIDE = True
    settings.BASE_URL = "https://portal.example"


def listen(owner: str, by: User) -> Webhook:
    return add_webhook(
        owner=owner, name="All", url="https://127.0.0.1/", events=list(events_for(owner)), by=by
    )[0]


@pytest.fixture
def ours(administrator: User) -> Webhook:
    return listen(STAFF, administrator)


@pytest.fixture
def theirs(customer: Customer, manager: User) -> Webhook:
    return listen(customer_owner(customer.pk), manager)


@pytest.fixture
def foreign(foreign_customer: Customer, administrator: User) -> Webhook:
    return listen(customer_owner(foreign_customer.pk), administrator)


@pytest.fixture
def ticket(
    ours: Webhook,
    theirs: Webhook,
    foreign: Webhook,
    contact: User,
    customer: Customer,
    engineer: User,
    duty_lead: User,
) -> Ticket:
    """A ticket with everything on it, and the canary in each text that people wrote."""
    ticket = make_ticket(contact, customer)
    take_ticket(ticket, by=engineer, now=TUESDAY + HOUR)
    write_note(ticket, body=CANARY, by=engineer, now=TUESDAY + HOUR)
    assign_ticket(ticket, to=duty_lead, by=engineer, reason=CANARY, now=TUESDAY + HOUR)
    answer_ticket(ticket, body=CANARY, qualified=True, by=engineer, now=TUESDAY + 2 * HOUR)
    write_message(ticket, body=CANARY, by=contact, now=TUESDAY + 3 * HOUR)
    change_severity(
        ticket, severity=Severity.LOW, reason=CANARY, by=engineer, now=TUESDAY + 3 * HOUR
    )
    resolve_ticket(ticket, resolution=CANARY, by=engineer, now=TUESDAY + 4 * HOUR)
    page_all_by_webhook([(ticket, "page:1", "Look now")], now=TUESDAY)
    return ticket


def told(webhook: Webhook) -> list[str]:
    return list(webhook.calls.order_by("created_at", "pk").values_list("event", flat=True))


def test_a_customers_program_hears_what_its_people_see(theirs: Webhook, ticket: Ticket) -> None:
    assert sorted(told(theirs)) == [
        "answered",
        "customer_wrote",
        "filed",
        "resolved",
        "severity_changed",
    ]
    body = json.loads(theirs.calls.get(event="answered").body)
    assert body["type"] == "answered"
    assert body["timestamp"] == "2026-03-10T17:00:00+00:00"
    assert body["data"]["by"] == "Mara Kovac"
    assert body["data"]["ticket"] == {
        "number": ticket.number,
        "reference": ticket.reference,
        "subject": ticket.subject,
        "kind": "premium",
        "severity": 2,
        "state": "in_progress",
        "url": f"https://portal.example/tickets/{ticket.number}/",
    }


def test_no_text_and_no_note_ever_leaves(ticket: Ticket, theirs: Webhook) -> None:
    assert theirs.calls.exists()
    bodies = "".join(WebhookCall.objects.values_list("body", flat=True))
    assert CANARY not in bodies
    assert "escalated" not in told(theirs)
    assert not WebhookCall.objects.filter(event="noted").exists()


def test_nothing_of_a_ticket_reaches_another_customer(foreign: Webhook, ticket: Ticket) -> None:
    assert told(foreign) == []


def test_only_our_programs_are_paged(ours: Webhook, theirs: Webhook, ticket: Ticket) -> None:
    (page,) = ours.calls.filter(event="page")
    assert page.urgent
    assert json.loads(page.body)["data"]["summary"] == "Look now"
    assert json.loads(page.body)["data"]["ticket"]["customer"] == "Northwind Logistics"
    assert not theirs.calls.filter(event="page").exists()


def test_a_page_is_sent_once_for_its_key(ours: Webhook, ticket: Ticket) -> None:
    page_all_by_webhook([(ticket, "page:1", "Again")], now=TUESDAY)
    assert ours.calls.filter(event="page").count() == 1


def test_no_internal_event_can_be_asked_for_by_customers() -> None:
    assert not {str(kind) for kind in INTERNAL_EVENTS} & set(CUSTOMER_EVENTS)
    known = {str(kind) for kind in EventKind}
    assert set(CUSTOMER_EVENTS) <= known
    assert set(STAFF_EVENTS) - {"page"} <= known


def test_a_change_that_fails_calls_nobody(ours: Webhook, contact: User, customer: Customer) -> None:
    def file_and_fail() -> None:
        with transaction.atomic():
            make_ticket(contact, customer)
            assert ours.calls.count() == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        file_and_fail()
    assert ours.calls.count() == 0
