"""Customers’ pages in German: what each says, and that nothing of it is left in English."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from entitlements.models import Contract
from tests.tickets.views.reading import words
from tests.tickets.views.test_ticket_export import rows_of
from tickets.models import Product, Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket
from tickets.operations.lifecycle import resolve_ticket

WHOLE = '<main id="main" class="page" tabindex="-1">'


def in_german(client: Client, reader: User, address: str, *, english: list[str]) -> str:
    """The words of a page, of which none is one of the English ones."""
    client.force_login(reader)
    page = client.get(address, headers={"Accept-Language": "de"})
    assert WHOLE in page.text
    # Without the table for the scripts, which holds their English.
    said = words(page).partition('{"Larger than')[0]
    for text in english:
        at = said.find(text)
        assert at < 0, said[max(at - 60, 0) : at + 60]
    return said


@pytest.mark.parametrize(
    ("query", "german"),
    [
        ("", "Zeiten gelten in Ihrer Zeitzone."),
        ("?state=waiting", "Nichts wartet auf Sie"),
        ("?state=ended", "Jedes Ticket, das Sie eröffnen, bleibt hier"),
        ("?q=nothing", "Versuchen Sie weniger Wörter, oder suchen Sie in allen Tickets."),
        ("?since=yesterday", "Schreiben Sie den Tag so: 2026-03-31."),
    ],
)
def test_the_list_of_tickets(
    client: Client, ticket: Ticket, contact: User, query: str, german: str
) -> None:
    english = ["Any", "Reported by", "filters", "State", "Try fewer", "New ticket", "Open"]
    said = in_german(client, contact, f"/tickets/{query}", english=english)
    assert german in said
    assert "Weitere Filter Art Jede Art Premium-Vorfall Störung" in said


def test_the_list_as_a_file(client: Client, ticket: Ticket, contact: User) -> None:
    contact.language = "de"
    contact.save()
    client.force_login(contact)
    (row,) = rows_of(client)
    assert row["Schweregrad"] == "Hoch"
    assert row["Status"] == "Noch nicht gelesen"
    assert row["Antwort zugesagt bis (America/New_York)"] == "2026-03-10 19:00"
    assert row["Art"] == "Premium-Vorfall"


def test_somebody_without_a_company(client: Client, db: None) -> None:
    stranger = User.objects.create_user(email="new@example.com", name="Nora New")
    said = in_german(client, stranger, "/tickets/", english=["Nothing", "company", "plans"])
    assert "Sie gehören noch zu keiner Firma" in said


@pytest.mark.parametrize(
    ("about", "german"),
    [
        ("filing", "Premium-Vorfall Bearbeitet zu den Zeiten Ihres Vertrags"),
        ("release", "Fehlalarm: Etwas Sauberes wird erkannt"),
        ("service", "Fernunterstützung Ein Techniker sieht es sich mit Ihnen am Bildschirm an."),
    ],
)
def test_filing(
    client: Client, contract: Contract, contact: User, product: Product, about: str, german: str
) -> None:
    english = ["Choose", "We answer", "overed", "Files", "severe", "promise", "Draft", "Then "]
    said = in_german(client, contact, f"/tickets/new/?about={about}", english=english)
    assert german in said
    assert "Ein Satz: was " in said
    assert "Unsere Zusage" in said


def test_filing_says_what_is_missing(client: Client, contract: Contract, contact: User) -> None:
    client.force_login(contact)
    page = client.post(
        "/tickets/new/", {"about": "filing"}, headers={"Accept-Language": "de"}, follow=True
    )
    said = words(page)
    assert page.status_code == 422
    assert "Das Ticket wurde nicht eröffnet. " in said
    assert "Sagen Sie in einem Satz, was nicht funktioniert und wo." in said
    assert "Kreuzen Sie an, was zutrifft, oder wählen Sie, wie schwer es ist." in said


def test_a_deadline_is_explained(
    client: Client, contract: Contract, contact: User, saturday: datetime
) -> None:
    said = in_german(client, contact, "/tickets/new/", english=["Filed", "Due", "not counted"])
    assert (
        "Eröffnet Sa, 14. März, 12:00 ET: Wir antworten innerhalb von 8 Stunden, gezählt nur, "
        "solange wir geöffnet haben, also bis Mo, 16. März, 17:00 ET." in said
    )
    assert "Sa, 14. März bis So, 15. März, geschlossen nicht gezählt" in said
    assert "MSA Business, Hoch, Mo–Fr 09:00–19:00 ET, an Feiertagen geschlossen." in said


def test_a_ticket_with_its_timeline(
    client: Client, ticket: Ticket, contact: User, engineer: User, tuesday: datetime
) -> None:
    take_ticket(ticket, by=engineer, now=tuesday)
    answer_ticket(
        ticket, body="Try again.", by=engineer, qualified=True, now=tuesday + timedelta(hours=1)
    )
    english = ["Opened", "Kind", "Reply", "took the", "answer", "Copies", "Escalate", "Our turn"]
    said = in_german(client, contact, ticket.get_absolute_url(), english=english)
    assert "Mara Kovac hat das Ticket übernommen" in said
    assert "Erste Antwort nach 1 h, die Zielzeit war 8 h" in said
    assert "Wir sind dran. Mara Kovac bearbeitet es." in said
    assert "Art Premium-Vorfall" in said
    assert "Schweregrad beanstanden" in said


def test_what_a_ticket_refuses(client: Client, ticket: Ticket, contact: User) -> None:
    client.force_login(contact)
    page = client.post(
        f"/tickets/{ticket.number}/messages/", {"body": ""}, headers={"Accept-Language": "de"}
    )
    assert page.status_code == 422
    assert "Schreiben Sie zuerst etwas." in words(page)


def test_a_solved_ticket(
    client: Client, ticket: Ticket, contact: User, engineer: User, tuesday: datetime
) -> None:
    resolve_ticket(ticket, resolution="Update.", by=engineer, now=tuesday)
    english = ["Solved", "works", "How did", "One click", "Well"]
    said = in_german(client, contact, ticket.get_absolute_url(), english=english)
    assert "Sie sind dran: Funktioniert es?" in said
    assert "Wie ist es gelaufen?" in said


def test_a_customers_escalation(client: Client, ticket: Ticket, contact: User) -> None:
    client.force_login(contact)
    contact.language = "de"
    contact.save()
    client.post(f"/tickets/{ticket.number}/escalation/", {"reason": "Drucker stehen."})
    escalation = ticket.escalations.get()
    english = ["Owner", "Why", "What", "Withdraw", "Escalat"]
    said = in_german(client, contact, escalation.get_absolute_url(), english=english)
    assert "Warum es eskaliert ist" in said
    assert "Eskalation zurückziehen" in said
    listed = in_german(client, contact, "/escalations/", english=["Owner", "Next", "Since"])
    assert "Offene Eskalationen, die mit der nächsten Nachricht zuerst" in listed


def test_an_escalation_that_ended_with_its_ticket(
    client: Client, ticket: Ticket, contact: User
) -> None:
    client.force_login(contact)
    client.post(f"/tickets/{ticket.number}/escalation/", {"reason": "Drucker stehen."})
    escalation = ticket.escalations.get()
    client.post(f"/tickets/{ticket.number}/closure/")
    for address in (ticket.get_absolute_url(), escalation.get_absolute_url(), "/escalations/"):
        said = in_german(client, contact, address, english=["The ticket was closed"])
        assert "Das Ticket wurde geschlossen" in said


def test_staff_read_the_same_timeline_in_english(
    client: Client, ticket: Ticket, engineer: User, tuesday: datetime
) -> None:
    take_ticket(ticket, by=engineer, now=tuesday)
    client.force_login(engineer)
    page = client.get(ticket.get_absolute_url(), headers={"Accept-Language": "de"})
    assert "took the ticket" in words(page)
    assert "Ticket übernommen" not in words(page)


def test_what_each_plan_promises(client: Client, contract: Contract, contact: User) -> None:
    english = ["promise", "Covered", "First answer", "Your", "working hours"]
    said = in_german(client, contact, "/tickets/promises/?severity=2", english=english)
    assert "ein Premium-Vorfall, der jetzt gemeldet wird" in said
    assert "8 Arbeitsstunden" in said
