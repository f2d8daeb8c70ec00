"""What the scanner says decides who gets a file; a sample is the lab's alone."""

import io
import socket
import struct
import threading
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import TUESDAY, make_ticket, newest_event
from tests.tickets.views.reading import words
from tickets.choices import EventKind, ScanState
from tickets.models import Attachment, Ticket
from tickets.operations.conversation import write_note
from tickets.operations.inspection import PATIENCE, inspect_files
from tickets.operations.lifecycle import close_ticket
from tickets.operations.samples import mark_as_sample, remove_old_samples
from tickets.uploads import Sample

pytestmark = pytest.mark.django_db

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Clamd:
    """A scanner that speaks INSTREAM and knows one virus."""

    def __init__(self, path: Path) -> None:
        self.path, self.seen = path, list[bytes]()
        self._wire = socket.socket(socket.AF_UNIX)
        self._wire.bind(str(path))
        self._wire.listen()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._wire.accept()
            except OSError:
                return
            with line, line.makefile("rb") as said:
                assert said.read(10) == b"zINSTREAM\0"
                content = b""
                while length := struct.unpack("!L", said.read(4))[0]:
                    content += said.read(length)
                self.seen.append(content)
                found = b"Eicar-Test-Signature FOUND" if EICAR in content else b"OK"
                line.sendall(b"stream: " + found + b"\0")

    def stop(self) -> None:
        self._wire.shutdown(socket.SHUT_RDWR)
        self._wire.close()
        self._thread.join(5)


@pytest.fixture(autouse=True)
def stored(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def clamd(settings: Any, tmp_path: Path) -> Iterator[Clamd]:
    scanner = Clamd(tmp_path / "clamd")
    settings.CLAMD_ADDRESS = f"unix://{scanner.path}"
    yield scanner
    scanner.stop()


def filed(contact: User, customer: Customer, *files: Any) -> Ticket:
    return make_ticket(contact, customer, files=list(files))


def a_file(content: bytes, name: str = "a.log") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_without_a_scanner_a_file_says_that_it_is_not_scanned(
    contact: User, contract: object, customer: Customer, client: Client
) -> None:
    ticket = filed(contact, customer, a_file(b"log"))
    file = ticket.attachments.get()
    assert file.scan_words == "Not scanned: no scanner configured"
    client.force_login(contact)
    assert b"".join(client.get(file.url)) == b"log"


def test_a_clean_file_is_given_out_once_it_is_scanned(
    contact: User, contract: object, customer: Customer, client: Client, clamd: Clamd
) -> None:
    file = filed(contact, customer, a_file(b"log")).attachments.get()
    client.force_login(contact)
    waiting = client.get(file.url)
    assert waiting.status_code == 409
    assert "being scanned" in words(waiting)
    assert inspect_files(now=TUESDAY) == 1
    assert clamd.seen == [b"log"]
    file.refresh_from_db()
    assert file.scan_state == ScanState.CLEAN
    assert b"".join(client.get(file.url)) == b"log"
    assert inspect_files(now=TUESDAY) == 0


def test_a_refused_file_is_given_to_nobody_and_the_timeline_says_so(
    contact: User,
    engineer: User,
    analyst: User,
    contract: object,
    customer: Customer,
    client: Client,
    clamd: Clamd,
) -> None:
    ticket = filed(contact, customer, a_file(EICAR, "invoice.exe"))
    file = ticket.attachments.get()
    inspect_files(now=TUESDAY)
    event = newest_event(ticket)
    assert event.kind == EventKind.FILE_REFUSED
    assert event.details == {"file": "invoice.exe", "found": "Eicar-Test-Signature"}
    for person in (contact, engineer):
        client.force_login(person)
        assert client.get(file.url).status_code == 409
        api = client.get(f"/api/v1/tickets/{ticket.number}/attachments/{file.pk}/content/")
        assert api.status_code in {404, 409}
    inspect_files(now=TUESDAY)
    assert newest_event(ticket).pk == event.pk
    # Its sender says that it was on purpose: it is a sample from then on, and the lab's alone.
    client.force_login(contact)
    assert "It is a malware sample" in words(client.get(f"{file.url}sample/"))
    client.post(f"{file.url}sample-mark/")
    file.refresh_from_db()
    assert (file.is_sample, file.scan_state) == (True, ScanState.NOT_SCANNED)


def test_what_becomes_of_a_notes_file_is_told_to_staff_alone(
    contact: User,
    engineer: User,
    contract: object,
    customer: Customer,
    client: Client,
    clamd: Clamd,
    settings: Any,
) -> None:
    ticket = make_ticket(contact, customer)
    files = [a_file(EICAR, "who-did-it.pdf"), a_file(b"log", "their-ceo.eml")]
    write_note(ticket, body="For us", files=files, by=engineer)
    inspect_files(now=TUESDAY)
    mark_as_sample(Attachment.objects.get(name="their-ceo.eml"), by=engineer)
    close_ticket(ticket, by=contact, now=TUESDAY)
    remove_old_samples(now=TUESDAY + timedelta(days=settings.SAMPLE_RETENTION_DAYS))
    address = ticket.get_absolute_url()
    for person, is_told in ((engineer, True), (contact, False)):
        client.force_login(person)
        events = client.get(f"/api/v1/tickets/{ticket.number}/events/").text
        for name in ("who-did-it.pdf", "their-ceo.eml"):
            assert (name in events) == is_told
            assert (name in words(client.get(address))) == is_told
        kinds = ("note_file_refused", "note_sample_marked", "note_sample_removed")
        assert all((kind in events) == is_told for kind in kinds)


def test_a_sample_is_never_scanned_and_opened_by_the_lab_alone(
    contact: User,
    engineer: User,
    analyst: User,
    foreign_contact: User,
    contract: object,
    customer: Customer,
    client: Client,
    clamd: Clamd,
) -> None:
    ticket = filed(contact, customer, Sample(a_file(EICAR, "bad.exe")))
    Ticket.objects.update(kind="database_release", debit=None)
    file = ticket.attachments.get()
    inspect_files(now=TUESDAY)
    assert clamd.seen == []
    expected = ((contact, 403), (engineer, 403), (foreign_contact, 404))
    for person, status in expected:
        client.force_login(person)
        assert client.post(f"{file.url}sample/").status_code == status
    assert ticket.events.filter(kind=EventKind.SAMPLE_FETCHED).count() == 0
    client.force_login(analyst)
    assert client.get(file.url).status_code == 302
    assert "live malware" in words(client.get(f"{file.url}sample/"))
    fetched = client.post(f"{file.url}sample/")
    assert fetched["Content-Disposition"] == f'attachment; filename="{file.sha256}.zip"'
    assert fetched["Content-Security-Policy"] == "sandbox; default-src 'none'"
    content = b"".join(fetched)
    assert content.startswith(b"PK\x03\x04")
    assert EICAR not in content
    event = newest_event(ticket)
    assert (event.kind, event.by) == (EventKind.SAMPLE_FETCHED, analyst)
    assert event.details["sha256"] == file.sha256
    # Customers do not learn how we work inside.
    client.force_login(contact)
    assert "downloaded the sample" not in words(client.get(ticket.get_absolute_url()))


def test_a_locked_zip_is_given_out_as_it_came(
    contact: User, analyst: User, contract: object, customer: Customer, client: Client
) -> None:
    locked = b"PK\x03\x04\x14\x00\x01\x00" + b"\0" * 40
    ticket = filed(contact, customer, Sample(a_file(locked, "bad.zip")))
    Ticket.objects.update(kind="database_release", debit=None)
    client.force_login(analyst)
    fetched = client.post(f"{ticket.attachments.get().url}sample/")
    assert b"".join(fetched) == locked


def test_a_scanner_that_is_away_is_asked_again_and_not_waited_for_without_end(
    contact: User, contract: object, customer: Customer, settings: Any, tmp_path: Path
) -> None:
    settings.CLAMD_ADDRESS = f"unix://{tmp_path / 'nobody'}"
    file = filed(contact, customer, a_file(b"log")).attachments.get()
    inspect_files(now=TUESDAY)
    file.refresh_from_db()
    assert file.scan_state == ScanState.WAITING
    inspect_files(now=TUESDAY + PATIENCE + timedelta(seconds=1))
    file.refresh_from_db()
    assert file.scan_words == "Not scanned: the scanner did not answer"
    assert isinstance(file, Attachment)


def test_the_filer_marks_samples_without_script(
    contact: User, contract: object, customer: Customer, client: Client, ticket_for_reply: Ticket
) -> None:
    client.force_login(contact)
    typed = {
        "body": "The sample.",
        "submission_key": str(uuid.uuid4()),
        "samples": "1",
        "files": io.BytesIO(EICAR),
    }
    client.post(f"/tickets/{ticket_for_reply.number}/messages/", typed)
    assert Attachment.objects.get().is_sample


@pytest.fixture
def ticket_for_reply(contact: User, contract: object, customer: Customer) -> Ticket:
    return make_ticket(contact, customer, now=datetime.fromisoformat("2026-03-10T15:00:00+00:00"))
