"""Filing for somebody on the phone: the PIN, the promise, the ticket."""

import html
import re
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from entitlements.models import Membership
from tests.factories import entitlements as factory
from tests.factories.tickets import kinds_of, nothing_changes
from tests.tickets.views.reading import words
from tickets.choices import Channel, EventKind, TicketKind
from tickets.models import Ticket

pytestmark = pytest.mark.django_db

ADDRESS = "/tickets/new/phone/"


@pytest.fixture
def caller(foreign_contact: User) -> Membership:
    return foreign_contact.memberships.get()


def said_by(caller: Membership, **given: Any) -> dict[str, Any]:
    return {
        "customer": caller.customer.slug,
        "caller_pin": caller.caller_pin,
        "kind": "premium",
        "severity": "1",
        "subject": "Ransom note on two file servers",
        "description": "Agents are offline since this morning.",
        "submission_key": uuid.uuid4(),
        **given,
    }


@pytest.mark.parametrize("role", ["tam", "analyst", "administrator"])
def test_only_engineers_take_calls(
    client: Client, role: str, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(role))

    assert client.get(ADDRESS).status_code == 403


def test_the_address_knows_no_other_method(desk: Client) -> None:
    assert reverse("ticket_new_phone") == ADDRESS
    assert desk.put(ADDRESS).status_code == 405


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"customer": "", "caller_pin": ""}, "Choose the caller’s company."),
        ({"caller_pin": "000"}, "Nobody of Eastgate Hospitals has this PIN."),
    ],
)
def test_a_caller_who_cannot_be_checked_goes_no_further(
    desk: Client, caller: Membership, typed: dict[str, str], said: str
) -> None:
    response = desk.post(
        ADDRESS, {"customer": caller.customer.slug, "caller_pin": caller.caller_pin, **typed}
    )

    assert response.status_code == 422
    assert said in words(response)
    assert "Ask the caller" in words(response) or typed["caller_pin"]


def test_the_promise_is_on_screen_before_filing(
    desk: Client, caller: Membership, saturday: datetime
) -> None:
    page = words(
        desk.post(ADDRESS, {"customer": caller.customer.slug, "caller_pin": caller.caller_pin})
    )

    assert "PIN checked: Owen Hart, Eastgate Hospitals. Technical contact." in page
    # Saturday noon: a clock that waits for a call runs, because this is the call.
    assert "We answer by Sat 14 Mar, 12:30 ET" in page
    assert "As break/fix: no promised time" in page


def test_a_call_is_filed_for_the_caller(
    desk: Client, caller: Membership, engineer: User, saturday: datetime
) -> None:
    response = desk.post(ADDRESS, said_by(caller))

    ticket = Ticket.objects.get()
    assert response["Location"] == ticket.get_absolute_url()
    assert (ticket.filed_by, ticket.submitted_by, ticket.channel, ticket.kind) == (
        caller.user,
        engineer,
        Channel.PHONE,
        TicketKind.PREMIUM,
    )
    assert ticket.response_clock is not None
    assert ticket.response_clock.due_at == saturday + timedelta(minutes=30)
    assert kinds_of(ticket) == [EventKind.CALLED]


def test_a_call_sent_twice_is_filed_once(desk: Client, caller: Membership) -> None:
    typed = said_by(caller)
    desk.post(ADDRESS, typed)
    desk.post(ADDRESS, typed)

    assert Ticket.objects.count() == 1


def test_other_words_of_a_call_come_back_and_are_filed_at_the_next_press(
    desk: Client, caller: Membership
) -> None:
    typed = said_by(caller)
    desk.post(ADDRESS, typed)

    answer = desk.post(ADDRESS, typed | {"subject": "Another one"})

    assert answer.status_code == 422
    assert "This form was sent already, with other words." in words(answer)
    key = answer.context["form"]["submission_key"].value()
    desk.post(ADDRESS, typed | {"subject": "Another one", "submission_key": key})
    assert Ticket.objects.count() == 2


def test_what_was_typed_comes_back_with_the_errors(desk: Client, caller: Membership) -> None:
    with nothing_changes():
        response = desk.post(ADDRESS, said_by(caller, subject=" ", severity=""))

    assert response.status_code == 422
    page = words(response)
    assert "Say in one sentence what fails, and where." in page
    assert "Choose the severity." in page
    assert "Agents are offline since this morning." in page


def test_a_caller_without_a_seat_files_no_premium_incident(
    desk: Client, colleague: User, contact: User
) -> None:
    membership = colleague.memberships.get()
    membership.caller_pin = "424242"
    membership.save()
    with nothing_changes():
        response = desk.post(ADDRESS, said_by(membership))

    assert response.status_code == 422
    page = words(response)
    assert "Only technical contacts of Northwind Logistics file premium incidents." in page
    assert "Agents are offline since this morning." in page


def test_a_wrong_pin_at_the_end_files_nothing(desk: Client, caller: Membership) -> None:
    with nothing_changes():
        response = desk.post(ADDRESS, said_by(caller, caller_pin="000"))

    assert response.status_code == 422
    assert "Nobody of Eastgate Hospitals has this PIN." in words(response)


def test_a_pin_cannot_be_found_by_trying(desk: Client, caller: Membership) -> None:
    cache.clear()
    wrong = "000000" if caller.caller_pin != "000000" else "111111"
    asked = {"customer": caller.customer.slug, "caller_pin": wrong}
    for _ in range(10):
        assert "has this PIN" in words(desk.post(ADDRESS, asked))
    with nothing_changes():
        refused = desk.post(ADDRESS, said_by(caller))
    assert refused.status_code == 422
    assert "Too many wrong PINs" in words(refused)


def test_right_pins_are_not_counted(desk: Client, caller: Membership) -> None:
    cache.clear()
    for _ in range(12):
        assert (
            desk.post(ADDRESS, said_by(caller, severity="4", kind="break_fix")).status_code == 302
        )


def test_wrong_pins_are_counted_for_each_company_and_engineer_apart(
    desk: Client, caller: Membership, contact: User
) -> None:
    cache.clear()
    other = contact.memberships.get()
    for _ in range(11):
        desk.post(ADDRESS, said_by(caller, caller_pin="12"))
    asked = {"customer": other.customer.slug, "caller_pin": other.caller_pin}
    assert desk.post(ADDRESS, asked).status_code == 200
    colleague = factory.make_staff_member("Jan Novak", Role.ENGINEER)
    desk.force_login(colleague)
    assert desk.post(ADDRESS, said_by(caller)).status_code == 302


def test_the_log_of_calls_counts_wrong_pins_too(desk: Client, caller: Membership) -> None:
    cache.clear()
    desk.post(ADDRESS, said_by(caller))
    ticket = Ticket.objects.get()
    said = {"at": f"{timezone.localtime(ticket.filed_at):%Y-%m-%dT%H:%M}"}
    address = reverse("ticket_calls", args=[ticket.number])
    for _ in range(10):
        desk.post(address, {**said, "caller_pin": "12"})
    refused = desk.post(address, {**said, "caller_pin": caller.caller_pin})
    assert "Too many wrong PINs" in words(refused)


def test_what_was_written_down_of_a_call_goes_on_to_the_form_when_the_pin_held_no_longer(
    desk: Client, caller: Membership
) -> None:
    typed = said_by(caller, caller_pin="000000")
    refused = desk.post(ADDRESS, typed)

    assert refused.status_code == 422
    kept = {
        name: html.unescape(value)
        for name, value in re.findall(
            r'name="kept_(\w+)" value="([^"]*)"', refused.content.decode()
        )
    }
    assert kept["description"] == typed["description"]
    again = {f"kept_{name}": value for name, value in kept.items()}
    who = {"customer": caller.customer.slug, "caller_pin": "111111"}
    assert 'name="kept_subject"' in desk.post(ADDRESS, who | again).content.decode()
    page = desk.post(ADDRESS, who | again | {"caller_pin": caller.caller_pin})
    assert page.status_code == 200
    assert all(str(typed[name]) in page.content.decode() for name in ("subject", "description"))
    assert str(typed["submission_key"]) in page.content.decode()


def test_what_was_written_down_waits_for_whoever_was_signed_out(
    desk: Client, caller: Membership, engineer: User
) -> None:
    desk.get(ADDRESS)
    del desk.cookies["sessionid"]
    typed = said_by(caller)
    led = desk.post(ADDRESS, typed, headers={"Referer": f"http://testserver{ADDRESS}"})
    assert led["Location"].startswith("/accounts/login/")
    desk.force_login(engineer)

    page = desk.get(ADDRESS)

    assert "What you wrote down is kept" in words(page)
    assert page.context["form"]["customer"].value() == caller.customer.slug
    assert f'name="kept_subject" value="{typed["subject"]}"' in page.content.decode()
    assert caller.caller_pin not in page.content.decode()
