"""Registering programs: who may, where to, and that their secrets are kept."""

from typing import Any

import pytest

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from entitlements.models import Customer
from notifications.models import Webhook
from notifications.operations.webhooks import (
    TooManyWebhooks,
    add_webhook,
    change_webhook,
    remove_webhook,
    replace_secret,
)
from notifications.sealing import unseal
from notifications.webhook_events import STAFF, customer_owner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _inside(settings: Any) -> None:
    settings.WEBHOOKS_MAY_STAY_INSIDE = True


def add(owner: str, by: User, **given: Any) -> tuple[Webhook, str]:
    facts: dict[str, Any] = {"name": "Chat", "url": "https://127.0.0.1/a", "events": ["filed"]}
    return add_webhook(owner=owner, by=by, **(facts | given))


def test_a_secret_is_shown_once_and_kept_sealed(administrator: User) -> None:
    webhook, secret = add(STAFF, administrator)
    assert secret.startswith("whsec_")
    assert secret not in webhook.sealed_secret
    assert unseal(webhook.sealed_secret) == secret
    event = AuditEvent.objects.get(action="webhook added")
    assert (event.by, event.changes) == (administrator, {"address": ["", "https://127.0.0.1/a"]})


def test_a_new_secret_is_another(administrator: User) -> None:
    webhook, secret = add(STAFF, administrator)
    webhook, fresh = replace_secret(webhook, by=administrator)
    assert fresh != secret
    assert unseal(webhook.sealed_previous_secret) == secret
    assert AuditEvent.objects.filter(action="webhook secret replaced").count() == 1


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("administrator", True),
        ("engineer", False),
        ("duty_lead", False),
        ("tam", False),
        ("manager", False),
        ("contact", False),
    ],
)
def test_our_own_webhooks_are_an_administrators(
    request: pytest.FixtureRequest,
    who: str,
    may: bool,  # noqa: FBT001 - of the table
) -> None:
    by = request.getfixturevalue(who)
    if may:
        assert add(STAFF, by)
    else:
        with pytest.raises(NotAllowed):
            add(STAFF, by)
        assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("administrator", True),
        ("manager", True),
        ("contact", False),
        ("colleague", False),
        ("engineer", False),
        ("foreign_contact", False),
    ],
)
def test_a_companys_webhooks_are_its_managers(
    request: pytest.FixtureRequest,
    customer: Customer,
    who: str,
    may: bool,  # noqa: FBT001 - of the table
) -> None:
    by = request.getfixturevalue(who)
    owner = customer_owner(customer.pk)
    if may:
        webhook, _ = add(owner, by)
        change_webhook(webhook, name="B", url="https://127.0.0.1/b", events=["closed"], by=by)
        remove_webhook(webhook, by=by)
    else:
        with pytest.raises(NotAllowed):
            add(owner, by)
        assert not Webhook.objects.exists()


def test_a_manager_who_left_manages_no_webhook(manager: User, customer: Customer) -> None:
    webhook, _ = add(customer_owner(customer.pk), manager)
    manager.memberships.update(left_at="2026-01-01T00:00:00Z")
    with pytest.raises(NotAllowed):
        replace_secret(webhook, by=manager)


@pytest.mark.parametrize("owner", ["nobody:1", "customer:999999", "customer:", ""])
def test_an_owner_who_is_none_has_no_webhooks(administrator: User, owner: str) -> None:
    with pytest.raises((NotAllowed, ValueError)):
        add(owner, administrator)
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "http://169.254.169.254/latest/meta-data/"}, "url"),
        ({"url": "nonsense"}, "url"),
        ({"events": []}, "events"),
        ({"events": ["noted"]}, "events"),
    ],
)
def test_what_is_wrong_is_refused_beside_its_field(
    administrator: User, settings: Any, wrong: dict[str, Any], field: str
) -> None:
    settings.WEBHOOKS_MAY_STAY_INSIDE = "events" in wrong
    with pytest.raises(InvalidInput) as refusal:
        add(STAFF, administrator, **wrong)
    assert refusal.value.field == field
    assert not Webhook.objects.exists()


def test_a_customer_cannot_ask_for_our_events(manager: User, customer: Customer) -> None:
    for event in ("page", "escalated", "noted"):
        with pytest.raises(InvalidInput):
            add(customer_owner(customer.pk), manager, events=["filed", event])


def test_an_address_is_named_once_and_ten_are_the_most(administrator: User) -> None:
    for number in range(10):
        add(STAFF, administrator, url=f"https://127.0.0.1/{number}")
    with pytest.raises(TooManyWebhooks):
        add(STAFF, administrator, url="https://127.0.0.1/11")
    Webhook.objects.filter(url__endswith="/9").delete()
    with pytest.raises(InvalidInput, match="already"):
        add(STAFF, administrator, url="https://127.0.0.1/0")
