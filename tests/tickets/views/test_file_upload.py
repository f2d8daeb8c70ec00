"""Files arrive in pieces, by the tus protocol 1.0.0: tus.io/protocols/resumable-upload."""

import base64
import hashlib
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from entitlements.models import Contract, Customer
from tests.tickets.views.staff_forms import act
from tests.tickets.views.staff_forms import reply as reply_of_staff
from tickets.models import Attachment, FileUpload, Ticket
from tickets.operations.file_uploads import KEPT_FOR, forget_expired_uploads
from tickets.operations.inspection import inspect_files
from tickets.operations.sendings import hold_note, take_back_sending
from tickets.uploads import SentAhead

pytestmark = pytest.mark.django_db

TUS = {"Tus-Resumable": "1.0.0"}
PIECES = "application/offset+octet-stream"


@pytest.fixture(autouse=True)
def stored(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def sender(client: Client, contact: User) -> Client:
    client.force_login(contact)
    return client


def told(**facts: str) -> str:
    return ",".join(
        f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in facts.items()
    )


def announce(client: Client, size: int, *, name: str = "core.dmp", **facts: Any) -> Any:
    given = {"Upload-Length": str(size), "Upload-Metadata": told(filename=name, **facts)}
    return client.post("/uploads/", headers={**TUS, **given})


def send(client: Client, address: str, piece: bytes, offset: int, **headers: str) -> Any:
    given = {**TUS, "Upload-Offset": str(offset), **headers}
    return client.patch(address, piece, content_type=PIECES, headers=given)


def upload_whole(client: Client, content: bytes, **facts: str) -> FileUpload:
    address = announce(client, len(content), **facts)["Location"]
    assert send(client, address, content, 0).status_code == 204
    return FileUpload.objects.get(key=address.split("/")[-2])


def reply(client: Client, ticket: Ticket, **given: Any) -> Any:
    typed = {"body": "The dump.", "submission_key": str(uuid.uuid4()), **given}
    return client.post(f"/tickets/{ticket.number}/messages/", typed)


def test_the_server_says_what_it_speaks(client: Client, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    answer = client.options("/uploads/")
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert answer["Tus-Max-Size"] == "1000"
    assert set(answer["Tus-Extension"].split(",")) == {
        "creation",
        "creation-with-upload",
        "expiration",
        "checksum",
        "termination",
    }
    assert "sha256" in answer["Tus-Checksum-Algorithm"]


def test_another_version_is_refused(sender: Client) -> None:
    answer = sender.post("/uploads/", headers={"Tus-Resumable": "0.2.2", "Upload-Length": "3"})
    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")


def test_a_file_goes_on_where_it_stopped_and_hangs_on_the_message(
    sender: Client, ticket: Ticket, stored: Path, contact: User
) -> None:
    content = b"0123456789" * 300_000
    made = announce(sender, len(content), ticket=str(ticket.number))
    assert made.status_code == 201
    assert made["Upload-Offset"] == "0"
    assert "Upload-Expires" in made
    address = made["Location"]
    assert send(sender, address, content[:2_000_000], 0)["Upload-Offset"] == "2000000"
    how_far = sender.head(address, headers=TUS)
    assert (how_far["Upload-Offset"], how_far["Upload-Length"]) == ("2000000", "3000000")
    assert how_far["Cache-Control"] == "no-store"
    # What arrived already is not taken twice.
    assert send(sender, address, content[1_000_000:], 1_000_000).status_code == 409
    assert send(sender, address, content[2_000_000:], 2_000_000)["Upload-Offset"] == "3000000"
    inspect_files()
    upload = FileUpload.objects.get()
    digest = hashlib.sha256(content).hexdigest()
    assert upload.sha256 == digest
    shown = sender.get(address).json()
    assert shown["words"] == "Not scanned: no scanner configured"
    assert reply(sender, ticket, uploads=str(upload.key)).status_code == 302
    attachment = Attachment.objects.get()
    assert (attachment.name, attachment.sha256) == ("core.dmp", digest)
    assert attachment.message is not None
    with attachment.file.open() as file:
        assert file.read() == content
    assert not FileUpload.objects.exists()
    page = sender.get(ticket.get_absolute_url()).content.decode()
    assert digest in page
    # Its key is used up.
    again = reply(sender, ticket, uploads=str(upload.key))
    assert again.status_code == 422
    assert "A file is no longer here" in again.content.decode()


def test_a_stale_token_is_told_as_signed_out_and_keeps_no_text(
    contact: User, ticket: Ticket
) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})
    client.force_login(contact)
    client.get(ticket.get_absolute_url())
    answer = announce(client, 3, ticket=str(ticket.number))
    assert answer.status_code == 401
    assert not FileUpload.objects.exists()


def test_a_file_for_a_note_goes_with_nothing_a_customer_reads(
    client: Client, ticket: Ticket, engineer: User
) -> None:
    client.force_login(engineer)
    upload = upload_whole(client, b"log", ticket=str(ticket.number), kind="note")
    page = client.get(ticket.get_absolute_url()).content.decode()
    assert f'value="{upload.key}"> ' in page  # The page opens on the answer: not ticked.
    answered = act(client, "ticket_answers", ticket, reply_of_staff(uploads=upload.key))
    assert answered.status_code == 422
    assert "core.dmp was chosen for a note" in answered.content.decode()
    assert not Attachment.objects.exists()
    typed = {"body": "Ours.", "submission_key": uuid.uuid4(), "uploads": upload.key}
    noted = act(client, "ticket_notes", ticket, typed)
    assert noted.status_code == 302
    assert Attachment.objects.get().note is not None


def test_a_customer_has_no_notes_to_choose_files_for(sender: Client, ticket: Ticket) -> None:
    assert announce(sender, 3, ticket=str(ticket.number), kind="note").status_code == 403
    assert not FileUpload.objects.exists()


def test_a_file_of_a_note_taken_back_waits_for_a_note(
    client: Client, ticket: Ticket, engineer: User
) -> None:
    client.force_login(engineer)
    upload = upload_whole(client, b"log", ticket=str(ticket.number))
    held = hold_note(
        ticket,
        body="Ours.",
        by=engineer,
        submission_key=uuid.uuid4(),
        files=[SentAhead(upload.key)],
    )
    assert held is not None
    take_back_sending(held, by=engineer)
    upload.refresh_from_db()
    assert (upload.sending, upload.kind) == (None, "note")


def test_a_new_ticket_takes_what_was_sent_ahead(
    sender: Client, customer: Customer, product: Any, tuesday: datetime
) -> None:
    upload = upload_whole(sender, b"log", company=customer.slug)
    page = sender.get("/tickets/new/").content.decode()
    assert f'value="{upload.key}" checked' in page
    typed = {
        "company": customer.slug,
        "submission_key": str(uuid.uuid4()),
        "kind": "break_fix",
        "subject": "Crash",
        "description": "At start.",
        "product": product.pk,
        "severity": "3",
        "uploads": str(upload.key),
    }
    assert sender.post("/tickets/new/", typed).status_code == 302
    assert Attachment.objects.get().message is None


def test_a_file_waits_in_the_form_it_was_chosen_in_and_in_no_other(
    sender: Client, customer: Customer, contract: Contract
) -> None:
    upload = upload_whole(sender, b"log", company=customer.slug, kind="service")
    unfinished = announce(sender, 9, name="trace.etl", company=customer.slug, kind="release")
    shown = {
        about: sender.get(f"/tickets/new/?about={about}").content.decode()
        for about in ("filing", "release", "service")
    }
    assert [str(upload.key) in page for page in shown.values()] == [False, False, True]
    assert [unfinished["Location"] in page for page in shown.values()] == [False, True, False]
    # The form tells the script what to send along.
    assert 'data-tus-kind="release"' in shown["release"]


@pytest.mark.parametrize("kind", ["reply", "note", "everything", ""])
def test_a_form_that_takes_no_new_ticket_is_refused(
    sender: Client, customer: Customer, kind: str
) -> None:
    assert announce(sender, 9, company=customer.slug, kind=kind).status_code == 400
    assert not FileUpload.objects.exists()


def test_creation_can_carry_the_first_piece(sender: Client, ticket: Ticket) -> None:
    headers = {
        **TUS,
        "Upload-Length": "5",
        "Upload-Metadata": told(filename="a.log", ticket=str(ticket.number)),
    }
    made = sender.post("/uploads/", b"abc", content_type=PIECES, headers=headers)
    assert (made.status_code, made["Upload-Offset"]) == (201, "3")


def test_a_checksum_is_held_to(sender: Client, ticket: Ticket) -> None:
    address = announce(sender, 6, ticket=str(ticket.number))["Location"]
    right = base64.b64encode(hashlib.sha256(b"abc").digest()).decode()
    wrong = send(sender, address, b"abx", 0, **{"Upload-Checksum": f"sha256 {right}"})
    assert wrong.status_code == 460
    assert FileUpload.objects.get().received == 0
    assert (
        send(sender, address, b"abc", 0, **{"Upload-Checksum": f"sha256 {right}"}).status_code
        == 204
    )
    unknown = send(sender, address, b"abc", 3, **{"Upload-Checksum": "crc7 AAAA"})
    assert unknown.status_code == 400


def test_a_file_is_dropped_with_its_bytes(
    sender: Client, ticket: Ticket, stored: Path, django_capture_on_commit_callbacks: Any
) -> None:
    upload = upload_whole(sender, b"abc", ticket=str(ticket.number))
    address = f"/uploads/{upload.key}/"
    assert (stored / upload.stored_as).exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert sender.delete(address, headers=TUS).status_code == 204
    assert not (stored / upload.stored_as).exists()
    assert sender.head(address, headers=TUS).status_code == 404


def test_another_persons_file_is_not_there(
    sender: Client, ticket: Ticket, manager: User, foreign_contact: User
) -> None:
    upload = upload_whole(sender, b"abc", ticket=str(ticket.number))
    unfinished = announce(sender, 9, ticket=str(ticket.number))["Location"]
    missing = f"/uploads/{uuid.uuid4()}/"
    for other in (manager, foreign_contact):
        thief = Client()
        thief.force_login(other)
        for address in (f"/uploads/{upload.key}/", missing):
            assert thief.head(address, headers=TUS).status_code == 404
            assert thief.get(address).status_code == 404
            assert thief.delete(address, headers=TUS).status_code == 404
        assert send(thief, unfinished, b"x", 0).status_code == 404
        taken = reply(thief, ticket, uploads=str(upload.key))
        assert taken.status_code == (422 if other == manager else 404)
    assert not Attachment.objects.exists()
    assert Client().head(f"/uploads/{upload.key}/", headers=TUS).status_code == 401


def test_nobody_sends_to_a_ticket_or_company_that_is_not_theirs(
    client: Client, ticket: Ticket, foreign_contact: User, customer: Customer
) -> None:
    client.force_login(foreign_contact)
    assert announce(client, 3, ticket=str(ticket.number)).status_code == 404
    assert announce(client, 3, company=customer.slug).status_code == 404


def test_too_much_is_refused_early(sender: Client, ticket: Ticket, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES, settings.UPLOAD_MAX_WAITING_BYTES = 100, 150
    where = {"ticket": str(ticket.number)}
    assert announce(sender, 101, **where).status_code == 413
    assert announce(sender, 0, **where).status_code == 413
    address = announce(sender, 100, **where)["Location"]
    assert announce(sender, 51, **where).status_code == 413
    assert send(sender, address, b"x" * 101, 0).status_code == 413
    assert FileUpload.objects.get().received == 0


@pytest.mark.parametrize("length", ["", "many", "-1", "9" * 30])
def test_a_length_that_is_none_is_refused(sender: Client, length: str) -> None:
    headers = {**TUS, "Upload-Length": length}
    assert sender.post("/uploads/", headers=headers).status_code in {400, 413}


def test_the_name_is_shown_without_paths_and_invisible_signs(
    sender: Client, ticket: Ticket
) -> None:
    name = '../../etc/a";\r\nfilename=x.html\u200b'
    upload = upload_whole(sender, b"abc", name=name, ticket=str(ticket.number))
    assert upload.name == 'a";filename=x.html'
    assert "/" not in upload.stored_as.removeprefix("attachments/").replace("/", "", 1)


def test_what_waits_too_long_is_gone(
    sender: Client,
    ticket: Ticket,
    stored: Path,
    tuesday: datetime,
    django_capture_on_commit_callbacks: Any,
) -> None:
    upload = upload_whole(sender, b"abc", ticket=str(ticket.number))
    FileUpload.objects.update(expires_at=tuesday)
    assert sender.head(f"/uploads/{upload.key}/", headers=TUS).status_code == 410
    assert reply(sender, ticket, uploads=str(upload.key)).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert forget_expired_uploads(now=tuesday + KEPT_FOR) == 1
    assert not (stored / upload.stored_as).exists()


def test_an_unfinished_file_is_not_attached(sender: Client, ticket: Ticket) -> None:
    address = announce(sender, 10, ticket=str(ticket.number))["Location"]
    send(sender, address, b"abc", 0)
    key = address.split("/")[-2]
    refused = reply(sender, ticket, uploads=key)
    assert refused.status_code == 422
    assert "The dump." in refused.content.decode()
    assert "of 10\xa0bytes are here" in refused.content.decode()


def test_a_piece_counts_as_no_change_a_minute(
    sender: Client, ticket: Ticket, settings: Any
) -> None:
    settings.WRITES_PER_MINUTE = 3
    address = announce(sender, 10, ticket=str(ticket.number))["Location"]
    for offset in range(10):
        assert send(sender, address, b"x", offset).status_code == 204
    assert FileUpload.objects.get().finished_at is not None
    assert FileUpload.objects.get().expires_at > FileUpload.objects.get().begun_at + timedelta(
        days=1
    )
