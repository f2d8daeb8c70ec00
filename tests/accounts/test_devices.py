"""Where somebody is signed in, and how they end it."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.browsers import browser_words
from accounts.models import AuditEvent, Device, User

pytestmark = pytest.mark.django_db

PASSWORD = "a lantern over the harbour"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/26.0 Mobile/15E148 Safari/604.1"
)


@pytest.fixture
def person(contact: User) -> User:
    contact.set_password(PASSWORD)
    contact.save()
    return contact


def sign_in(person: User, agent: str = FIREFOX) -> Client:
    client = Client(headers={"user-agent": agent})
    answer = client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 302, answer.content
    return client


def page_of(client: Client) -> str:
    return client.get("/profile/").content.decode()


def test_the_profile_lists_where_one_is_signed_in(person: User) -> None:
    here = sign_in(person)
    sign_in(person, IPHONE)
    page = page_of(here)
    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert len(re.findall("This one", page)) == 1
    assert "127.0.0.1" in page


def test_a_device_is_signed_out_at_once_and_recorded(person: User) -> None:
    here, phone = sign_in(person), sign_in(person, IPHONE)
    device = Device.objects.get(browser="Safari on iPhone")
    here.post(f"/profile/devices/{device.pk}/end/")
    assert phone.get("/profile/").status_code == 302
    assert here.get("/profile/").status_code == 200
    event = AuditEvent.objects.order_by("-pk")[0]
    assert (event.action, event.by) == ("device signed out", person)
    assert event.changes == {"device": ["Safari on iPhone", ""]}


def test_all_others_are_signed_out_with_one_row(person: User) -> None:
    here, others = sign_in(person), [sign_in(person, IPHONE) for _ in range(2)]
    answer = here.post("/profile/devices/end/", follow=True)
    assert "2 other devices signed out." in answer.content.decode()
    assert [one.get("/profile/").status_code for one in others] == [302, 302]
    assert here.get("/profile/").status_code == 200
    assert AuditEvent.objects.filter(action="devices signed out").count() == 1


def test_nobody_signs_out_a_device_of_somebody_else(person: User, foreign_contact: User) -> None:
    sign_in(person)
    stranger = Client()
    stranger.force_login(foreign_contact)
    device = Device.objects.get()
    assert stranger.post(f"/profile/devices/{device.pk}/end/").status_code == 404
    assert Device.objects.filter(pk=device.pk).exists()
    assert Session.objects.filter(session_key=device.session_key).exists()


def test_a_new_password_keeps_this_device_in_the_list(person: User) -> None:
    here = sign_in(person)
    before = Device.objects.get().session_key
    typed = {
        "oldpassword": PASSWORD,
        "password1": "another lantern elsewhere",
        "password2": "another lantern elsewhere",
    }
    here.post("/accounts/password/change/", typed)
    page = page_of(here)
    assert "This one" in page
    assert Device.objects.get().session_key != before


def test_signing_out_leaves_no_device_behind(person: User) -> None:
    here, other = sign_in(person), sign_in(person, IPHONE)
    other.post("/accounts/logout/")
    assert "Safari on iPhone" not in page_of(here)
    sign_in(person)
    assert not Device.objects.filter(browser="Safari on iPhone").exists()


def test_who_is_not_told_of_a_session_key(person: User) -> None:
    here = sign_in(person)
    key = Device.objects.get().session_key
    assert key not in page_of(here)


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (FIREFOX, "Firefox on Windows"),
        (IPHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Linux"),
        ("curl/8.5", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_is_named_in_words(agent: Any, said: str) -> None:
    assert browser_words(agent) == said
