"""Two connections that send the same file at once, as after a lost network."""

from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Contract, Customer
from tests.racing import race, refusals
from tickets.choices import TicketKind
from tickets.errors import AttachmentRefused, OffsetMoved
from tickets.models import Attachment, FileUpload
from tickets.operations.conversation import write_message
from tickets.operations.file_uploads import begin_upload, place_of_upload, take_in
from tickets.operations.filing import file_ticket
from tickets.uploads import SentAhead

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def stored(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def test_of_two_that_send_the_same_piece_one_is_taken(
    contact: User, contract: Contract, customer: Customer
) -> None:
    upload = begin_upload(customer, name="core.dmp", size=6, by=contact)
    outcomes = race(
        lambda: take_in(upload, [b"abc"], offset=0),
        lambda: take_in(upload, [b"abc"], offset=0),
    )
    assert len(refusals(outcomes, OffsetMoved)) == 1
    assert FileUpload.objects.get().received == 3


def test_the_connection_that_was_left_behind_cannot_change_a_finished_file(
    contact: User, contract: Contract, customer: Customer
) -> None:
    upload = begin_upload(customer, name="core.dmp", size=6, by=contact)

    def dying() -> Any:
        yield b"abc"
        # Meanwhile the new connection sends the rest, and the file is whole.
        take_in(upload, [b"def"], offset=3)
        yield b"XYZ"

    with pytest.raises(OffsetMoved):
        take_in(upload, dying(), offset=0)
    assert place_of_upload(upload).read_bytes() == b"abcdef"
    assert FileUpload.objects.get().finished_at is not None


def test_a_file_sent_ahead_hangs_on_one_message_only(
    contact: User, contract: Contract, customer: Customer
) -> None:
    ticket = file_ticket(
        customer=customer,
        by=contact,
        kind=TicketKind.BREAK_FIX,
        severity=Severity.LOW,
        subject="Logs",
        description="Two.",
    )
    upload = begin_upload(ticket, name="core.dmp", size=3, by=contact)
    take_in(upload, [b"abc"], offset=0)

    def send() -> Any:
        return write_message(ticket, body="Here.", by=contact, files=[SentAhead(upload.key)])

    assert len(refusals(race(send, send), AttachmentRefused)) == 1
    assert Attachment.objects.count() == 1
