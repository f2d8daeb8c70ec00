"""A customer's pages ask the database ten times at most, however much there is to show."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from announcements.audience import Concern
from announcements.choices import Audience, Kind, Level
from announcements.operations import Words as AnnouncementWords
from announcements.operations import announce
from entitlements.choices import Severity
from entitlements.models import Customer
from tests.factories.knowledge import make_article
from tests.factories.tickets import make_ticket
from tickets.choices import DraftKind, FieldKind, LinkKind, TicketKind
from tickets.models import Product, Ticket
from tickets.operations.arranged_calls import arrange_call
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket, write_message
from tickets.operations.customer_escalation import escalate_account, escalate_as_customer
from tickets.operations.database_builds import publish_build
from tickets.operations.drafts import save_draft
from tickets.operations.escalation_course import answer_escalation
from tickets.operations.file_uploads import begin_upload
from tickets.operations.filing_fields import add_filing_field
from tickets.operations.lifecycle import resolve_ticket
from tickets.operations.links import link_tickets
from tickets.operations.severity import contest_severity
from tickets.operations.watching import add_watcher

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday", "contract", "manager")]

MOST = 10
NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)

type Budget = Callable[[int], Any]


@pytest.fixture
def lived_in(
    contact: User, colleague: User, customer: Customer, engineer: User, administrator: User
) -> str:
    """Northwind has twenty tickets, questions, articles; the address of one with all there is."""
    product = Product.objects.create(name="Mail Gateway", versions=["5.2"])
    add_filing_field(label="Queue size", kind=FieldKind.NUMBER, product=product, by=administrator)
    publish_build("2026-03-10.2", published_at=NOW - timedelta(hours=3), by=administrator, now=NOW)
    make_article()
    for row in range(20):
        ticket = make_ticket(
            contact,
            customer,
            kind=TicketKind.PREMIUM if row % 2 else TicketKind.BREAK_FIX,
            product=product,
            fields={"queue-size": "7"},
            now=NOW - timedelta(minutes=row),
        )
        ticket = take_ticket(ticket, by=engineer)
        ticket = answer_ticket(ticket, body="Look here.", qualified=True, by=engineer).ticket
        if row % 3 == 0:
            resolve_ticket(ticket, resolution="Restart it.", by=engineer)
    add_watcher(ticket, colleague, by=contact)
    file = SimpleUploadedFile("agent.log", b"Service stopped.")
    for _ in range(5):
        write_message(ticket, body="Still there.", files=[file], by=contact)
    return ticket.get_absolute_url()


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/tickets/",
        "/tickets/?state=all&q=agents",
        "/tickets/new/",
        "/tickets/new/?about=service",
        "/tickets/new/?about=release",
        "the ticket",
        "/escalations/",
        "/notices/",
        "/knowledge/",
        "/announcements/",
        "/profile/",
        "/profile/mail/",
    ],
)
def test_a_page_of_every_day(
    client: Client,
    contact: User,
    lived_in: str,
    address: str,
    django_assert_max_num_queries: Budget,
) -> None:
    client.force_login(contact)
    page = lived_in if address == "the ticket" else address
    client.get(page)  # Reads what the process keeps, and the notices of the ticket.

    with django_assert_max_num_queries(MOST):
        assert client.get(page).status_code == 200


def test_home_of_an_escalated_account(
    client: Client,
    lived_in: str,
    manager: User,
    customer: Customer,
    duty_lead: User,
    administrator: User,
    django_assert_max_num_queries: Budget,
) -> None:
    escalation = escalate_account(customer, reason="Twenty tickets in a day.", by=manager, now=NOW)
    word_in = timedelta(hours=2)
    answer_escalation(escalation, body="Two of us.", next_word_in=word_in, by=duty_lead, now=NOW)
    words = AnnouncementWords(Kind.NOTICE, Level.IMPORTANT, "Maintenance", "On Sunday.")
    announce(words, Concern(Audience.EVERYBODY), by=administrator, now=NOW)
    client.force_login(manager)
    client.get("/")

    with django_assert_max_num_queries(MOST):
        page = client.get("/").content.decode()
    assert "Your whole account is escalated." in page
    assert "Maintenance" in page


def test_a_ticket_with_everything_open(
    client: Client,
    contact: User,
    customer: Customer,
    engineer: User,
    duty_lead: User,
    lived_in: str,
    django_assert_max_num_queries: Budget,
) -> None:
    ticket = Ticket.objects.get(number=lived_in.strip("/").split("/")[-1])
    contest_severity(ticket, severity=Severity.CRITICAL, reason="All sites.", by=contact, now=NOW)
    escalation = escalate_as_customer(ticket, reason="It spreads.", by=contact, now=NOW)
    word_in = timedelta(hours=2)
    answer_escalation(escalation, body="Two of us.", next_word_in=word_in, by=duty_lead, now=NOW)
    arrange_call(
        ticket,
        starts_at=NOW + timedelta(hours=20),
        minutes=30,
        topic="The log",
        how="By phone",
        by=engineer,
        now=NOW,
    )
    begin_upload(ticket, name="dump.bin", size=9, by=contact, now=NOW)
    words = {"body": ["Half a"]}
    save_draft(DraftKind.REPLY, ticket, fields=words, by=contact, form=uuid.uuid4(), now=NOW)
    link_tickets(
        ticket, make_ticket(contact, customer, now=NOW), kind=LinkKind.RELATED, by=engineer, now=NOW
    )
    client.force_login(contact)
    client.get(lived_in)
    client.post("/notices/reading/")

    with django_assert_max_num_queries(MOST):
        page = client.get(lived_in).content.decode()
    for said in ("Two of us.", "The log", "dump.bin", "Half a"):
        assert said in page


def test_a_draft_and_copies_for_colleagues_cost_filing_nothing(
    client: Client,
    contact: User,
    customer: Customer,
    lived_in: str,
    django_assert_max_num_queries: Budget,
) -> None:
    words = {"subject": ["Agents stop"], "description": ["All of them."]}
    save_draft(DraftKind.FILING, customer, fields=words, by=contact, form=uuid.uuid4(), now=NOW)
    client.force_login(contact)
    client.get("/tickets/new/")

    with django_assert_max_num_queries(MOST):
        page = client.get("/tickets/new/").content.decode()
    assert "Agents stop" in page
    assert "Daniel Osei" in page
