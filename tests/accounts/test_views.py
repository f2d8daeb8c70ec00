"""A person's own page."""

import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from accounts.choices import TokenScope
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import ApiToken, AuditEvent, User
from accounts.operations import create_api_token, update_profile

pytestmark = pytest.mark.django_db

PASSWORD = "correct horse battery"
BACKEND = settings.AUTHENTICATION_BACKENDS[0]
SAID = {
    "name": "Daniel Osei",
    "title": "IT Operations",
    "phone": "+44 20 7946 0958",
    "zone": "Europe/London",
}


def browser_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def test_a_person_changes_their_own_profile(colleague: User) -> None:
    answer = browser_of(colleague).post("/profile/", SAID)
    assert (answer.status_code, answer["Location"]) == (302, "/profile/")
    colleague.refresh_from_db()
    assert colleague.title == "IT Operations"
    assert colleague.timezone == "Europe/London"
    change = AuditEvent.objects.get(action="profile changed")
    assert change.by == colleague
    assert change.changes == {
        "title": ["", "IT Operations"],
        "phone": ["+1 312 555 0100", "+44 20 7946 0958"],
        "timezone": ["America/New_York", "Europe/London"],
    }


def test_saving_the_same_again_records_nothing(colleague: User) -> None:
    for _ in range(2):
        browser_of(colleague).post("/profile/", SAID)
    assert AuditEvent.objects.filter(action="profile changed").count() == 1


def test_nothing_but_the_profile_can_be_changed_there(colleague: User) -> None:
    sent = {**SAID, "email": "a@b.example", "roles": "administrator", "is_active": ""}
    browser_of(colleague).post("/profile/", sent)
    before = colleague.email
    colleague.refresh_from_db()
    assert (colleague.email, colleague.roles, colleague.is_active) == (before, [], True)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"name": ""}, "Give your name."),
        ({"phone": ""}, "Leave a number"),
    ],
)
def test_a_refused_profile_comes_back_with_what_was_typed(
    colleague: User, change: dict[str, str], words: str
) -> None:
    answer = browser_of(colleague).post("/profile/", {**SAID, "title": "Typed", **change})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert 'value="Typed"' in page
    colleague.refresh_from_db()
    assert colleague.title == ""


def test_nobody_changes_anothers_profile(colleague: User, administrator: User) -> None:
    with pytest.raises(NotAllowed):
        update_profile(colleague, name="X", title="", phone="1", zone="UTC", by=administrator)


def test_an_unknown_zone_is_refused_by_the_operation_too(colleague: User) -> None:
    with pytest.raises(InvalidInput) as refused:
        update_profile(colleague, name="X", title="", phone="1", zone="Nowhere", by=colleague)
    assert refused.value.field == "zone"


@pytest.mark.parametrize("who", ["colleague", "engineer"])
def test_both_sides_see_their_page(who: str, request: pytest.FixtureRequest) -> None:
    user = request.getfixturevalue(who)
    page = browser_of(user).get("/profile/").content.decode()
    assert user.email in page
    assert ("Your roles" in page) is user.is_staff_member


def signed_in_by_password(user: User) -> Client:
    cache.clear()
    user.set_password(PASSWORD)
    user.save()
    browser = Client()
    browser.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return browser


def sure_of(user: User) -> Client:
    """A browser whose person has just said their password once more."""
    browser = signed_in_by_password(user)
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


def test_a_token_asks_for_the_password_once_more_and_goes_on(colleague: User) -> None:
    browser = signed_in_by_password(colleague)
    sent = {"token-name": "Ticket sync", "token-scope": "read", "token-days": "30"}
    asked = browser.post("/profile/tokens/", sent)
    assert asked.headers["Location"] == "/accounts/reauthenticate/?next=%2Fprofile%2Ftokens%2F"
    assert not ApiToken.objects.exists()
    page = browser.post(
        asked.headers["Location"], {"password": PASSWORD, "next": "/profile/tokens/"}
    )
    assert "spt_" in page.content.decode()
    assert ApiToken.objects.get().name == "Ticket sync"


def test_a_new_tokens_secret_is_shown_once_and_works(colleague: User) -> None:
    browser = sure_of(colleague)
    sent = {"token-name": "Ticket sync", "token-scope": "read", "token-days": "30"}
    answer = browser.post("/profile/tokens/", sent)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    (secret, *_) = re.findall(r"spt_[\w-]{43}", answer.content.decode())
    token = ApiToken.objects.get()
    assert (token.scope, (token.expires_at - token.created_at).days) == (TokenScope.READ, 30)
    assert secret not in browser.get("/profile/").content.decode()
    signed_in = Client().get("/api/v1/notices/", headers={"Authorization": f"Bearer {secret}"})
    assert signed_in.status_code == 200


@pytest.mark.parametrize(
    "change", [{"token-days": "36500"}, {"token-scope": "admin"}, {"token-name": " "}]
)
def test_a_token_that_is_not_on_offer_is_not_made(colleague: User, change: dict[str, str]) -> None:
    sent = {"token-name": "Sync", "token-scope": "read", "token-days": "30", **change}
    assert sure_of(colleague).post("/profile/tokens/", sent).status_code == 422
    assert not ApiToken.objects.exists()


def test_a_person_ends_own_tokens_and_nobody_elses(colleague: User, manager: User) -> None:
    token, _ = create_api_token(colleague, name="Sync", scope=TokenScope.READ, days=1, by=colleague)
    address = f"/profile/tokens/{token.pk}/revocation/"
    assert browser_of(manager).post(address).status_code == 404
    assert ApiToken.objects.filter(revoked_at=None).count() == 1
    assert browser_of(colleague).get(address).status_code == 405
    assert browser_of(colleague).post(address).status_code == 302
    assert ApiToken.objects.filter(revoked_at=None).count() == 0
    assert AuditEvent.objects.filter(action="API token revoked").count() == 1


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, ("Give your e-mail address.", "Give your password.")),
        ({"login": "priya"}, ("Write the whole address, such as name@company.com.",)),
    ],
)
def test_signing_in_says_what_is_missing(
    client: Client, typed: dict[str, str], said: tuple[str, ...]
) -> None:
    page = client.post("/accounts/login/", typed).content.decode()
    assert all(words in page for words in said)
    assert "Email" not in page
