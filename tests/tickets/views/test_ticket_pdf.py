"""A ticket on paper."""

import json
import re
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from tests.tickets.views.reading import words
from tickets.models import Ticket
from tickets.operations.conversation import answer_ticket, write_note
from tickets.operations.lifecycle import close_ticket
from tickets.printing.prose import pieces_of

pytestmark = pytest.mark.django_db

CANARY = "Canary-4711"


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is handed to the typesetter, as text; the typesetter itself works as always."""
    import typst  # noqa: PLC0415 - patched where it stands

    said: list[str] = []
    compile_ = typst.compile

    def listen(*given: Any, **named: Any) -> bytes:
        said.append(named["sys_inputs"]["ticket"])
        document: bytes = compile_(*given, **named)
        return document

    monkeypatch.setattr("typst.compile", listen)
    return said


def test_a_ticket_is_printed_as_a_pdf_of_its_conversation(
    client: Client,
    ticket: Ticket,
    contact: User,
    engineer: User,
    tuesday: datetime,
    printed: list[str],
) -> None:
    answer_ticket(ticket, body="**Narrow** rule 7.", qualified=True, by=engineer, now=tuesday)
    client.force_login(contact)
    answer = client.get(f"/tickets/{ticket.number}/pdf/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'attachment; filename="{ticket.reference}.pdf"'
    assert answer.content.startswith(b"%PDF-")
    data = json.loads(printed[0])
    assert (data["reference"], data["customer"]) == (ticket.reference, "Northwind Logistics")
    assert "Tue 10 Mar, 19:00 ET" in data["promise"][0]
    said = [one for one in data["days"][0]["entries"] if one["kind"] == "said"]
    assert [one["who"] for one in said] == ["Priya Raman", "Mara Kovac"]
    assert said[1]["parts"] == [
        {"kind": "text", "lines": [[{"text": "Narrow", "strong": True}, {"text": " rule 7."}]]}
    ]


def test_the_paper_shows_the_promise_in_the_readers_zone_and_the_contracts(
    client: Client, ticket: Ticket, contact: User, printed: list[str]
) -> None:
    User.objects.filter(pk=contact.pk).update(timezone="Europe/Berlin")
    client.force_login(contact)
    client.get(f"/tickets/{ticket.number}/pdf/")
    first = json.loads(printed[0])["promise"][0]
    assert "Wed 11 Mar, 00:00 CET (Tue 10 Mar, 19:00 ET)" in first


def test_the_paper_of_a_withdrawn_ticket_tells_of_no_answer(
    client: Client, ticket: Ticket, contact: User, tuesday: datetime, printed: list[str]
) -> None:
    close_ticket(ticket, by=contact, now=tuesday)
    client.force_login(contact)
    client.get(f"/tickets/{ticket.number}/pdf/")
    assert not any(line.startswith("Answered") for line in json.loads(printed[0])["promise"])


@pytest.mark.parametrize("reader", ["contact", "engineer", "tam", "administrator"])
def test_no_paper_holds_a_note_whoever_prints_it(
    request: pytest.FixtureRequest,
    client: Client,
    ticket: Ticket,
    engineer: User,
    tuesday: datetime,
    printed: list[str],
    reader: str,
) -> None:
    secret = SimpleUploadedFile(f"{CANARY}.log", b"x", "text/plain")
    write_note(ticket, body=f"{CANARY} note", by=engineer, now=tuesday, files=[secret])
    client.force_login(request.getfixturevalue(reader))
    assert client.get(f"/tickets/{ticket.number}/pdf/").status_code == 200
    assert CANARY not in printed[0]
    assert "Label printer quarantined" in printed[0]


def test_what_somebody_typed_is_never_markup(
    client: Client, ticket: Ticket, contact: User, engineer: User, tuesday: datetime
) -> None:
    evil = '#panic("no") $x$ #read("/etc/passwd") #import "@preview/x:1.0.0" `#eval("1")` \\ *'
    Ticket.objects.filter(pk=ticket.pk).update(subject=evil[:200])
    answer_ticket(ticket, body=evil, qualified=True, by=engineer, now=tuesday)
    client.force_login(contact)
    answer = client.get(f"/tickets/{ticket.number}/pdf/")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")


def test_a_ticket_is_printed_at_any_fraction_of_a_second(
    client: Client,
    ticket: Ticket,
    contact: User,
    tuesday: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = tuesday.replace(microsecond=123_456)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    client.force_login(contact)
    assert client.get(f"/tickets/{ticket.number}/pdf/").status_code == 200


def test_many_prints_in_an_hour_are_held_back(
    client: Client, ticket: Ticket, contact: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tickets.views.ticket_pdf.PRINTS_PER_HOUR", 0)
    client.force_login(contact)
    answer = client.get(f"/tickets/{ticket.number}/pdf/", follow=True)
    assert "many files in an hour" in words(answer)


def test_markdown_becomes_pieces() -> None:
    text = "# Head\n\nOne *two*\nthree `x`\n\n> said\n\n3. a\n   - b\n4. c\n\n```\nnet stop\n```"
    assert [(one["kind"], one.get("mark"), one.get("depth")) for one in pieces_of(text)] == [
        ("head", None, None),
        ("text", None, None),
        ("quote", None, None),
        ("item", "3.", 0),
        ("item", "•", 1),
        ("item", "4.", 0),
        ("code", None, None),
    ]
    assert pieces_of(text)[1]["lines"] == [
        [{"text": "One "}, {"text": "two", "em": True}],
        [{"text": "three "}, {"text": "x", "code": True}],
    ]


def test_a_links_address_stands_behind_its_words() -> None:
    (piece,) = pieces_of("See [the note](https://orrin.example/a) and <https://b.example/>.")
    text = "".join(run["text"] for run in piece["lines"][0])
    assert re.sub(r"\s+", " ", text) == (
        "See the note (https://orrin.example/a) and https://b.example/."
    )
