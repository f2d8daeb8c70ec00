"""Clearing lost files: what no row leads to goes, what waits for its form or its hour stays."""

import io
import os
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import TUESDAY, make_ticket
from tickets.models import Attachment, FileUpload, SendingFile
from tickets.operations.conversation import write_message
from tickets.operations.sendings import hold_answer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contract", "tuesday")]


@pytest.fixture
def root(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    settings.SEND_HOLD_SECONDS = 10.0
    return tmp_path


def grow_old(root: Path) -> set[str]:
    """Make every stored file two days old, and name them."""
    stored = [path for path in root.rglob("*") if path.is_file()]
    for path in stored:
        os.utime(path, times=(time.time() - 2 * 24 * 3600,) * 2)
    return {str(path.relative_to(root)) for path in stored}


def clear() -> str:
    said = io.StringIO()
    call_command("clear_lost_files", stdout=said)
    return said.getvalue().strip()


def test_files_of_tickets_of_answers_on_their_way_and_of_forms_stay(
    root: Path, contact: User, customer: Customer, engineer: User
) -> None:
    ticket = make_ticket(contact, customer)
    file = SimpleUploadedFile("agent.log", b"Service stopped.")
    write_message(ticket, body="It stopped.", files=[file], by=contact)
    hold_answer(
        ticket,
        body="Try this.",
        qualified=True,
        by=engineer,
        submission_key=uuid.uuid4(),
        files=[SimpleUploadedFile("fix.txt", b"rule 12")],
    )
    waiting = root / "attachments/ab/waiting"
    waiting.parent.mkdir(parents=True, exist_ok=True)
    waiting.write_bytes(b"half")
    FileUpload.objects.create(
        owner=contact,
        ticket=ticket,
        name="dump.zip",
        size=8,
        received=4,
        stored_as="attachments/ab/waiting",
        begun_at=TUESDAY,
        expires_at=TUESDAY + timedelta(days=1),
    )
    kept = {
        str(Attachment.objects.get().file),
        str(SendingFile.objects.get().file),
        "attachments/ab/waiting",
    }
    assert grow_old(root) == kept
    assert clear() == "0 files removed."
    assert grow_old(root) == kept


def test_what_no_row_leads_to_goes_once_it_is_a_day_old(root: Path) -> None:
    old, young = root / "attachments/cd/old", root / "attachments/cd/young"
    old.parent.mkdir(parents=True)
    old.write_bytes(b"lost")
    grow_old(root)
    young.write_bytes(b"on its way")
    assert clear() == "1 files removed."
    assert [path.name for path in old.parent.iterdir()] == ["young"]
