"""Nobody changes things faster than people do: on pages and by the API, in one count."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from accounts.choices import TokenScope
from accounts.models import User
from accounts.operations import create_api_token
from entitlements.models import Customer
from tests.factories.tickets import make_ticket
from tickets.models import Message, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _two_a_minute(settings: LazySettings) -> None:
    cache.clear()
    settings.WRITES_PER_MINUTE = 2


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


def write(browser: Client, ticket: Ticket, words: str) -> Any:
    page = f"http://testserver/tickets/{ticket.number}/"
    return browser.post(f"{page}messages/", {"body": words}, headers={"Referer": page})


def test_a_page_too_many_is_refused_and_its_text_kept(
    client: Client, contact: User, ticket: Ticket
) -> None:
    client.force_login(contact)
    assert [write(client, ticket, f"No. {one}").status_code for one in range(2)] == [302, 302]
    refused = write(client, ticket, "The third in a minute.")
    assert refused.status_code == 429
    assert "Wait a moment" in refused.content.decode()
    assert Message.objects.filter(ticket=ticket).count() == 2
    assert "The third in a minute." in client.get(f"/tickets/{ticket.number}/").content.decode()


def test_pages_and_programs_share_one_count(client: Client, contact: User, ticket: Ticket) -> None:
    client.force_login(contact)
    _, secret = create_api_token(contact, name="Sync", scope=TokenScope.WRITE, days=1, by=contact)
    key = {"Authorization": f"Bearer {secret}"}
    json = "application/json"
    address = f"/api/v1/tickets/{ticket.number}/messages/"
    write(client, ticket, "One.")
    assert Client().post(address, {"body": "Two."}, json, headers=key).status_code == 201
    refused = Client().post(address, {"body": "Three."}, json, headers=key)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    assert Client().get(address, headers=key).status_code == 200


def test_one_person_does_not_use_up_anothers_room(
    client: Client, contact: User, manager: User, ticket: Ticket
) -> None:
    client.force_login(contact)
    for one in range(3):
        write(client, ticket, f"No. {one}")
    client.force_login(manager)
    assert write(client, ticket, "Mine.").status_code == 302
