"""A download link: for one person, one file, one minute, one use."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.core.files import File
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.errors import NotAllowed
from accounts.models import User
from entitlements.models import Contract, Customer
from entitlements.operations.customers import remove_person
from tests.factories.tickets import make_ticket
from tests.racing import race, refusals
from tickets.choices import EventKind, ScanState, TicketState
from tickets.errors import FileWithheld, LinkSpent
from tickets.models import Attachment, SpentLink, Ticket
from tickets.operations.conversation import write_message
from tickets.operations.downloads import Download, forget_spent_links, link_for, use_link
from tickets.operations.samples import mark_as_sample

pytestmark = pytest.mark.django_db


@pytest.fixture
def attachment(
    contact: User,
    customer: Customer,
    contract: Contract,
    tuesday: datetime,
    settings: Any,
    tmp_path: Path,
) -> Attachment:
    settings.DOWNLOAD_URL = "https://files.example"
    settings.MEDIA_ROOT = tmp_path
    file = SimpleUploadedFile("agent.log", b"all is well")
    ticket = make_ticket(contact, customer, now=tuesday)
    write_message(ticket, body="See the file.", by=contact, files=[file], now=tuesday)
    return Attachment.objects.get()


def token_of(link: str) -> str:
    return link.removeprefix("https://files.example/downloads/").rstrip("/")


def content_of(download: Download) -> bytes:
    """Read it to its end, as the web server does, and close what was opened."""
    content = b"".join(download.content)
    if isinstance(download.content, File):
        download.content.close()
    return content


def test_a_link_is_good_once(attachment: Attachment, contact: User) -> None:
    token = token_of(link_for(attachment, by=contact))
    assert SpentLink.objects.count() == 0
    download = use_link(token)
    assert (content_of(download), download.name) == (b"all is well", "agent.log")
    with pytest.raises(LinkSpent):
        use_link(token)
    assert SpentLink.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_six_uses_at_once_one_gets_the_file(attachment: Attachment, contact: User) -> None:
    token = token_of(link_for(attachment, by=contact))
    outcomes = race(*[lambda: use_link(token)] * 6)
    assert len(refusals(outcomes, LinkSpent)) == 5
    assert [content_of(one) for one in outcomes if isinstance(one, Download)] == [b"all is well"]


def test_two_links_for_one_file_are_two_downloads(attachment: Attachment, contact: User) -> None:
    links = {token_of(link_for(attachment, by=contact)) for _ in range(2)}
    assert [content_of(use_link(one)) for one in links] == [b"all is well"] * 2


def test_after_a_minute_it_leads_nowhere(
    attachment: Attachment, contact: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = token_of(link_for(attachment, by=contact))
    made_at = signing.time.time()  # type: ignore[attr-defined]  # the module that it imports
    monkeypatch.setattr(signing.time, "time", lambda: made_at + 61)  # type: ignore[attr-defined]  # the module that it imports
    with pytest.raises(LinkSpent):
        use_link(token)
    assert SpentLink.objects.count() == 0


def test_a_changed_link_leads_nowhere(attachment: Attachment, contact: User) -> None:
    token = token_of(link_for(attachment, by=contact))
    other = signing.dumps([attachment.pk, contact.pk, "x" * 22], salt="tickets.rating")
    for changed in ("", "x", token[:-1], f"a{token}", other):
        with pytest.raises(LinkSpent):
            use_link(changed)


def test_whoever_lost_sight_of_the_ticket_meanwhile_gets_nothing(
    attachment: Attachment, contact: User, manager: User, tuesday: datetime
) -> None:
    token = token_of(link_for(attachment, by=contact))
    membership = contact.memberships.get()
    remove_person(membership, by=manager, now=tuesday)
    with pytest.raises(LinkSpent):
        use_link(token)


def test_a_file_that_the_scanner_refused_meanwhile_is_withheld_and_the_link_is_not_used_up(
    attachment: Attachment, contact: User
) -> None:
    token = token_of(link_for(attachment, by=contact))
    Attachment.objects.update(scan_state=ScanState.REFUSED, scan_note="Eicar")
    with pytest.raises(FileWithheld, match="Eicar"):
        use_link(token)
    assert SpentLink.objects.count() == 0


def test_a_sample_is_linked_to_for_the_lab_alone_and_on_record_once_it_is_had(
    attachment: Attachment, contact: User, analyst: User, tuesday: datetime
) -> None:
    Attachment.objects.update(sha256="ab" * 32)
    Ticket.objects.update(state=TicketState.WAITING_FOR_LAB)
    sample = mark_as_sample(attachment, by=contact, now=tuesday)
    with pytest.raises(NotAllowed):
        link_for(sample, by=contact)
    token = token_of(link_for(sample, by=analyst))
    fetched = sample.ticket.events.filter(kind=EventKind.SAMPLE_FETCHED)
    assert not fetched.exists()
    download = use_link(token)
    assert download.name == f"{'ab' * 32}.zip"
    assert b"all is well" not in content_of(download)
    for has in ("", "ab" * 32):
        with pytest.raises(LinkSpent):
            use_link(token, has=has)
    assert [event.by for event in fetched] == [analyst]


def test_a_download_that_broke_off_goes_on_by_its_used_link_for_a_day(
    attachment: Attachment, contact: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    Attachment.objects.update(sha256="ab" * 32)
    token = token_of(link_for(attachment, by=contact))
    content_of(use_link(token))
    made_at = signing.time.time()  # type: ignore[attr-defined]
    for hours in (0, 1, 23):
        later = made_at + hours * 3600
        monkeypatch.setattr(signing.time, "time", lambda at=later: at)  # type: ignore[attr-defined]
        assert content_of(use_link(token, has="ab" * 32)) == b"all is well"
        with pytest.raises(LinkSpent):
            use_link(token, has="cd" * 32)
        with pytest.raises(LinkSpent):
            use_link(token)
    monkeypatch.setattr(signing.time, "time", lambda: made_at + 24 * 3600 + 1)  # type: ignore[attr-defined]
    with pytest.raises(LinkSpent):
        use_link(token, has="ab" * 32)
    assert SpentLink.objects.count() == 1


def test_a_link_that_nobody_used_in_its_minute_goes_on_with_nothing(
    attachment: Attachment, contact: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    Attachment.objects.update(sha256="ab" * 32)
    token = token_of(link_for(attachment, by=contact))
    made_at = signing.time.time()  # type: ignore[attr-defined]
    monkeypatch.setattr(signing.time, "time", lambda: made_at + 61)  # type: ignore[attr-defined]
    with pytest.raises(LinkSpent):
        use_link(token, has="ab" * 32)


def test_whoever_lost_sight_of_the_ticket_does_not_get_the_rest(
    attachment: Attachment, contact: User, manager: User, tuesday: datetime
) -> None:
    Attachment.objects.update(sha256="ab" * 32)
    token = token_of(link_for(attachment, by=contact))
    content_of(use_link(token))
    remove_person(contact.memberships.get(), by=manager, now=tuesday)
    with pytest.raises(LinkSpent):
        use_link(token, has="ab" * 32)


def test_rows_of_links_that_expired_are_forgotten(
    attachment: Attachment, contact: User, tuesday: datetime
) -> None:
    content_of(use_link(token_of(link_for(attachment, by=contact)), now=tuesday))
    assert forget_spent_links(now=tuesday + timedelta(hours=24, minutes=59)) == 0
    assert forget_spent_links(now=tuesday + timedelta(hours=25)) == 1
