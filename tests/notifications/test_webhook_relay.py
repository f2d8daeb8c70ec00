"""Calling programs: once each, again after failures, turned off at last; pages first."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from notifications import webhook_relay
from notifications.channels.webhook import Outcome
from notifications.models import Notice, Webhook, WebhookCall, WebhookTry
from notifications.operations.webhook_calls import Happening, call_webhooks, redeliver_call
from notifications.operations.webhooks import (
    add_webhook,
    replace_secret,
    tell_of_webhooks_turned_off,
    turn_webhook_off,
    turn_webhook_on,
)
from notifications.relay import database_now
from notifications.signing import signed_headers
from notifications.webhook_events import STAFF
from notifications.webhook_relay import CUSTOMERS, STAFF_FIRST, call_due_webhooks
from tests.notifications.listener import Listener, listening
from tests.racing import race

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _inside(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOKS_MAY_STAY_INSIDE = True
    settings.WEBHOOKS_HTTPS_ONLY = False
    for task in ("relay_pages", "relay_webhooks", "relay_deliveries"):
        monkeypatch.setattr(f"notifications.tasks.{task}.delay", lambda: None)


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as found:
        yield found


def add(listener: Listener, by: User, events: tuple[str, ...] = ("page",)) -> tuple[Webhook, str]:
    return add_webhook(owner=STAFF, name="Pager", url=listener.url, events=events, by=by)


def happen(key: str = "one", event: str = "page", *, urgent: bool = False) -> list[WebhookCall]:
    facts = {"summary": f"Look: {key}"}
    return call_webhooks(
        [Happening(STAFF, event, key, lambda: facts, urgent=urgent)], now=timezone.now()
    )


def hurry() -> None:
    """Let every wait be over."""
    WebhookCall.objects.filter(next_try_at__isnull=False).update(next_try_at=timezone.now())
    Webhook.objects.update(resting_until=None)


def test_a_call_arrives_once_signed_and_logged(listener: Listener, administrator: User) -> None:
    _, secret = add(listener, administrator)
    happen()

    assert call_due_webhooks(STAFF_FIRST) == 1
    assert call_due_webhooks(STAFF_FIRST) == 0

    ((_, headers, body),) = listener.calls
    call = WebhookCall.objects.get()
    said = json.loads(body)
    assert (said["type"], said["data"]) == ("page", {"summary": "Look: one"})
    at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    expected = signed_headers(str(call.number), body, secrets_in_use=[secret], at=at)
    assert headers["webhook-signature"] == expected["webhook-signature"]
    assert (call.next_try_at, call.failed_at, call.attempts) == (None, None, 1)
    assert call.delivered_at is not None
    tried = WebhookTry.objects.get()
    assert (tried.status, tried.error) == (200, "")
    assert timedelta(0) < tried.took < timedelta(seconds=5)


def test_the_same_happening_is_told_once(listener: Listener, administrator: User) -> None:
    add(listener, administrator)
    happen()
    happen()
    assert WebhookCall.objects.count() == 1


def test_only_what_was_asked_for_is_told(listener: Listener, administrator: User) -> None:
    add(listener, administrator, ("page",))
    assert happen("two", "missed") == []
    assert happen("three", "noted") == []
    assert WebhookCall.objects.count() == 0


def test_a_failed_call_is_tried_again_with_the_same_number_after_growing_waits(
    listener: Listener, administrator: User
) -> None:
    add(listener, administrator)
    happen()
    listener.status = 500
    waits = []
    for _ in range(4):
        assert call_due_webhooks(STAFF_FIRST) == 0
        call = WebhookCall.objects.get()
        assert call.next_try_at is not None
        waits.append(round((call.next_try_at - timezone.now()).total_seconds()))
        hurry()
    listener.status = 204
    assert call_due_webhooks(STAFF_FIRST) == 1

    assert waits == [10, 30, 120, 600]
    assert len({headers["webhook-id"] for _, headers, _ in listener.calls}) == 1
    assert len({body for _, _, body in listener.calls}) == 1
    assert list(WebhookTry.objects.values_list("status", flat=True)) == [500] * 4 + [204]
    webhook = Webhook.objects.get()
    assert (webhook.failures, webhook.failing_since, webhook.resting_until) == (0, None, None)


def test_a_resting_webhook_gets_pages_only(listener: Listener, administrator: User) -> None:
    add(listener, administrator, ("page", "missed"))
    listener.status = 500
    happen("one", "missed")
    call_due_webhooks(STAFF_FIRST)
    listener.status = 200
    happen("two", "missed")
    assert call_due_webhooks(STAFF_FIRST) == 0

    happen("three", urgent=True)
    assert (
        call_due_webhooks(STAFF_FIRST) == 2
    )  # It answers again: "two" follows, "one" has a wait of its own.


def test_a_page_never_waits_long(listener: Listener, administrator: User) -> None:
    add(listener, administrator)
    Webhook.objects.update(failures=7, failing_since=timezone.now())
    listener.status = 500
    happen(urgent=True)
    call_due_webhooks(STAFF_FIRST)
    call = WebhookCall.objects.get()
    assert call.next_try_at is not None
    assert call.next_try_at - timezone.now() <= timedelta(minutes=1)


def test_a_call_is_given_up_after_the_last_try(listener: Listener, administrator: User) -> None:
    add(listener, administrator)
    happen()
    WebhookCall.objects.update(attempts=9)
    listener.status = 500
    call_due_webhooks(STAFF_FIRST)
    call = WebhookCall.objects.get()
    assert call.next_try_at is None
    assert call.failed_at is not None


def test_a_day_of_failures_turns_a_webhook_off_and_tells_people_once(
    listener: Listener, administrator: User, engineer: User
) -> None:
    add(listener, administrator)
    happen()
    Webhook.objects.update(failures=9, failing_since=timezone.now() - timedelta(hours=25))
    listener.status = 500
    call_due_webhooks(STAFF_FIRST)

    webhook = Webhook.objects.get()
    assert webhook.turned_off_at is not None
    assert webhook.turned_off_why == "Nothing was delivered for a day. Last: Answered 500."
    assert tell_of_webhooks_turned_off(now=database_now()) == 1
    assert tell_of_webhooks_turned_off(now=database_now()) == 0
    notice = Notice.objects.get()
    assert (notice.recipient, notice.path) == (administrator, f"/webhooks/{webhook.pk}/")
    assert happen("later") == []
    hurry()
    assert call_due_webhooks(STAFF_FIRST) == 0

    listener.status = 200
    turn_webhook_on(webhook, by=administrator)
    assert call_due_webhooks(STAFF_FIRST) == 1  # What waited goes out.


def test_a_short_time_away_turns_nothing_off(listener: Listener, administrator: User) -> None:
    add(listener, administrator)
    happen()
    Webhook.objects.update(failures=40, failing_since=timezone.now() - timedelta(hours=23))
    listener.status = 500
    call_due_webhooks(STAFF_FIRST)
    assert Webhook.objects.get().is_live


def test_gone_is_gone_at_once(listener: Listener, administrator: User) -> None:
    add(listener, administrator)
    happen()
    listener.status = 410
    call_due_webhooks(STAFF_FIRST)
    assert Webhook.objects.get().turned_off_why == "It answered 410: gone."


def test_who_turns_off_by_hand_is_not_told_of_it(listener: Listener, administrator: User) -> None:
    webhook, _ = add(listener, administrator)
    turn_webhook_off(webhook, by=administrator)
    assert tell_of_webhooks_turned_off(now=database_now()) == 0


def test_what_fails_after_it_was_turned_off_by_hand_turns_nothing_off_again(
    listener: Listener, administrator: User
) -> None:
    webhook, _ = add(listener, administrator)
    happen()
    turn_webhook_off(webhook, by=administrator)
    call = WebhookCall.objects.get()
    webhook_relay.mark_try(call, Outcome(status=410, took=timedelta(0), error="gone"))

    webhook.refresh_from_db()
    assert webhook.failures == 0
    assert "410" not in webhook.turned_off_why
    assert tell_of_webhooks_turned_off(now=database_now()) == 0
    call.refresh_from_db()
    assert call.failed_at is not None


def test_who_manages_its_webhooks_no_more_is_not_told(
    listener: Listener, administrator: User
) -> None:
    add(listener, administrator)
    User.objects.filter(pk=administrator.pk).update(roles=["engineer"])
    Webhook.objects.update(turned_off_at=database_now(), turned_off_why="x", failures=9)
    assert tell_of_webhooks_turned_off(now=database_now()) == 0


def test_a_call_can_be_sent_again_by_hand(listener: Listener, administrator: User) -> None:
    add(listener, administrator)
    happen()
    call_due_webhooks(STAFF_FIRST)
    redeliver_call(WebhookCall.objects.get(), by=administrator)
    assert call_due_webhooks(STAFF_FIRST) == 1
    first, second = listener.calls
    assert first[1]["webhook-id"] == second[1]["webhook-id"]
    assert first[2] == second[2]
    assert WebhookTry.objects.count() == 2


def test_for_a_day_after_a_new_secret_both_sign(listener: Listener, administrator: User) -> None:
    webhook, _ = add(listener, administrator)
    replace_secret(webhook, by=administrator)
    happen("one")
    call_due_webhooks(STAFF_FIRST)
    Webhook.objects.update(previous_until=timezone.now() - timedelta(seconds=1))
    happen("two")
    call_due_webhooks(STAFF_FIRST)
    assert [headers["webhook-signature"].count("v1,") for _, headers, _ in listener.calls] == [2, 1]


def test_a_secret_that_cannot_be_read_is_a_failed_try(
    listener: Listener, administrator: User, settings: Any
) -> None:
    add(listener, administrator)
    happen()
    settings.SECRET_KEY = "another"
    assert call_due_webhooks(STAFF_FIRST) == 0
    assert WebhookTry.objects.get().error == "Its secret cannot be read: give it a new one."
    assert listener.calls == []


def test_who_is_slow_waits_for_themselves(
    listener: Listener, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    with listening() as slow:
        slow.delay = 0.4
        add(listener, administrator)
        add(slow, administrator)
        for key in ("one", "two", "three"):
            happen(key)
        began = time.monotonic()
        assert call_due_webhooks(STAFF_FIRST) == 6
        # Three rounds side by side, not six calls one after the other.
        assert time.monotonic() - began < 2.4
    told = [json.loads(body)["data"]["summary"] for _, _, body in slow.calls]
    assert told == ["Look: one", "Look: two", "Look: three"]


def test_the_lanes_are_apart(listener: Listener, administrator: User) -> None:
    add(listener, administrator)
    happen()
    assert call_due_webhooks(CUSTOMERS) == 0
    assert call_due_webhooks(STAFF_FIRST) == 1


def test_a_call_that_goes_wrong_on_our_side_is_tried_again(
    listener: Listener, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(listener, administrator)
    happen()

    def stumble(*args: Any) -> Outcome:
        raise RuntimeError

    monkeypatch.setattr(webhook_relay, "call_webhook", stumble)
    assert call_due_webhooks(STAFF_FIRST) == 0
    assert WebhookTry.objects.get().error == "It went wrong on our side."


@pytest.mark.django_db(transaction=True)
def test_relays_at_once_call_once(listener: Listener, administrator: User) -> None:
    add(listener, administrator)
    for number in range(5):
        happen(str(number))

    outcomes = race(*[lambda: call_due_webhooks(STAFF_FIRST)] * 3)
    call_due_webhooks(STAFF_FIRST)

    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert len(listener.calls) == 5
    assert len({headers["webhook-id"] for _, headers, _ in listener.calls}) == 5


@pytest.mark.django_db(transaction=True)
def test_two_leases_at_once_share_nothing(listener: Listener, administrator: User) -> None:
    add(listener, administrator)
    happen()
    outcomes = race(*[lambda: [one.call.pk for one in webhook_relay._lease(STAFF_FIRST)]] * 3)
    assert sorted(len(one) for one in outcomes) == [0, 0, 1]


def test_pages_that_nobody_can_want_any_more_are_given_up_when_it_is_turned_on_again(
    listener: Listener, administrator: User
) -> None:
    webhook, _ = add(listener, administrator)
    happen("old", urgent=True)
    happen("new", urgent=True)
    happen("told")
    turn_webhook_off(webhook, by=administrator)
    WebhookCall.objects.exclude(key="new").update(created_at=timezone.now() - timedelta(days=3))

    turn_webhook_on(webhook, by=administrator)

    waiting = WebhookCall.objects.filter(next_try_at__isnull=False)
    assert set(waiting.values_list("key", flat=True)) == {"new", "told"}
    assert WebhookCall.objects.get(key="old").failed_at is not None
