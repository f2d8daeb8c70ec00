"""The list of a customer's tickets."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Contract, Customer
from tests.tickets.views.reading import queries_of, words
from tickets.choices import TicketKind
from tickets.models import Ticket
from tickets.operations.conversation import write_note
from tickets.operations.filing import file_ticket
from tickets.operations.lifecycle import close_ticket

pytestmark = pytest.mark.django_db


def file(customer: Customer, by: User, now: datetime, subject: str) -> Ticket:
    return file_ticket(
        customer=customer,
        by=by,
        kind=TicketKind.BREAK_FIX,
        severity=Severity.LOW,
        subject=subject,
        description="How do we do it?",
        now=now,
    )


def test_the_list_is_for_the_signed_in(client: Client) -> None:
    assert client.get("/tickets/")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York"])
def test_the_list_is_narrowed_by_the_first_and_the_last_day_there_is(
    client: Client, ticket: Ticket, contact: User, zone: str
) -> None:
    User.objects.filter(pk=contact.pk).update(timezone=zone)
    client.force_login(contact)
    page = words(client.get("/tickets/?since=0001-01-01&until=9999-12-31"))
    assert "Label printer quarantined" in page


def test_the_list_takes_no_post(client: Client, contact: User) -> None:
    client.force_login(contact)
    assert client.post("/tickets/").status_code == 405


def test_staff_are_led_to_the_queue(client: Client, engineer: User) -> None:
    client.force_login(engineer)
    assert client.get("/tickets/")["Location"] == "/queue/"


def test_the_list_shows_what_is_open_and_by_filter_the_rest(
    client: Client, ticket: Ticket, contact: User, customer: Customer, tuesday: datetime
) -> None:
    close_ticket(file(customer, contact, tuesday, "An old question"), by=contact, now=tuesday)
    client.force_login(contact)
    opened = words(client.get("/tickets/"))
    assert "Label printer quarantined" in opened
    assert "An old question" not in opened
    ended = words(client.get("/tickets/?state=ended"))
    assert "Label printer quarantined" not in ended
    assert "An old question" in ended
    both = words(client.get("/tickets/?state=all"))
    assert "Label printer quarantined" in both
    assert "An old question" in both


def test_the_list_is_narrowed_by_severity_and_words(
    client: Client, ticket: Ticket, contact: User, customer: Customer, tuesday: datetime
) -> None:
    file(customer, contact, tuesday, "Backup of the console")
    client.force_login(contact)
    assert "Backup of the console" not in words(client.get("/tickets/?severity=2"))
    found = words(client.get("/tickets/?q=printers"))  # the index knows word stems
    assert "Label printer quarantined" in found
    assert "Backup of the console" not in found
    assert "Label printer" in words(client.get(f"/tickets/?q={ticket.reference.lower()}"))


def test_the_list_says_when_nothing_matches_and_when_nothing_is_there(
    client: Client, contact: User, tuesday: datetime
) -> None:
    client.force_login(contact)
    assert "No ticket matches" in words(client.get("/tickets/?q=printer"))
    assert "Nothing is open" in words(client.get("/tickets/"))
    assert "Nothing waits for you" in words(client.get("/tickets/?state=waiting"))
    assert "No tickets yet" in words(client.get("/tickets/?state=all"))


def test_a_filter_nobody_knows_narrows_nothing(
    client: Client, ticket: Ticket, contact: User
) -> None:
    client.force_login(contact)
    for query in ("severity=x", "state=gone", "page=99", "company=eastgate-hospitals", "q=%00"):
        response = client.get(f"/tickets/?{query}")
        assert response.status_code == 200
        assert "Label printer quarantined" in words(response)


def test_others_see_nothing_of_it_even_by_search(
    client: Client, ticket: Ticket, foreign_contact: User, colleague: User
) -> None:
    for user in (foreign_contact, colleague):
        client.force_login(user)
        for query in ("state=all", "q=printer&state=all", f"q={ticket.number}&state=all"):
            assert "Label printer" not in words(client.get(f"/tickets/?{query}"))


def test_a_number_that_is_no_tickets_is_looked_for_as_a_word(
    client: Client, contact: User, customer: Customer, contract: Contract, tuesday: datetime
) -> None:
    file(customer, contact, tuesday, "Agent stops on 215 stations")
    client.force_login(contact)

    assert "Agent stops" in words(client.get("/tickets/?q=215&state=all"))
    assert "Agent stops" not in words(client.get("/tickets/?q=216&state=all"))


def test_the_search_never_finds_a_note(
    client: Client, ticket: Ticket, contact: User, engineer: User, tuesday: datetime
) -> None:
    write_note(ticket, body="Zeppelin suspected.", by=engineer, now=tuesday)
    client.force_login(contact)
    assert "Label printer" not in words(client.get("/tickets/?q=zeppelin&state=all"))


def test_the_list_has_pages_of_twenty_five(
    client: Client, contact: User, customer: Customer, contract: Contract, tuesday: datetime
) -> None:
    for number in range(26):
        file(customer, contact, tuesday - timedelta(minutes=number), f"Question no. {number}.")
    client.force_login(contact)
    first = words(client.get("/tickets/?state=all"))
    assert "1 to 25 of 26" in first
    assert "Question no. 25." not in first
    assert "Question no. 25." in words(client.get("/tickets/?state=all&page=2"))


def test_the_list_takes_as_many_queries_for_twenty_tickets_as_for_one(
    client: Client, contact: User, customer: Customer, contract: Contract, tuesday: datetime
) -> None:
    client.force_login(contact)
    file(customer, contact, tuesday, "First")
    one = queries_of(client, "/tickets/")
    for number in range(19):
        file(customer, contact, tuesday, f"Question {number}")
    assert queries_of(client, "/tickets/") == one <= 8


def test_a_raised_digit_is_a_word_like_others(client: Client, contact: User) -> None:
    client.force_login(contact)
    assert client.get("/tickets/", {"q": "²"}).status_code == 200
