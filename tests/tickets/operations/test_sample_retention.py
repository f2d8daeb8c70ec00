"""Malware samples are deleted after their time; what is known of them stays. Days by hand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.errors import DomainError
from accounts.models import User
from entitlements.models import Contract, Customer
from tests.factories.tickets import make_ticket
from tests.tickets.views.reading import words
from tickets.choices import EventKind
from tickets.models import Attachment, Ticket
from tickets.operations.conversation import write_message
from tickets.operations.lifecycle import close_ticket
from tickets.operations.samples import fetch_sample, mark_as_sample, remove_old_samples

pytestmark = pytest.mark.django_db

FILED = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
SHA256 = (
    "2f293f67aa33f2ce247b28d6fb2fef2623cfde731f96b3d7f84ae74e9e192bdd"  # Of the word "malware".
)
CLOSED = datetime(2026, 3, 11, 15, 0, tzinfo=UTC)


@pytest.fixture
def closed(
    contact: User,
    contract: Contract,
    customer: Customer,
    settings: LazySettings,
    tmp_path: Path,
) -> Ticket:
    """A closed ticket with a log and a sample."""
    settings.MEDIA_ROOT = tmp_path
    settings.SAMPLE_RETENTION_DAYS = 30
    ticket = make_ticket(contact, customer, now=FILED)
    files = [SimpleUploadedFile("agent.log", b"log"), SimpleUploadedFile("bad.exe", b"malware")]
    write_message(ticket, body="Both.", files=files, by=contact, now=FILED)
    mark_as_sample(Attachment.objects.get(name="bad.exe"), by=contact, now=FILED)
    return close_ticket(ticket, by=contact, now=CLOSED)


def stored() -> set[str]:
    from django.conf import settings  # noqa: PLC0415 - as the fixture has set it

    return {one.read_text() for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()}


@pytest.mark.django_db(transaction=True)
def test_a_sample_goes_when_its_ticket_closed_long_enough_ago(closed: Ticket) -> None:
    assert remove_old_samples(now=CLOSED + timedelta(days=30, seconds=-1)) == 0
    assert stored() == {"log", "malware"}
    due = CLOSED + timedelta(days=30)
    assert remove_old_samples(now=due) == 1
    assert stored() == {"log"}
    sample = Attachment.objects.get(name="bad.exe")
    assert (sample.file.name, sample.removed_at, sample.size) == ("", due, 7)
    assert sample.sha256 == SHA256
    event = closed.events.get(kind=EventKind.SAMPLE_REMOVED)
    assert (event.by, event.at, event.details["file"]) == (None, due, "bad.exe")
    assert event.details["sha256"] == sample.sha256
    assert remove_old_samples(now=due + timedelta(days=1)) == 0
    assert closed.events.filter(kind=EventKind.SAMPLE_REMOVED).count() == 1


def test_a_sample_of_an_open_ticket_stays(
    closed: Ticket, contact: User, customer: Customer
) -> None:
    ticket = make_ticket(contact, customer, now=FILED)
    write_message(ticket, body="It.", files=[SimpleUploadedFile("b.exe", b"b")], by=contact)
    sample = mark_as_sample(Attachment.objects.get(name="b.exe"), by=contact, now=FILED)
    remove_old_samples(now=CLOSED + timedelta(days=3000))
    sample.refresh_from_db()
    assert sample.removed_at is None


def test_a_removed_sample_is_shown_as_such_and_opened_by_nobody(
    closed: Ticket, client: Client, contact: User, analyst: User
) -> None:
    remove_old_samples(now=CLOSED + timedelta(days=30))
    sample = Attachment.objects.get(name="bad.exe")
    client.force_login(contact)
    page = words(client.get(closed.get_absolute_url()))
    assert "bad.exe, malware sample, deleted 10 Apr 2026" in page
    assert "bad.exe was deleted after its time; its SHA-256 stays" in page
    assert "It was deleted after its time" in words(client.get(f"{sample.url}sample/"))
    with pytest.raises(DomainError):
        fetch_sample(sample, by=analyst)
