"""The pages of webhooks, on both sides."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from entitlements.models import Customer
from notifications.models import Webhook, WebhookCall, WebhookTry
from notifications.operations.webhooks import add_webhook
from notifications.webhook_events import STAFF, customer_owner

pytestmark = pytest.mark.django_db

CHOICE: dict[str, Any] = {
    "name": "Chat room",
    "url": "https://127.0.0.1/hook",
    "events": ["filed", "resolved"],
}


@pytest.fixture(autouse=True)
def _inside(settings: Any) -> None:
    settings.WEBHOOKS_MAY_STAY_INSIDE = True


@pytest.fixture
def webhook(customer: Customer, manager: User) -> Webhook:
    return add_webhook(owner=customer_owner(customer.pk), by=manager, **CHOICE)[0]


def test_a_manager_adds_a_webhook_and_sees_its_secret_once(
    client: Client, manager: User, customer: Customer
) -> None:
    client.force_login(manager)
    page = f"/customers/{customer.slug}/webhooks/"
    assert "No webhooks" in client.get(page).content.decode()
    made = client.post(f"{page}new/", CHOICE).content.decode()
    assert made.count("whsec_") >= 1
    webhook = Webhook.objects.get(owner=customer_owner(customer.pk))
    assert "Chat room" in client.get(page).content.decode()
    assert "whsec_" not in client.get(f"/webhooks/{webhook.pk}/").content.decode().replace(
        "after <code>whsec_</code>", ""
    )


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"url": "https://10.0.0.8/"}, "private network"),
        ({"url": "nonsense"}, "begins with https"),
        ({"events": []}, "Choose at least one."),
        ({"name": ""}, "Give it a name you will know it by."),
    ],
)
def test_bad_input_stands_beside_its_field(
    client: Client, administrator: User, settings: Any, wrong: dict[str, Any], message: str
) -> None:
    settings.WEBHOOKS_MAY_STAY_INSIDE = False
    client.force_login(administrator)
    answer = client.post("/webhooks/new/", CHOICE | wrong)
    assert answer.status_code == 422
    assert answer.content.decode().count(message) >= 2
    assert not Webhook.objects.exists()


@pytest.mark.parametrize(
    "who", ["contact", "colleague", "engineer", "foreign_contact", "duty_lead"]
)
def test_nobody_else_sees_or_changes_it(
    client: Client, request: pytest.FixtureRequest, webhook: Webhook, who: str
) -> None:
    call = WebhookCall.objects.create(webhook=webhook, key="1", event="filed", body="{}")
    client.force_login(request.getfixturevalue(who))
    page = f"/webhooks/{webhook.pk}/"
    assert client.get(page).status_code == 404
    before = Webhook.objects.values().get()
    for path in ("", "secret/", "test/", "state/", "removal/", f"calls/{call.pk}/redelivery/"):
        assert client.post(page + path, CHOICE | {"state": "off"}).status_code == 404
    assert Webhook.objects.values().get() == before
    assert WebhookCall.objects.count() == 1


def test_a_call_of_another_webhook_is_not_found(
    client: Client, manager: User, webhook: Webhook, administrator: User
) -> None:
    other, _ = add_webhook(
        owner=STAFF, name="Ours", url="https://127.0.0.1/x", events=["page"], by=administrator
    )
    call = WebhookCall.objects.create(webhook=other, key="1", event="page", body="{}")
    client.force_login(manager)
    path = f"/webhooks/{webhook.pk}/calls/{call.pk}/redelivery/"
    assert client.post(path).status_code == 404


def test_the_buttons_do_what_they_say(client: Client, manager: User, webhook: Webhook) -> None:
    client.force_login(manager)
    page = f"/webhooks/{webhook.pk}/"
    assert client.post(f"{page}test/").status_code == 302
    call = WebhookCall.objects.get(event="test")
    assert "whsec_" in client.post(f"{page}secret/").content.decode()
    client.post(f"{page}state/", {"state": "off"})
    assert not Webhook.objects.get().is_live
    refused = client.post(f"{page}calls/{call.pk}/redelivery/", follow=True)
    assert "Turn it on first." in refused.content.decode()
    client.post(f"{page}state/", {"state": "on"})
    WebhookCall.objects.update(next_try_at=None)
    client.post(f"{page}calls/{call.pk}/redelivery/")
    assert WebhookCall.objects.get().next_try_at is not None
    client.post(page, CHOICE | {"name": "Renamed"})
    assert Webhook.objects.get().name == "Renamed"
    client.post(f"{page}removal/")
    assert not Webhook.objects.exists()


def test_the_log_costs_the_same_however_long(
    client: Client, manager: User, webhook: Webhook, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        call = WebhookCall.objects.create(
            webhook=webhook, key=str(number), event="filed", body="{}"
        )
        WebhookTry.objects.create(
            call=call, at=call.created_at, status=500, took="0:00:00.2", error="Answered 500."
        )
    client.force_login(manager)
    with django_assert_max_num_queries(12):
        page = client.get(f"/webhooks/{webhook.pk}/").content.decode()
    assert page.count("Answered 500.") == 25
