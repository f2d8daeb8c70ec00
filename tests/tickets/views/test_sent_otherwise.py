"""A form sent twice with other words in it: nothing that was typed is lost, and nothing doubled.

Its first answer was lost on the way, so its reader cannot know that it was sent.
"""

import re
import uuid
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from entitlements.models import Contract, Customer
from sla.models import Heartbeat
from sla.operations import beat_heart
from tests.factories.tickets import make_ticket
from tests.tickets.views.reading import words
from tickets.models import Message, Note, Sending, Ticket
from tickets.operations.conversation import write_message
from tickets.operations.lifecycle import close_ticket
from tickets.operations.sendings import let_out_due_sendings

pytestmark = pytest.mark.django_db

REFUSED = "This form was sent already, with other words."


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


@pytest.fixture
def held(settings: Settings) -> None:
    settings.SEND_HOLD_SECONDS = 10
    beat_heart(Heartbeat.WATCH)


def let_out() -> None:
    Sending.objects.update(due_at=timezone.now())
    let_out_due_sendings()


def refused(answer: Any, *typed: str) -> str:
    """The key under which the form that came back is sent, with the words that were typed."""
    assert isinstance(answer, HttpResponse)
    assert answer.status_code == 422
    said = words(answer)
    assert REFUSED in said
    for one in typed:
        assert one in answer.content.decode()
    found = re.search(r'name="submission_key"[^>]*value="([^"]+)"', answer.content.decode())
    assert found is not None
    return found[1]


def answer_of(ticket: Ticket, body: str, key: str, **given: Any) -> dict[str, Any]:
    newest = ticket.messages.order_by("-pk").first()
    event = ticket.events.order_by("-pk").first()
    return {
        "body": body,
        "answer_kind": "acknowledgement",
        "seen_message": newest.pk if newest else 0,
        "seen_event": event.pk if event else 0,
        "submission_key": key,
    } | given


@pytest.mark.parametrize("is_held", [False, True])
def test_an_answer_with_other_words_comes_back_and_goes_out_at_the_next_press(
    request: pytest.FixtureRequest,
    client: Client,
    ticket: Ticket,
    engineer: User,
    *,
    is_held: bool,
) -> None:
    if is_held:
        request.getfixturevalue("held")
    client.force_login(engineer)
    address, key = reverse("ticket_answers", args=[ticket.number]), str(uuid.uuid4())
    assert client.post(address, answer_of(ticket, "One", key)).status_code == 302
    assert client.post(address, answer_of(ticket, "One", key)).status_code == 302

    again = refused(client.post(address, answer_of(ticket, "One and two", key)), "One and two")

    assert again != key
    assert client.post(address, answer_of(ticket, "One and two", again)).status_code == 302
    let_out()
    assert list(ticket.messages.values_list("body", flat=True)) == ["One", "One and two"]


def test_so_does_one_that_is_qualified_now(
    client: Client, contract: Contract, ticket: Ticket, engineer: User, held: None
) -> None:
    client.force_login(engineer)
    address, key = reverse("ticket_answers", args=[ticket.number]), str(uuid.uuid4())
    client.post(address, answer_of(ticket, "Same", key))

    refused(client.post(address, answer_of(ticket, "Same", key, answer_kind="qualified")), "Same")

    let_out()
    refused(client.post(address, answer_of(ticket, "Same", key, answer_kind="qualified")), "Same")
    assert not Message.objects.get().qualified


def test_what_is_held_is_sent_although_the_customer_wrote_meanwhile(
    client: Client, ticket: Ticket, contact: User, engineer: User, held: None
) -> None:
    client.force_login(engineer)
    address = reverse("ticket_answers", args=[ticket.number])
    sent = answer_of(ticket, "One", str(uuid.uuid4()))
    client.post(address, sent)
    write_message(ticket, body="And now?", by=contact)

    assert client.post(address, sent).status_code == 302

    assert Sending.objects.get().body == "One"


@pytest.mark.parametrize("is_held", [False, True])
def test_a_note_with_other_words_comes_back(
    request: pytest.FixtureRequest,
    client: Client,
    ticket: Ticket,
    engineer: User,
    *,
    is_held: bool,
) -> None:
    if is_held:
        request.getfixturevalue("held")
    client.force_login(engineer)
    address, key = reverse("ticket_notes", args=[ticket.number]), str(uuid.uuid4())
    client.post(address, {"body": "One", "submission_key": key})

    again = refused(client.post(address, {"body": "Two", "submission_key": key}), "Two")

    assert again != key
    client.post(address, {"body": "Two", "submission_key": again})
    let_out()
    assert list(Note.objects.order_by("pk").values_list("body", flat=True)) == ["One", "Two"]


def test_a_reply_with_other_words_comes_back(client: Client, ticket: Ticket, contact: User) -> None:
    client.force_login(contact)
    address, key = reverse("ticket_messages", args=[ticket.number]), str(uuid.uuid4())
    client.post(address, {"body": "One", "submission_key": key})

    again = refused(client.post(address, {"body": "Two", "submission_key": key}), "Two")

    client.post(address, {"body": "Two", "submission_key": again})
    assert list(ticket.messages.values_list("body", flat=True)) == ["One", "Two"]


def test_so_does_a_reply_that_opens_a_follow_up(
    client: Client, ticket: Ticket, contact: User
) -> None:
    close_ticket(ticket, by=contact)
    client.force_login(contact)
    address, key = reverse("ticket_messages", args=[ticket.number]), str(uuid.uuid4())
    sent = {"body": "One", "submission_key": key, "follow_up": "1"}
    client.post(address, sent)

    again = refused(client.post(address, sent | {"body": "Two"}), "Two")

    client.post(address, sent | {"body": "Two", "submission_key": again})
    filed = ticket.follow_ups.order_by("pk").values_list("description", flat=True)
    assert list(filed) == ["One", "Two"]
