"""The host that gives out files: no cookie, no page, nothing a browser could be made to run."""

from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.choices import TokenScope
from accounts.models import User
from accounts.operations import create_api_token
from entitlements.models import Contract, Customer
from tests.factories.tickets import make_ticket
from tickets.choices import TicketState
from tickets.models import Attachment, Ticket
from tickets.operations.conversation import write_message
from tickets.operations.samples import mark_as_sample

pytestmark = pytest.mark.django_db
HOST = "files.example"


@pytest.fixture(autouse=True)
def separate(settings: Any, tmp_path: Path) -> None:
    settings.DOWNLOAD_URL = f"https://{HOST}"
    settings.DOWNLOAD_HOST_IS_SHARED = False
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, HOST]
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def attachment(
    contact: User, customer: Customer, contract: Contract, tuesday: datetime
) -> Attachment:
    file = SimpleUploadedFile("page.html", b"<script>alert(1)</script>", "text/html")
    ticket = make_ticket(contact, customer, now=tuesday)
    write_message(ticket, body="See the file.", by=contact, files=[file], now=tuesday)
    return Attachment.objects.get()


@pytest.fixture
def stranger() -> Client:
    """A browser that has no cookie for that host, as none ever has."""
    return Client(headers={"host": HOST})


def test_the_ticket_leads_to_the_other_host_which_gives_the_file_once(
    client: Client, stranger: Client, attachment: Attachment, contact: User
) -> None:
    client.force_login(contact)
    led = client.get(attachment.url)
    assert led.status_code == 302
    assert led.headers["Cache-Control"] == "no-store"
    address = urlsplit(led.headers["Location"])
    assert (address.scheme, address.netloc) == ("https", HOST)
    # On the portal's own host there is nothing at that path.
    assert client.get(address.path).status_code == 404
    assert stranger.head(address.path).status_code == 405

    given = stranger.get(address.path)
    assert given.status_code == 200
    assert given.getvalue() == b"<script>alert(1)</script>"
    assert not given.cookies
    assert given.headers["Content-Disposition"] == 'attachment; filename="page.html"'
    assert given.headers["Content-Type"] == "application/octet-stream"
    assert given.headers["X-Content-Type-Options"] == "nosniff"
    assert given.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert given.headers["Cache-Control"] == "no-store"

    again = stranger.get(address.path)
    assert again.status_code == 410
    assert "good for one download" in again.content.decode()
    assert "script" not in again.content.decode()
    assert not again.cookies


def test_that_host_gives_the_rest_of_a_download_that_broke_off(
    client: Client, stranger: Client, attachment: Attachment, contact: User
) -> None:
    Attachment.objects.update(sha256="ab" * 32)
    client.force_login(contact)
    path = urlsplit(client.get(attachment.url).headers["Location"]).path
    begun = stranger.get(path)
    tag = begun.headers["ETag"]
    assert b"".join(begun.streaming_content)  # type: ignore[attr-defined]

    rest = stranger.get(path, headers={"range": "bytes=8-", "if-range": tag})

    assert rest.status_code == 206
    assert b"".join(rest.streaming_content) == b"alert(1)</script>"  # type: ignore[attr-defined]
    assert rest.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert not rest.cookies
    # The whole it gives no second time, and the rest to nobody who has no beginning.
    assert stranger.get(path, headers={"if-range": tag}).status_code == 410
    assert stranger.get(path, headers={"range": "bytes=8-"}).status_code == 410


@pytest.mark.parametrize(
    "path", ["/", "/accounts/login/", "/tickets/new/", "/static/css/base.css", "/health/", "/api/"]
)
def test_nothing_else_is_there(stranger: Client, contact: User, path: str) -> None:
    stranger.force_login(contact)
    stranger.cookies.clear()
    response = stranger.get(path)
    assert response.status_code == 404
    assert not response.cookies
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_no_other_spelling_of_the_host_leads_into_the_portal(contact: User) -> None:
    for host in ("FILES.example", "files.example.", "files.example:443"):
        assert Client(headers={"host": host}).get("/accounts/login/").status_code == 404


def test_a_program_is_led_there_too(
    client: Client, attachment: Attachment, contact: User, tuesday: datetime
) -> None:
    _token, secret = create_api_token(contact, name="x", scope=TokenScope.READ, days=9, by=contact)
    path = f"/api/v1/tickets/{attachment.ticket.number}/attachments/{attachment.pk}/"
    response = client.get(path, headers={"authorization": f"Bearer {secret}"})
    assert response.status_code == 302
    assert urlsplit(response.headers["Location"]).netloc == HOST


def test_the_lab_is_led_there_with_a_sample_and_others_are_refused_before(
    client: Client,
    stranger: Client,
    attachment: Attachment,
    contact: User,
    analyst: User,
    engineer: User,
    tuesday: datetime,
) -> None:
    mark_as_sample(attachment, by=contact, now=tuesday)
    Ticket.objects.update(state=TicketState.WAITING_FOR_LAB)
    for one in (contact, engineer):
        client.force_login(one)
        assert client.post(f"{attachment.url}sample/").status_code == 403
    client.force_login(analyst)
    led = client.post(f"{attachment.url}sample/")
    assert led.status_code == 302
    given = stranger.get(urlsplit(led.headers["Location"]).path)
    assert given.status_code == 200
    sha256 = Attachment.objects.get().sha256
    assert given.headers["Content-Disposition"] == f'attachment; filename="{sha256}.zip"'
    assert given.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert given.getvalue().startswith(b"PK")


def test_in_the_demo_the_other_name_stays_the_portal_for_whoever_came_by_it(
    attachment: Attachment, contact: User, settings: Any
) -> None:
    settings.DOWNLOAD_HOST_IS_SHARED = True
    for host in (HOST, "testserver"):  # Neither is the machine's first name.
        guest = Client(headers={"host": host})
        guest.force_login(contact)
        assert guest.get("/notices/").status_code == 200
        given = guest.get(attachment.url)
        assert given.getvalue() == b"<script>alert(1)</script>"


def test_a_used_link_says_so_in_the_browsers_language(stranger: Client) -> None:
    answer = stranger.get("/downloads/no-link/", headers={"accept-language": "de-AT,de;q=0.9"})

    assert answer.status_code == 410
    assert '<html lang="de">' in answer.text
    assert "Dieser Link ist verbraucht" in answer.text
