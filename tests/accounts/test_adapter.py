"""Signing in, as django-allauth does it under this portal's settings."""

import re
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.choices import TokenScope
from accounts.models import ApiToken, AuditEvent, User
from accounts.operations import create_api_token

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
RESET = "/accounts/password/reset/"


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> None:
    cache.clear()


@pytest.fixture
def known(contact: User) -> User:
    contact.set_password(PASSWORD)
    contact.save()
    return contact


def sign_in(client: Client, user: User, **given: Any) -> Any:
    return client.post("/accounts/login/", {"login": user.email, "password": PASSWORD, **given})


def holder_of(session: str | None) -> Client:
    browser = Client()
    browser.cookies["sessionid"] = session or ""
    return browser


def test_a_session_from_before_signing_in_is_worth_nothing_after(
    client: Client, known: User
) -> None:
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = session.session_key or ""
    assert sign_in(client, known).status_code == 302
    assert client.get("/profile/").status_code == 200
    assert holder_of(session.session_key).get("/profile/").status_code == 302


def test_a_wrong_password_says_what_to_do_and_keeps_the_address(
    client: Client, known: User
) -> None:
    page = sign_in(client, known, password="not the one").content.decode()
    assert "Check both, or set a new password." in page
    assert known.email in page


def test_a_session_ends_with_signing_out(client: Client, known: User) -> None:
    sign_in(client, known)
    session = client.session.session_key
    client.post("/accounts/logout/")
    assert holder_of(session).get("/profile/").status_code == 302


def test_a_new_password_ends_the_other_sessions(client: Client, known: User) -> None:
    other = Client()
    for browser in (client, other):
        sign_in(browser, known)
    new = "another long passage 9"
    sent = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", sent).status_code == 302
    assert other.get("/profile/").status_code == 302
    assert client.get("/profile/").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "/\\evil.example", "https:evil.example", "\t//evil.example", "javascript:0"],
)
def test_signing_in_never_leads_out_of_the_portal(
    client: Client, known: User, address: str
) -> None:
    assert sign_in(client, known, next=address).url == "/"


def test_an_address_without_a_login_is_answered_alike_and_invited_nowhere(
    client: Client, known: User
) -> None:
    for address in (known.email, "nobody@else.example"):
        answer = client.post(RESET, {"email": address})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"{RESET}done/")
    _, unknown = mail.outbox
    assert unknown.to == ["nobody@else.example"]
    assert unknown.subject == "Your link for a new password"
    assert "There is no login for this address" in unknown.body
    assert "http" not in unknown.body
    assert "nobody@else" not in unknown.body


def test_nobody_is_flooded_with_links_for_a_new_password(client: Client, known: User) -> None:
    for address in (known.email, "nobody@else.example"):
        mail.outbox.clear()
        for _ in range(8):
            client.post(RESET, {"email": address})
        assert len(mail.outbox) == 5


def test_a_password_reset_ends_tokens_and_a_change_does_not(client: Client, known: User) -> None:
    token, _ = create_api_token(known, name="Sync", scope=TokenScope.READ, days=9, by=known)
    sign_in(client, known)
    new = "another long passage 9"
    changed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", changed).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is None

    stranger = Client()
    stranger.post(RESET, {"email": known.email})
    (link,) = re.findall(r"/accounts/password/reset/key/\S+", str(mail.outbox[-1].body))
    form = stranger.get(link).headers["Location"]
    reset = {"password1": PASSWORD, "password2": PASSWORD}
    assert stranger.post(form, reset).status_code == 302
    assert not ApiToken.objects.filter(revoked_at=None).exists()
    assert AuditEvent.objects.get(action="API token revoked").reason == "password reset"


@pytest.mark.parametrize("address", ["/", "/profile/", "/tickets/", "/plans/"])
def test_no_cache_keeps_what_a_signed_in_person_reads(
    client: Client, known: User, address: str
) -> None:
    sign_in(client, known)
    assert "no-store" in client.get(address)["Cache-Control"]


def test_a_public_page_may_be_cached(client: Client, catalogue: dict[str, Any]) -> None:
    assert "no-store" not in client.get("/plans/").headers.get("Cache-Control", "")


def test_the_mail_for_a_new_password_is_in_the_persons_language(
    client: Client, known: User
) -> None:
    known.language = "de"
    known.save()
    client.post(RESET, {"email": known.email}, headers={"Accept-Language": "es"})
    (written,) = mail.outbox
    assert str(written.subject).endswith("Ihr Link für ein neues Passwort")
    assert "Der Link gilt einmal." in str(written.body)
