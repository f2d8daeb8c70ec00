"""Downloads: through the ticket only, and never shown by a browser."""

from datetime import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from tickets.models import Attachment, Ticket
from tickets.operations.conversation import write_message, write_note

pytestmark = pytest.mark.django_db


@pytest.fixture
def attachment(ticket: Ticket, contact: User, tuesday: datetime) -> Attachment:
    file = SimpleUploadedFile("Bericht ü “1”.html", b"<script>alert(1)</script>", "text/html")
    write_message(ticket, body="See the file.", by=contact, files=[file], now=tuesday)
    return Attachment.objects.get()


def test_a_file_is_sent_to_be_saved_and_never_rendered(
    client: Client, attachment: Attachment, contact: User
) -> None:
    client.force_login(contact)
    response = client.get(attachment.url)
    assert response.status_code == 200
    assert response.getvalue() == b"<script>alert(1)</script>"
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox")
    assert response.headers["Cache-Control"] == "no-store"
    disposition = response.headers["Content-Disposition"]
    assert disposition == (
        "attachment; filename*=utf-8''Bericht%20%C3%BC%20%E2%80%9C1%E2%80%9D.html"
    )


def test_others_do_not_find_it(
    client: Client, attachment: Attachment, foreign_contact: User, colleague: User
) -> None:
    for user in (foreign_contact, colleague):
        client.force_login(user)
        assert client.get(attachment.url).status_code == 404


def test_the_signed_out_are_led_to_the_sign_in_page(client: Client, attachment: Attachment) -> None:
    assert client.get(attachment.url).status_code == 302


def test_nothing_is_posted_there(client: Client, attachment: Attachment, contact: User) -> None:
    client.force_login(contact)
    assert client.post(attachment.url).status_code == 405


def test_another_tickets_number_does_not_lead_there(
    client: Client, attachment: Attachment, contact: User
) -> None:
    client.force_login(contact)
    assert client.get(f"/tickets/1/attachments/{attachment.pk}/").status_code == 404


def test_a_notes_file_is_for_staff(
    client: Client, ticket: Ticket, contact: User, engineer: User, tuesday: datetime
) -> None:
    note = write_note(
        ticket,
        body="Look.",
        by=engineer,
        files=[SimpleUploadedFile("inside.txt", b"inside")],
        now=tuesday,
    )
    url = note.attachments.select_related("ticket").get().url
    client.force_login(contact)
    assert client.get(url).status_code == 404
    client.force_login(engineer)
    response = client.get(url)
    assert response.status_code == 200
    response.close()


def test_a_file_gone_from_the_disk_is_not_found(
    client: Client, attachment: Attachment, contact: User
) -> None:
    assert attachment.file.name
    attachment.file.storage.delete(attachment.file.name)
    client.force_login(contact)
    assert client.get(attachment.url).status_code == 404


@pytest.fixture
def letters(ticket: Ticket, contact: User, tuesday: datetime) -> Attachment:
    """A file of ten letters whose hash is known."""
    file = SimpleUploadedFile("letters.txt", b"abcdefghij")
    write_message(ticket, body="See the file.", by=contact, files=[file], now=tuesday)
    Attachment.objects.update(sha256="ab" * 32)
    return Attachment.objects.get()


def test_a_download_that_broke_off_goes_on_where_it_stopped(
    client: Client, letters: Attachment, contact: User
) -> None:
    client.force_login(contact)
    begun = client.get(letters.url)
    assert begun.headers["Accept-Ranges"] == "bytes"
    tag = begun.headers["ETag"]
    assert b"".join(begun.streaming_content)  # type: ignore[attr-defined]

    rest = client.get(letters.url, headers={"range": "bytes=4-", "if-range": tag})

    assert rest.status_code == 206
    assert b"".join(rest.streaming_content) == b"efghij"  # type: ignore[attr-defined]
    assert rest.headers["Content-Range"] == "bytes 4-9/10"
    assert rest.headers["Content-Length"] == "6"
    assert rest.headers["Content-Disposition"] == 'attachment; filename="letters.txt"'


def test_whoever_has_the_beginning_of_another_file_gets_the_whole(
    client: Client, letters: Attachment, contact: User
) -> None:
    client.force_login(contact)
    given = client.get(letters.url, headers={"range": "bytes=4-", "if-range": '"other"'})
    assert given.status_code == 200
    assert b"".join(given.streaming_content) == b"abcdefghij"  # type: ignore[attr-defined]


def test_a_rest_behind_the_end_is_refused_with_the_size(
    client: Client, letters: Attachment, contact: User
) -> None:
    client.force_login(contact)
    refused = client.get(letters.url, headers={"range": "bytes=10-"})
    assert refused.status_code == 416
    assert refused.headers["Content-Range"] == "bytes */10"


def test_a_file_whose_hash_is_not_known_yet_is_given_whole(
    client: Client, letters: Attachment, contact: User
) -> None:
    Attachment.objects.update(sha256="")
    client.force_login(contact)
    given = client.get(letters.url, headers={"range": "bytes=4-"})
    assert given.status_code == 200
    assert "Accept-Ranges" not in given.headers
    assert b"".join(given.streaming_content) == b"abcdefghij"  # type: ignore[attr-defined]
