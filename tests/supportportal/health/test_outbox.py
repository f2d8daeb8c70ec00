"""What waits to leave the portal, as the status page, the checks and Prometheus tell it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.models import User
from entitlements.models import Customer
from notifications.models import Delivery, Webhook, WebhookCall
from notifications.operations import notify
from notifications.relay import database_now
from notifications.webhook_events import STAFF, customer_owner
from supportportal.health.checks import check_webhooks
from supportportal.health.outbox import outbox_figures

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return database_now()


def webhook(owner: str, by: User, **given: Any) -> Webhook:
    return Webhook.objects.create(
        owner=owner,
        place=Webhook.objects.of(owner).count() + 1,
        name="Pager",
        url=f"https://pager.example/{Webhook.objects.count()}",
        events=["filed"],
        sealed_secret="-",
        created_by=by,
        **given,
    )


def call(of: Webhook, key: str, at: datetime, **given: Any) -> WebhookCall:
    facts: dict[str, Any] = {"event": "filed", "body": "{}", "created_at": at, "next_try_at": at}
    return WebhookCall.objects.create(webhook=of, key=key, **(facts | given))


def test_calls_and_their_webhooks_are_counted_by_whose_they_are(
    customer: Customer, administrator: User, manager: User, now: datetime
) -> None:
    ours = webhook(STAFF, administrator, failing_since=now, failures=3)
    theirs = webhook(customer_owner(customer.pk), manager)
    off = webhook(
        customer_owner(customer.pk), manager, turned_off_at=now, turned_off_why="-", failures=12
    )
    webhook(STAFF, administrator, turned_off_at=now, turned_off_why="By hand.")
    ten = timedelta(minutes=10)
    call(ours, "1", now - ten)
    call(ours, "2", now, next_try_at=now + ten)
    call(ours, "3", now - ten, next_try_at=None, failed_at=now)
    call(theirs, "1", now - timedelta(days=3), next_try_at=None, failed_at=now - timedelta(days=2))
    call(theirs, "2", now, next_try_at=None, delivered_at=now)
    call(off, "1", now)

    found = outbox_figures().programs

    assert (found["ours"].waiting.count, found["ours"].waiting.given_up) == (2, 1)
    assert found["ours"].waiting.age >= ten
    assert (found["ours"].failing, found["ours"].turned_off) == (1, 0)
    assert (found["customers"].waiting.count, found["customers"].waiting.given_up) == (0, 0)
    assert (found["customers"].failing, found["customers"].turned_off) == (0, 1)


def test_mail_and_digests_are_counted(colleague: User, now: datetime) -> None:
    for key in ("one", "two", "three"):
        notify([colleague], key=key, kind="test", subject=key, body="Text.", now=now)
    first, second, third = Delivery.objects.order_by("pk")
    Delivery.objects.filter(pk=second.pk).update(
        next_try_at=None, held_until=now - timedelta(hours=1)
    )
    Delivery.objects.filter(pk=third.pk).update(next_try_at=None, failed_at=now)

    found = outbox_figures()

    assert (found.mail.count, found.mail.given_up) == (1, 1)
    assert (found.digests.held, found.digests.late) == (1, 1)
    assert first.next_try_at is not None


@pytest.mark.parametrize(
    ("urgent", "minutes", "is_ok"), [(True, 4, True), (True, 6, False), (False, 60, True)]
)
def test_a_page_that_reaches_no_program_is_noticed_after_five_minutes(
    urgent: bool,  # noqa: FBT001 - a case
    minutes: int,
    is_ok: bool,  # noqa: FBT001 - a case
    administrator: User,
    now: datetime,
) -> None:
    # Tried, failed, and to be tried again in a minute.
    call(
        webhook(STAFF, administrator, resting_until=now + timedelta(minutes=1)),
        "1",
        now - timedelta(minutes=minutes),
        urgent=urgent,
        next_try_at=now + timedelta(minutes=1),
    )
    assert check_webhooks().is_ok is is_ok


def test_calls_that_nobody_makes_are_noticed_and_customers_failures_are_not_ours(
    customer: Customer, manager: User, now: datetime
) -> None:
    theirs = webhook(customer_owner(customer.pk), manager)
    waiting = call(theirs, "1", now - timedelta(hours=1), next_try_at=now + timedelta(hours=1))
    assert check_webhooks().is_ok
    WebhookCall.objects.filter(pk=waiting.pk).update(next_try_at=now - timedelta(minutes=6))
    assert not check_webhooks().is_ok


def test_the_page_and_prometheus_tell_them(
    client: Client, administrator: User, settings: LazySettings, now: datetime
) -> None:
    call(webhook(STAFF, administrator, failing_since=now, failures=1), "1", now)
    client.force_login(administrator)
    page = client.get("/status/").content.decode()
    assert "What leaves the portal" in page
    assert "1 failing" in page

    settings.METRICS_TOKEN = "a-token-of-more-than-twenty-characters"
    told = (
        Client()
        .get("/metrics", headers={"Authorization": f"Bearer {settings.METRICS_TOKEN}"})
        .content.decode()
    )
    assert 'portal_webhook_backlog{owner="ours"} 1.0' in told
    assert 'portal_webhook_failing{owner="ours"} 1.0' in told
    assert 'portal_webhook_backlog{owner="customers"} 0.0' in told
    assert "portal_digest_held 0.0" in told
    assert 'portal_check_ok{check="webhooks"} 1.0' in told
