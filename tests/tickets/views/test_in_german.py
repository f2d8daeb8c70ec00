"""Customers’ pages in German: what each says, and that nothing of it is left in English."""

import pytest
from django.test import Client

from accounts.models import User
from tests.tickets.views.reading import words
from tests.tickets.views.test_ticket_export import rows_of
from tickets.models import Ticket

WHOLE = '<main id="main" class="page" tabindex="-1">'


def in_german(client: Client, reader: User, address: str, *, english: list[str]) -> str:
    """The words of a page, of which none is one of the English ones."""
    client.force_login(reader)
    page = client.get(address, headers={"Accept-Language": "de"})
    assert WHOLE in page.text
    said = words(page)
    assert [text for text in english if text in said] == []
    return said


@pytest.mark.parametrize(
    ("query", "german"),
    [
        ("", "Dieses Ticket als Datei: Excel (.xlsx) CSV Zeiten gelten in Ihrer Zeitzone."),
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
