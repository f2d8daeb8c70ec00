"""The engineer's page of a ticket: what it shows."""

from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from entitlements.models import Customer
from notifications.models import Notice
from supportportal.templatetags.icons import icon
from tests.factories.tickets import make_ticket
from tests.tickets.views.reading import queries_of, words
from tests.tickets.views.staff_forms import DUE
from tickets.choices import Channel
from tickets.models import Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket, write_message, write_note
from tickets.operations.customer_escalation import escalate_account, escalate_as_customer
from tickets.operations.escalation import escalate_ticket
from tickets.operations.splitting import split_message

pytestmark = pytest.mark.django_db


def test_the_page_shows_ticket_customer_and_clock(desk: Client, ticket: Ticket) -> None:
    page = words(desk.get(ticket.get_absolute_url()))

    assert "Label printer quarantined" in page
    assert "Tue 10 Mar, 19:00 ET" in page
    assert "8 h left" in page
    assert "Why this deadline?" in page
    assert "Premium incidents 35 of 36 left" in page
    assert "Open tickets 1" in page
    assert "MSA Business, until 31 Dec 2026" in page
    assert "Account manager Ines Duarte" in page
    assert "Local time Tue 10 Mar, 11:00 ET" in page
    assert "50 % of the time" in page
    assert "15:00" in page


def test_a_note_is_marked_as_internal(desk: Client, ticket: Ticket, engineer: User) -> None:
    write_note(ticket, body="Looks like rule 7.", by=engineer)
    response = desk.get(ticket.get_absolute_url())

    assert "Internal note, not visible to Northwind Logistics" in words(response)
    assert '<li class="msg msg--internal"' in response.content.decode()


def test_the_thread_runs_by_time(
    desk: Client, ticket: Ticket, contact: User, engineer: User, tuesday: datetime
) -> None:
    minute = timedelta(minutes=1)
    take_ticket(ticket, by=engineer, now=tuesday + minute)
    write_note(ticket, body="beta note", by=engineer, now=tuesday + 2 * minute)
    answer_ticket(
        ticket, body="gamma answer", qualified=True, by=engineer, now=tuesday + 3 * minute
    )
    write_message(ticket, body="delta reply", by=contact, now=tuesday + 4 * minute)
    page = words(desk.get(ticket.get_absolute_url()))

    parts = (
        "Since the last update.",
        "took the ticket",
        "beta note",
        "gamma answer",
        "First answer after 3 min, the target was 8 h",
        "delta reply",
    )
    places = [page.index(part) for part in parts]
    assert places == sorted(places)


def test_the_thread_says_who_filed_it_unless_they_did_so_here_themselves(
    desk: Client, ticket: Ticket, contact: User, customer: Customer, engineer: User
) -> None:
    by_mail = make_ticket(contact, customer, channel=Channel.EMAIL)
    own = write_message(ticket, body="And the VPN.", by=contact)
    split = split_message(own, subject="The VPN drops", by=engineer)

    assert "filed it" not in words(desk.get(ticket.get_absolute_url()))
    page = desk.get(by_mail.get_absolute_url())
    assert f"{contact} filed it. Channel: E-mail" in words(page)
    assert str(icon("mail")) in page.content.decode()
    assert f"{engineer} filed it. Channel: Portal" in words(desk.get(split.get_absolute_url()))


def test_a_breach_stands_on_the_ticket_with_who_was_told(
    desk: Client, ticket: Ticket, duty_lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = DUE + timedelta(minutes=1)
    with transaction.atomic():
        escalate_ticket(Ticket.objects.locked().get(pk=ticket.pk), now=late)
    monkeypatch.setattr("django.utils.timezone.now", lambda: late)
    response = desk.get(ticket.get_absolute_url())

    assert (
        "Missed: no qualified answer by Tue 10 Mar, 19:00 ET. Told: Ines Duarte, "
        "Jonas Lindqvist; at the customer: Priya Raman." in words(response)
    )
    assert "notice--breach" in response.content.decode()


def test_a_ticket_without_a_promise_says_so(
    desk: Client, contact: User, customer: Customer, tuesday: datetime
) -> None:
    ticket = make_ticket(contact, customer, kind="break_fix")

    assert "promises no time for High" in words(desk.get(ticket.get_absolute_url()))


def test_the_page_takes_as_many_queries_with_20_messages_as_with_one(
    desk: Client, ticket: Ticket, contact: User, customer: Customer, engineer: User
) -> None:
    make_ticket(contact, customer)
    trace = SimpleUploadedFile("trace.txt", b"one line")
    write_note(ticket, body="note", by=engineer, files=[trace])
    answer_ticket(ticket, body="answer", qualified=False, by=engineer)
    one = queries_of(desk, ticket.get_absolute_url())
    for _ in range(10):
        write_message(ticket, body="more", by=contact)
        write_note(
            ticket,
            body="more",
            by=engineer,
            files=[SimpleUploadedFile("trace.txt", b"one line")],
        )

    assert queries_of(desk, ticket.get_absolute_url()) == one
    assert one <= 22


def test_the_readers_notices_of_the_ticket_are_read(
    desk: Client, ticket: Ticket, contact: User, engineer: User
) -> None:
    take_ticket(ticket, by=engineer)
    write_message(ticket, body="More.", by=contact)
    assert Notice.objects.filter(recipient=engineer).unread().exists()

    desk.get(ticket.get_absolute_url())
    assert not Notice.objects.filter(recipient=engineer).unread().exists()


def test_the_page_says_who_owns_what_is_escalated_and_by_when_the_customer_hears(
    client: Client, ticket: Ticket, contact: User, tam: User, duty_lead: User, engineer: User
) -> None:
    escalation = escalate_as_customer(ticket, reason="Trucks are waiting.", by=contact)
    escalate_account(ticket.customer, reason="Three outages.", by=tam)
    client.force_login(engineer)

    page = words(client.get(ticket.get_absolute_url()))
    assert "Priya Raman escalated this" in page
    assert "Trucks are waiting. Jonas Lindqvist owns it. The customer hears by" in page
    assert "Ines Duarte escalated the whole account" in page
    assert (
        reverse("escalation", args=[escalation.pk])
        in client.get(ticket.get_absolute_url()).content.decode()
    )
