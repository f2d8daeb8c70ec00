"""What was held comes as one mail, exactly once, whoever looks."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from notifications import relay
from notifications.channels.email import make_mail
from notifications.choices import Reach, Topic
from notifications.digests import gather_digests
from notifications.models import Delivery, Notice
from notifications.operations import Matter, notify
from notifications.operations.preferences import choose_mail
from notifications.relay import send_due_deliveries
from tests.racing import race

pytestmark = pytest.mark.django_db

# Wed 11 Mar 2026 in New York, UTC-4: one at night, and the end of the quiet hours at seven.
NIGHT = datetime(2026, 3, 11, 5, 0, tzinfo=UTC)
SEVEN = datetime(2026, 3, 11, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.tasks.relay_deliveries.delay", lambda: None)


@pytest.fixture(autouse=True)
def _mail_in_memory(settings: Settings) -> None:
    settings.MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}


def keep_quiet(user: User) -> None:
    choose_mail(
        user,
        reaches=dict.fromkeys(Topic, Reach.EACH),
        digest_at=time(8),
        quiet_from=time(22),
        quiet_until=time(7),
        quiet_days=range(7),
        by=user,
    )


def tell(user: User, number: int, ticket: int = 1, at: datetime = NIGHT) -> Notice:
    (notice,) = notify(
        [user],
        key=f"happening:{number}",
        kind="answered",
        subject=f"TK-{ticket} answer {number}",
        body=f"Text {number}.",
        path=f"/tickets/{ticket}/",
        matter=Matter(f"thing:{ticket}", f"TK-{ticket} Printers", lambda _: "By noon."),
        now=at,
    )
    return notice


def let_time_come() -> None:
    Delivery.objects.held().update(held_until=timezone.now() - timedelta(seconds=1))


def test_what_falls_in_quiet_hours_waits_for_their_end(engineer: User) -> None:
    keep_quiet(engineer)
    notice = tell(engineer, 1)

    assert notice.delivery.held_until == SEVEN
    assert (notice.delivery.next_try_at, notice.delivery.reach) == (None, Reach.DIGEST)
    assert gather_digests(SEVEN - timedelta(seconds=1)) == 0
    assert gather_digests(SEVEN) == 1
    assert gather_digests(SEVEN) == 0


def test_a_night_comes_as_one_mail_grouped_by_ticket_with_the_newest_last(engineer: User) -> None:
    keep_quiet(engineer)
    for number, ticket in ((1, 7), (2, 8), (3, 7)):
        tell(engineer, number, ticket, NIGHT + timedelta(minutes=number))
    let_time_come()

    assert send_due_deliveries() == 1
    assert send_due_deliveries() == 0

    (sent,) = mail.outbox
    assert sent.subject == "3 notices on 2 subjects, last: TK-7 Printers"
    text = sent.body
    # Ticket 8 first: ticket 7 was written of last.
    places = [text.index(word) for word in ("TK-8 Printers", "Text 2.", "Text 1.", "Text 3.")]
    assert places == sorted(places)
    assert text.index("TK-7 Printers") < text.index("Text 1.")
    assert "11 Mar" in text
    assert "01:01 ET" in text
    html = sent.alternatives[0].content  # type: ignore[attr-defined]  # a mail of two parts
    assert html.count("<h2") == 2
    assert all(f"Text {number}." in html for number in (1, 2, 3))
    assert Delivery.objects.filter(sent_at__isnull=False).count() == 3


def test_a_single_notice_comes_as_an_ordinary_mail(engineer: User) -> None:
    keep_quiet(engineer)
    tell(engineer, 1)
    let_time_come()

    assert send_due_deliveries() == 1
    assert [one.subject for one in mail.outbox] == ["TK-1 answer 1"]


def test_each_person_gets_a_digest_of_their_own(engineer: User, duty_lead: User) -> None:
    for user, number in ((engineer, 1), (duty_lead, 10), (engineer, 2), (duty_lead, 11)):
        if number in {1, 10}:
            keep_quiet(user)
        tell(user, number)
    let_time_come()

    assert send_due_deliveries() == 2
    assert {one.to[0] for one in mail.outbox} == {engineer.email, duty_lead.email}
    theirs = next(one for one in mail.outbox if one.to == [duty_lead.email])
    assert "Text 10." in theirs.body
    assert "Text 1.\n" not in theirs.body


def test_a_digest_that_failed_is_tried_again_whole(
    engineer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_quiet(engineer)
    tell(engineer, 1)
    tell(engineer, 2)
    let_time_come()

    def fail(*args: object) -> object:
        raise ValueError

    monkeypatch.setattr(relay, "make_mail", fail)
    assert send_due_deliveries() == 0
    assert Delivery.objects.filter(sent_at__isnull=True).count() == 2
    monkeypatch.setattr(relay, "make_mail", make_mail)
    Delivery.objects.filter(next_try_at__isnull=False).update(next_try_at=timezone.now())
    # Told meanwhile: it belongs to the next digest.
    later = tell(engineer, 3)
    Delivery.objects.filter(notice=later).update(held_until=timezone.now() + timedelta(hours=1))

    assert send_due_deliveries() == 1
    (sent,) = mail.outbox
    assert "Text 1." in sent.body
    assert "Text 2." in sent.body
    assert "Text 3." not in sent.body


def test_what_somebody_may_no_longer_read_is_left_out(
    engineer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_quiet(engineer)
    tell(engineer, 1, ticket=7)
    tell(engineer, 2, ticket=8)
    let_time_come()
    monkeypatch.setattr(
        relay, "still_readable", lambda notices, reader: [n for n in notices if "8" in n.thread]
    )

    assert send_due_deliveries() == 1
    (sent,) = mail.outbox
    assert "Text 2." in sent.body
    assert "Text 1." not in sent.body


def test_a_mail_of_nothing_readable_is_given_up(
    engineer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(engineer, 1, at=timezone.now())
    monkeypatch.setattr(relay, "still_readable", lambda notices, reader: [])

    assert send_due_deliveries() == 0
    delivery = Delivery.objects.get()
    assert (mail.outbox, delivery.next_try_at, delivery.sent_at) == ([], None, None)
    assert delivery.last_error == "The person may no longer read it."


@pytest.mark.django_db(transaction=True)
def test_relays_at_once_make_one_digest(engineer: User, duty_lead: User) -> None:
    number = 0
    for user in (engineer, duty_lead):
        keep_quiet(user)
        for _ in range(12):
            number += 1
            tell(user, number)
    let_time_come()
    now = timezone.now()

    outcomes = race(*[lambda: gather_digests(now)] * 4)

    assert sum(outcomes) == 2
    assert Delivery.objects.filter(next_try_at__isnull=False).count() == 2
    assert Delivery.objects.filter(carried_by__isnull=False).count() == 22
    assert Delivery.objects.held().count() == 0
    carriers = Delivery.objects.filter(carried_by__isnull=False).values_list(
        "carried_by", flat=True
    )
    assert Delivery.objects.filter(pk__in=carriers, carried_by__isnull=False).count() == 0


@pytest.mark.django_db(transaction=True)
def test_relays_at_once_mail_each_notice_once(engineer: User) -> None:
    keep_quiet(engineer)
    for number in range(10):
        tell(engineer, number)
    let_time_come()

    race(send_due_deliveries, send_due_deliveries, send_due_deliveries)
    send_due_deliveries()

    text = "".join(str(one.body) for one in mail.outbox)
    assert [text.count(f"Text {number}.") for number in range(10)] == [1] * 10
    assert len(mail.outbox) == 1
