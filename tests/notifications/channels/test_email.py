"""What a mail says, and what keeps it in its thread."""

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import User
from notifications.channels.email import group_by_thread, headline, make_mail
from notifications.models import Notice
from notifications.operations import Matter, notify

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _address(settings: Any) -> None:
    settings.BASE_URL = "https://portal.example"


def tell(user: User, number: int = 1, body: str = "Send the log.", **more: Any) -> Notice:
    matter = Matter(
        "ticket:7",
        "TK-7 Printers stopped",
        lambda reader: f"Answer by noon in {reader.timezone}.",
        lambda reader: "You filed this ticket.",
    )
    (notice,) = notify(
        [user],
        key=f"k:{number}",
        kind="answered",
        subject=f"TK-7 Mara answered: Printers stopped {number}",
        body=body,
        path="/tickets/7/",
        **({"matter": matter} | more),
        now=NOW,
    )
    return notice


def mail_of(*notices: Notice) -> Any:
    return make_mail(notices[0].delivery, notices)


def test_a_mail_says_what_happened_what_is_promised_and_why_it_comes(contact: User) -> None:
    mail = mail_of(tell(contact))
    assert mail.body.replace("\r\n", "\n") == (
        "TK-7 Printers stopped\n\n"
        "Send the log.\n\n"
        "Answer by noon in America/New_York.\n\n"
        "https://portal.example/tickets/7/\n\n"
        "-- \n"
        "You filed this ticket.\n"
        "Change what is mailed to you: https://portal.example/profile/mail/\n"
        "Orrin Support, +1 617 555 0142\n"
    )
    html = mail.alternatives[0].content
    for words in ("TK-7 Printers stopped", "Send the log.", "Answer by noon", "You filed this"):
        assert words in html
    assert 'href="https://portal.example/tickets/7/"' in html
    assert 'href="https://portal.example/profile/mail/"' in html


def test_mails_of_a_ticket_hold_together(contact: User) -> None:
    first, second = mail_of(tell(contact, 1)), mail_of(tell(contact, 2))
    root = "<ticket.7@portal.example>"
    for mail in (first, second):
        assert mail.extra_headers["In-Reply-To"] == mail.extra_headers["References"] == root
        assert mail.extra_headers["Auto-Submitted"] == "auto-generated"
        assert "List-Unsubscribe" not in mail.extra_headers
    assert first.extra_headers["Message-ID"] != second.extra_headers["Message-ID"]
    assert first.extra_headers["Message-ID"].endswith("@portal.example>")


def test_a_digest_of_several_things_belongs_to_no_thread(contact: User) -> None:
    other = tell(contact, 2, matter=Matter("ticket:8", "TK-8 Other"))
    assert "References" not in mail_of(tell(contact, 1), other).extra_headers


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<img src="https://evil.example/x.png">',
        "![x](https://evil.example/x.png)",
        '<a href="javascript:alert(1)">x</a>',
        '<div style="position:fixed">x</div>',
        "[x](javascript:alert(1))",
    ],
)
def test_what_people_wrote_is_never_live_in_a_mail(contact: User, attack: str) -> None:
    one = tell(contact, 1, body=attack)
    two = tell(contact, 2, body=attack, matter=Matter("ticket:7", attack, lambda _: attack))
    for mail in (mail_of(one), mail_of(two), mail_of(one, two)):
        html = mail.alternatives[0].content
        assert "<script" not in html
        assert "<img" not in html
        assert '<a href="javascript' not in html
        assert '<div style="position:fixed' not in html


def test_an_urgent_mail_says_so(engineer: User) -> None:
    assert ">Urgent<" in mail_of(tell(engineer, urgent=True)).alternatives[0].content


def test_what_belongs_to_no_thread_stands_for_itself(engineer: User) -> None:
    first, second = (tell(engineer, number, matter=None) for number in (1, 2))
    assert [
        [line.notice for line in group.lines] for group in group_by_thread([first, second])
    ] == [[first], [second]]


def test_a_long_digest_shows_the_newest_and_says_how_many_it_leaves_out(contact: User) -> None:
    notices = [tell(contact, number, body=f"Text {number}.") for number in range(1, 64)]
    mail = mail_of(*notices)
    assert "3 older ones" in mail.body
    assert "Text 3." not in mail.body
    assert "Text 4." in mail.body
    assert "Text 63." in mail.body
    assert mail.subject == "63 notices: TK-7 Printers stopped"


@pytest.mark.parametrize(
    ("subject", "title", "expected"),
    [
        ("TK-7 Mara answered: Printers stopped", "TK-7 Printers stopped", "Mara answered"),
        ("TK-7 is solved: Printers stopped", "TK-7 Printers stopped", "Is solved"),
        ("TK-7 Printers stopped", "TK-7 Printers stopped", ""),
        ("TK-7 printers again", "TK-7 Printers stopped", "Printers again"),
        ("Off the roster", "", "Off the roster"),
    ],
)
def test_a_headline_leaves_out_what_the_title_says(subject: str, title: str, expected: str) -> None:
    assert headline(Notice(subject=subject, title=title)) == expected
