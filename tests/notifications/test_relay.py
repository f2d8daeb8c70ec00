"""The relay: leases, real SMTP on loopback, a file mailbox, retries, poison, one at a time."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from django.utils import timezone

from accounts.models import User
from notifications import relay
from notifications.channels.email import make_mail
from notifications.locks import alone
from notifications.models import Delivery
from notifications.operations import notify
from notifications.relay import MAX_ATTEMPTS, send_due_deliveries
from tests.racing import race

pytestmark = pytest.mark.django_db


class Mailbox:
    """An SMTP server's handler: keeps mails, and answers as it is told to."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.connections = 0
        self.answers: dict[str, str] = {}

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answers.get(address, "250 OK")

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """No broker in these tests: the relay is called by hand."""
    monkeypatch.setattr("notifications.tasks.relay_deliveries.delay", lambda: None)


@pytest.fixture(autouse=True)
def _mail_by_smtp(settings: Any, port: int) -> None:
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": port, "timeout": 2},
        }
    }


@pytest.fixture
def mailbox(port: int) -> Iterator[Mailbox]:
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box
    server.stop()


def tell(*people: User, key: str = "one", subject: str = "TK-1 answered") -> None:
    notify(people, key=key, kind="answered", subject=subject, body="Send the log.", path="/t/1/")


def hurry() -> None:
    """Let every wait be over."""
    Delivery.objects.filter(next_try_at__isnull=False).update(next_try_at=timezone.now())


def waits() -> timedelta:
    """How long until the one delivery's next try."""
    at = Delivery.objects.get().next_try_at
    assert at is not None
    return at - timezone.now()


def test_a_mail_goes_out_once_with_its_link_and_stable_number(
    engineer: User, mailbox: Mailbox, settings: Any
) -> None:
    settings.BASE_URL = "https://portal.example"
    tell(engineer)

    assert send_due_deliveries() == 1
    assert send_due_deliveries() == 0

    (mail,) = mailbox.mails
    delivery = Delivery.objects.get()
    assert mail["To"] == engineer.email
    assert mail["Subject"] == "TK-1 answered"
    assert mail["Message-ID"] == delivery.message_id
    assert mail["Auto-Submitted"] == "auto-generated"
    plain, rich = mail.iter_parts()
    text = plain.get_content().replace("\r\n", "\n")
    assert "Send the log.\n\nhttps://portal.example/t/1/" in text
    assert rich.get_content_type() == "text/html"
    assert 'href="https://portal.example/t/1/"' in rich.get_content()
    assert (delivery.attempts, delivery.next_try_at, delivery.failed_at) == (1, None, None)
    assert delivery.sent_at is not None


def test_a_batch_goes_over_one_connection(engineer: User, mailbox: Mailbox) -> None:
    for number in range(7):
        tell(engineer, key=f"happening:{number}")

    assert send_due_deliveries() == 7
    assert mailbox.connections == 1


def test_a_line_break_in_a_subject_makes_no_second_header(engineer: User, mailbox: Mailbox) -> None:
    tell(engineer, subject="TK-1\r\nBcc: all@evil.example\nanswered")
    send_due_deliveries()

    (mail,) = mailbox.mails
    assert mail["Bcc"] is None
    assert mail["Subject"] == "TK-1 Bcc: all@evil.example answered"


def test_a_file_mailbox_holds_the_same_mail(engineer: User, settings: Any, tmp_path: Path) -> None:
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": str(tmp_path)},
        }
    }
    tell(engineer)

    assert send_due_deliveries() == 1
    written = "".join(path.read_text() for path in tmp_path.iterdir())
    assert Delivery.objects.get().message_id in written
    assert "Send the log." in written


def test_a_server_that_is_away_is_tried_again_after_growing_waits(engineer: User) -> None:
    tell(engineer)
    grown = []
    for _ in range(9):
        assert send_due_deliveries() == 0
        grown.append(round(waits().total_seconds()))
        hurry()

    # Thirty seconds, doubled each time, an hour at most.
    assert grown == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600]
    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.sent_at, delivery.failed_at) == (9, None, None)
    assert "ConnectionRefusedError" in delivery.last_error


def test_a_mail_is_the_same_however_often_it_was_tried(
    engineer: User, port: int, request: pytest.FixtureRequest
) -> None:
    tell(engineer)
    number = Delivery.objects.get().message_id
    send_due_deliveries()
    hurry()
    mailbox: Mailbox = request.getfixturevalue("mailbox")

    assert send_due_deliveries() == 1
    assert [mail["Message-ID"] for mail in mailbox.mails] == [number]
    delivery = Delivery.objects.get()
    assert (delivery.attempts, delivery.last_error) == (2, "")


def test_a_delivery_is_given_up_after_the_last_try(engineer: User) -> None:
    tell(engineer)
    Delivery.objects.update(attempts=MAX_ATTEMPTS - 1)

    send_due_deliveries()

    delivery = Delivery.objects.get()
    assert (delivery.next_try_at, delivery.sent_at) == (None, None)
    assert delivery.failed_at is not None
    assert delivery.notice.read_at is None  # It still stands in the portal.


def test_a_mail_that_ended_every_worker_that_tried_it_is_given_up(
    engineer: User, duty_lead: User, mailbox: Mailbox
) -> None:
    tell(engineer)
    Delivery.objects.update(attempts=MAX_ATTEMPTS)
    tell(duty_lead, key="after it")

    assert send_due_deliveries() == 1
    assert [mail["To"] for mail in mailbox.mails] == [duty_lead.email]
    assert Delivery.objects.get(notice__recipient=engineer).failed_at is not None


def test_a_refused_address_does_not_hold_up_the_others(
    engineer: User, duty_lead: User, mailbox: Mailbox
) -> None:
    mailbox.answers[engineer.email] = "550 No such person here"
    tell(engineer)
    tell(duty_lead, key="after it")

    assert send_due_deliveries() == 1
    assert [mail["To"] for mail in mailbox.mails] == [duty_lead.email]
    refused = Delivery.objects.get(notice__recipient=engineer)
    assert (refused.attempts, refused.sent_at) == (1, None)
    assert "SMTPRecipientsRefused" in refused.last_error


def test_a_mail_that_cannot_be_made_does_not_hold_up_the_others(
    engineer: User, duty_lead: User, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = make_mail

    def stumble(delivery: Delivery, notices: Any) -> Any:
        if delivery.notice.recipient_id == engineer.pk:
            raise ValueError("Nothing to be made of this.")
        return make(delivery, notices)

    monkeypatch.setattr(relay, "make_mail", stumble)
    tell(engineer)
    tell(duty_lead, key="after it")

    assert send_due_deliveries() == 1
    poison = Delivery.objects.get(notice__recipient=engineer)
    assert (poison.attempts, poison.last_error) == (1, "ValueError: Nothing to be made of this.")


def test_a_server_that_breaks_off_leaves_the_rest_untried(
    engineer: User, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.answers[engineer.email] = "421 Going down"
    for number in range(3):
        tell(engineer, key=f"happening:{number}")

    # 421 ends the connection: smtplib says so for the first mail, and the others are put back.
    assert send_due_deliveries() == 0
    attempts = sorted(Delivery.objects.values_list("attempts", flat=True))
    assert attempts[-1] == 1
    assert Delivery.objects.filter(sent_at__isnull=True, failed_at__isnull=True).count() == 3


def test_a_lease_keeps_others_away_until_it_runs_out(engineer: User, mailbox: Mailbox) -> None:
    tell(engineer)
    # A worker took it and died.
    assert len(relay._lease()) == 1

    assert send_due_deliveries() == 0
    assert timedelta(minutes=4) < waits() <= timedelta(minutes=5)
    hurry()
    assert send_due_deliveries() == 1
    assert Delivery.objects.get().attempts == 2


@pytest.mark.django_db(transaction=True)
def test_two_leases_at_once_share_nothing(engineer: User) -> None:
    for number in range(30):
        tell(engineer, key=f"happening:{number}")

    outcomes = race(*[lambda: [one.pk for one in relay._lease()]] * 3)

    leased = [key for one in outcomes for key in one]
    assert len(leased) == len(set(leased)) == 30


@pytest.mark.django_db(transaction=True)
def test_one_relay_at_a_time_leaves_the_other_threads_free(
    engineer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(engineer)
    sending, go_on = Event(), Event()

    def slow(batch: list[Delivery]) -> int:
        sending.set()
        go_on.wait(10)
        return len(batch)

    monkeypatch.setattr(relay, "_send_batch", slow)

    def run() -> None:
        send_due_deliveries()
        connection.close()

    first = Thread(target=run)
    first.start()
    assert sending.wait(10)
    tell(engineer, key="meanwhile")

    assert send_due_deliveries() == 0  # at once, although a mail is due
    go_on.set()
    first.join(10)
    # The first relay took the other mail in its next batch, then let go of the lock.
    assert Delivery.objects.filter(attempts=1).count() == 2
    with alone(relay.RELAY_LOCK) as is_ours:
        assert is_ours


def test_nobody_who_was_shut_out_meanwhile_gets_mail(
    mailbox: Mailbox, contact: User, foreign_contact: User
) -> None:
    notify([contact, foreign_contact], key="k", kind="test", subject="S", body="Secret.")
    User.objects.filter(pk=contact.pk).update(is_active=False)
    assert send_due_deliveries() == 1
    assert [mail["To"] for mail in mailbox.mails] == [foreign_contact.email]
    given_up = Delivery.objects.get(address=contact.email)
    assert given_up.next_try_at is None
    assert given_up.failed_at is not None
    assert given_up.sent_at is None
