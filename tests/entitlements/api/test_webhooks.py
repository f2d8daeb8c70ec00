"""Webhooks through the API: a company's by its manager, ours by an administrator."""

import pytest
from django.conf import LazySettings

from accounts.models import User
from entitlements.models import Customer
from notifications.models import Webhook, WebhookCall
from tests.programs import program_of

THEIRS = "/api/v1/companies/northwind-logistics/webhooks/"
OURS = "/api/v1/webhooks/"
WEBHOOK = {"name": "Chat", "url": "https://127.0.0.1/a", "events": ["filed", "answered"]}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _programs_beside_us(settings: LazySettings) -> None:
    settings.WEBHOOKS_MAY_STAY_INSIDE = True


def test_a_secret_is_told_when_it_is_made_and_never_again(
    manager: User, customer: Customer
) -> None:
    program = program_of(manager)
    made = program.post(THEIRS, WEBHOOK)
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    one = f"{OURS}{made.json()['key']}/"
    assert "secret" not in program.get(one).json()
    assert "secret" not in program.get(THEIRS).json()["results"][0]
    again = program.post(f"{one}secret/").json()["secret"]
    assert again.startswith("whsec_")
    assert again != made.json()["secret"]


def test_a_webhook_is_changed_turned_off_tested_and_removed(
    manager: User, customer: Customer
) -> None:
    program = program_of(manager)
    one = f"{OURS}{program.post(THEIRS, WEBHOOK).json()['key']}/"

    changed = program.put(one, {**WEBHOOK, "name": "Room", "events": ["closed"]}).json()
    assert (changed["name"], changed["events"]) == ("Room", ["closed"])
    assert program.post(f"{one}state/", {"is_on": False}).json()["is_on"] is False
    assert program.post(f"{one}state/", {"is_on": True}).json()["is_on"] is True
    call = program.post(f"{one}calls/").json()
    assert (call["event"], call["delivered_at"], call["tries"]) == ("test", None, [])
    assert [row["key"] for row in program.get(f"{one}calls/").json()["results"]] == [call["key"]]
    WebhookCall.objects.update(next_try_at=None)
    again = program.post(f"{one}calls/{call['key']}/redelivery/").json()
    assert again["number"] == call["number"]
    assert again["next_try_at"] is not None
    assert program.delete(one).status_code == 204
    assert not Webhook.objects.exists()


def test_a_customers_events_are_not_ours(administrator: User, manager: User) -> None:
    refused = program_of(manager).post(THEIRS, {**WEBHOOK, "events": ["page"]})
    assert refused.status_code == 422
    assert "events" in refused.content.decode()
    made = program_of(administrator).post(OURS, {**WEBHOOK, "events": ["page"]})
    assert made.status_code == 201


def test_an_address_inside_and_an_unknown_field_are_refused(
    manager: User, settings: LazySettings
) -> None:
    settings.WEBHOOKS_MAY_STAY_INSIDE = False
    program = program_of(manager)
    assert program.post(THEIRS, WEBHOOK).status_code == 422
    assert program.post(THEIRS, {**WEBHOOK, "owner": "staff"}).status_code == 400
    assert not Webhook.objects.exists()
