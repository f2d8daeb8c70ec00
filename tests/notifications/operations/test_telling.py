"""Telling people: once for each happening and person, and the kick of the relay after it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from accounts.models import User
from notifications.models import Delivery, Notice
from notifications.operations import mark_all_read, mark_read, notify
from notifications.relay import database_now
from tests.racing import race

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


@pytest.fixture
def kicks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was sent to the broker, in place of sending it."""
    sent: list[str] = []
    monkeypatch.setattr("notifications.tasks.relay_deliveries.delay", lambda: sent.append("relay"))
    return sent


def tell(*people: User, key: str = "ticket:1:answered:7") -> list[Notice]:
    return notify(
        people,
        key=key,
        kind="answered",
        subject="TK-1 answered",
        body="Send the log.",
        path="/tickets/1/",
        now=NOW,
    )


@transaction.atomic
def tell_and_fail(*people: User) -> None:
    tell(*people, key="undone")
    raise ZeroDivisionError


@pytest.mark.django_db
def test_each_person_gets_one_notice_and_one_mail_on_its_way(
    engineer: User, duty_lead: User
) -> None:
    fresh = tell(engineer, duty_lead, engineer)

    assert {one.recipient for one in fresh} == {engineer, duty_lead}
    notice = Notice.objects.get(recipient=engineer)
    assert (notice.subject, notice.path, notice.created_at, notice.read_at) == (
        "TK-1 answered",
        "/tickets/1/",
        NOW,
        None,
    )
    delivery = notice.delivery
    assert (delivery.address, delivery.attempts, delivery.sent_at) == (engineer.email, 0, None)


@pytest.mark.django_db
@pytest.mark.parametrize("minutes", [10, -10], ids=["ahead", "behind"])
def test_a_mail_is_due_in_database_time_whatever_the_callers_clock_says(
    engineer: User, minutes: int
) -> None:
    before = database_now()
    told_at = before + timedelta(minutes=minutes)
    notify([engineer], key="one", kind="test", subject="S", body="B", now=told_at)

    next_try_at = Delivery.objects.get().next_try_at
    assert next_try_at is not None
    assert before - timedelta(seconds=60) <= next_try_at <= database_now()
    assert Delivery.objects.due(database_now()).count() == 1


@pytest.mark.django_db
def test_the_same_happening_is_told_once(engineer: User, duty_lead: User) -> None:
    tell(engineer)

    assert [one.recipient for one in tell(engineer, duty_lead)] == [duty_lead]
    assert tell(engineer, duty_lead) == []
    assert Notice.objects.count() == 2
    assert Delivery.objects.count() == 2


@pytest.mark.django_db
def test_another_happening_is_told_again(engineer: User) -> None:
    tell(engineer)

    assert len(tell(engineer, key="ticket:1:answered:8")) == 1


@pytest.mark.django_db
def test_who_is_inactive_is_told_nothing(engineer: User, duty_lead: User) -> None:
    engineer.is_active = False
    engineer.save()

    assert [one.recipient for one in tell(engineer, duty_lead)] == [duty_lead]


@pytest.mark.django_db
def test_a_long_subject_is_cut(engineer: User) -> None:
    (notice,) = notify([engineer], key="long", kind="answered", subject="x" * 400, body="y")

    assert len(notice.subject) == 250


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_tells_nobody(engineer: User, kicks: list[str]) -> None:
    with pytest.raises(ZeroDivisionError):
        tell_and_fail(engineer)

    assert Notice.objects.count() == 0
    assert kicks == []


@pytest.mark.django_db(transaction=True)
def test_the_relay_is_kicked_once_a_transaction_and_after_it(
    engineer: User, kicks: list[str]
) -> None:
    with transaction.atomic():
        for number in range(5):
            tell(engineer, key=f"happening:{number}")
        assert kicks == []
    assert kicks == ["relay"]

    tell(engineer, key="happening:0")  # known: nothing to send
    assert kicks == ["relay"]


@pytest.mark.django_db(transaction=True)
def test_a_kick_lost_with_its_savepoint_is_made_up_for(engineer: User, kicks: list[str]) -> None:
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError):
            tell_and_fail(engineer)
        tell(engineer, key="kept")

    assert kicks == ["relay"]


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_does_not_undo_the_change(
    engineer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise OperationalError("No broker.")

    monkeypatch.setattr("notifications.tasks.relay_deliveries.delay", refuse)

    tell(engineer)

    assert Delivery.objects.filter(next_try_at__isnull=False).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_transactions_at_once_tell_a_person_once(
    engineer: User, duty_lead: User, kicks: list[str]
) -> None:
    outcomes = race(
        lambda: tell(engineer, duty_lead),
        lambda: tell(duty_lead, engineer),
        lambda: tell(engineer),
    )

    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert Notice.objects.count() == 2
    assert Delivery.objects.count() == 2
    assert sorted(len(one) for one in outcomes) == [0, 0, 2] or sum(map(len, outcomes)) == 2


@pytest.mark.django_db
def test_a_person_reads_their_own_notices_only(engineer: User, duty_lead: User) -> None:
    mine, theirs = tell(engineer)[0], tell(duty_lead)[0]

    mark_read(theirs, by=engineer, now=NOW)
    assert mark_all_read(by=engineer, now=NOW) == 1

    mine.refresh_from_db()
    theirs.refresh_from_db()
    assert (mine.read_at, theirs.read_at) == (NOW, None)
