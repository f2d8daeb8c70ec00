"""What is typed survives an expired session and a stale form, for its writer only."""

import json
import re
import time
from datetime import timedelta

import pytest
from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.test import Client
from django.urls import include, path

from accounts import kept_text
from accounts.errors import DomainError, NotAllowed
from accounts.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

HERE = {"Origin": "http://testserver", "Referer": "http://testserver/letters/?of=us"}


class LetterForm(forms.Form):
    body = forms.CharField()


@login_required
def letters(request: HttpRequest) -> HttpResponse:
    form = LetterForm(initial=kept_text.kept_initial(request))
    return render(request, "base_gate.html", {"body": form["body"].value()})


@login_required
def send(request: HttpRequest) -> HttpResponse:
    if request.POST["body"] == "refuse":
        raise DomainError("It is closed.")
    if request.POST["body"] == "forbid":
        raise NotAllowed("Only the engineer may.")
    if request.POST["body"] == "break":
        raise ZeroDivisionError
    return redirect("letters")


@kept_text.by_script
def save(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("letters/", letters, name="letters"),
    path("letters/sent/", send, name="send"),
    path("letters/saved/", save, name="save"),
]
handler500 = "supportportal.page_errors.server_error"


@pytest.fixture
def priya() -> User:
    return User.objects.create_user("priya@north.example", "correct horse battery", name="Priya")


@pytest.fixture
def owen() -> User:
    return User.objects.create_user("owen@east.example", "correct horse battery", name="Owen")


@pytest.fixture
def browser(priya: User) -> Client:
    """A browser in which Priya was signed in, and whose session has expired since."""
    client = Client(enforce_csrf_checks=False, headers=HERE)
    client.force_login(priya)
    client.get("/letters/")
    del client.cookies["sessionid"]
    return client


def test_a_post_without_a_session_leads_to_sign_in_and_back_to_the_page_of_the_form(
    browser: Client,
) -> None:
    response = browser.post("/letters/sent/", {"body": "The label printer stopped"})
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=%2Fletters%2F%3Fof%3Dus"


def test_htmx_is_led_there_by_its_own_header(browser: Client) -> None:
    response = browser.post(
        "/letters/sent/", {"body": "The label printer stopped"}, headers={"HX-Request": "true"}
    )
    assert response.status_code == 204
    assert response["HX-Redirect"] == "/accounts/login/?next=%2Fletters%2F%3Fof%3Dus"


def test_a_part_that_is_fetched_leads_its_whole_page_there(browser: Client) -> None:
    response = browser.get("/letters/sent/", headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert response["HX-Redirect"] == "/accounts/login/?next=%2Fletters%2F%3Fof%3Dus"


def test_the_text_is_back_after_signing_in(browser: Client, priya: User) -> None:
    browser.post("/letters/sent/", {"body": "The label printer stopped"})
    browser.post(
        "/accounts/login/",
        {"login": "priya@north.example", "password": "correct horse battery", "next": "/letters/"},
    )
    response = browser.get("/letters/")
    assert response.context["body"] == "The label printer stopped"
    page = response.content.decode()
    assert "Your text is back" in page
    # For pages whose view does nothing: portal.js fills the form from this.
    found = re.search(r'<script id="kept-text" type="application/json">(.*?)</script>', page)
    assert found is not None
    kept = json.loads(found[1])
    assert (kept["action"], set(kept)) == ("/letters/sent/", {"action", "at", "fields"})
    assert kept["fields"] == {"body": ["The label printer stopped"]}


def test_the_text_is_forgotten_by_whoever_needs_it_no_more(browser: Client, priya: User) -> None:
    browser.post("/letters/sent/", {"body": "The label printer stopped"})
    browser.post(
        "/accounts/login/",
        {"login": "priya@north.example", "password": "correct horse battery", "next": "/letters/"},
    )

    answer = browser.post("/kept-text/removal/", {"_page": "/letters/?of=us"})

    assert (answer.status_code, answer["Location"]) == (302, "/letters/?of=us")
    assert browser.get("/letters/").context["body"] is None


def test_the_text_is_not_given_to_somebody_else(browser: Client, owen: User) -> None:
    browser.post("/letters/sent/", {"body": "The label printer stopped"})
    browser.force_login(owen)
    assert browser.get("/letters/").context["body"] is None


def test_nothing_is_kept_where_nobody_was_ever_signed_in() -> None:
    stranger = Client(headers=HERE)
    stranger.post("/letters/sent/", {"body": "The label printer stopped"})
    assert kept_text.SESSION_KEY not in stranger.session


def test_the_text_is_let_go_once_it_was_sent(browser: Client, priya: User) -> None:
    browser.post("/letters/sent/", {"body": "The label printer stopped"})
    browser.force_login(priya)
    browser.post("/letters/sent/", {"body": "The label printer stopped"})
    assert browser.get("/letters/").context["body"] is None


def test_the_text_is_let_go_after_an_hour(
    browser: Client, priya: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.post("/letters/sent/", {"body": "The label printer stopped"})
    browser.force_login(priya)
    later = time.time() + timedelta(minutes=61).total_seconds()
    monkeypatch.setattr("accounts.kept_text.time.time", lambda: later)
    assert browser.get("/letters/").context["body"] is None


def test_secrets_and_tokens_are_never_kept(browser: Client) -> None:
    browser.post(
        "/letters/sent/",
        {
            "body": "text",
            "new_password": "hunter2",
            "csrfmiddlewaretoken": "x",
            "_page": "/letters/",
            "api_token": "y",
        },
    )
    assert browser.session[kept_text.SESSION_KEY]["/letters/"]["fields"] == {"body": ["text"]}


def test_more_than_64_kilobytes_are_not_kept(browser: Client) -> None:
    browser.post("/letters/sent/", {"body": "x" * 65_537})
    assert kept_text.SESSION_KEY not in browser.session


def test_only_the_newest_four_pages_are_kept(browser: Client) -> None:
    for number in range(5):
        browser.post("/letters/sent/", {"body": "text", "_page": f"/letters/{number}/"})
    assert sorted(browser.session[kept_text.SESSION_KEY]) == [
        "/letters/1/",
        "/letters/2/",
        "/letters/3/",
        "/letters/4/",
    ]


def test_a_page_elsewhere_is_not_believed(browser: Client) -> None:
    response = browser.post("/letters/sent/", {"body": "text", "_page": "//evil.example/letters/"})
    assert response["Location"] == "/accounts/login/?next=%2Fletters%2F%3Fof%3Dus"


def test_a_stale_form_of_ours_leads_back_with_its_text(priya: User) -> None:
    client = Client(enforce_csrf_checks=True, headers=HERE)
    client.force_login(priya)
    response = client.post("/letters/sent/", {"body": "The label printer stopped"})
    assert response.status_code == 302
    assert response["Location"] == "/letters/?of=us"
    assert client.get("/letters/").context["body"] == "The label printer stopped"


def test_what_a_script_sends_from_a_stale_page_takes_no_texts_place(priya: User) -> None:
    client = Client(enforce_csrf_checks=True, headers=HERE)
    client.force_login(priya)
    client.post("/letters/sent/", {"body": "Good morning", "_page": "/letters/"})

    assert client.post("/letters/saved/", {"body": "Good"}).status_code == 401
    assert client.post("/letters/saved/").status_code == 401

    page = client.get("/letters/")
    assert "Good morning" in page.content.decode()
    assert "open for too long" not in page.content.decode()


def test_a_form_from_another_site_is_refused_and_not_kept(priya: User) -> None:
    client = Client(enforce_csrf_checks=True, headers={"Origin": "https://evil.example"})
    client.force_login(priya)
    response = client.post("/letters/sent/", {"body": "Close my ticket"})
    assert response.status_code == 403
    assert kept_text.SESSION_KEY not in client.session


def test_a_stale_sign_in_form_leads_back_and_keeps_nothing() -> None:
    client = Client(
        enforce_csrf_checks=True,
        headers={"Origin": "http://testserver", "Referer": "http://testserver/accounts/login/"},
    )
    response = client.post("/accounts/login/", {"login": "priya@north.example", "password": "x"})
    assert response["Location"] == "/accounts/login/"
    assert kept_text.SESSION_KEY not in client.session


def test_a_refusal_answers_409_with_the_way_back_and_keeps_the_text(priya: User) -> None:
    client = Client(headers=HERE)
    client.force_login(priya)
    response = client.post("/letters/sent/", {"body": "refuse"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "It is closed." in page
    assert 'href="/letters/?of=us"' in page
    assert client.get("/letters/").context["body"] == "refuse"


def test_a_missing_right_answers_403(priya: User) -> None:
    client = Client(headers=HERE)
    client.force_login(priya)
    response = client.post("/letters/sent/", {"body": "forbid"})
    assert response.status_code == 403
    assert "Only the engineer may." in response.content.decode()


def test_htmx_gets_a_refusal_as_a_notice_in_its_place(priya: User) -> None:
    client = Client(headers={**HERE, "HX-Request": "true"})
    client.force_login(priya)
    response = client.post("/letters/sent/", {"body": "refuse"})
    assert response.status_code == 409
    assert response["HX-Retarget"] == "#notices"
    assert "<html" not in response.content.decode()


def test_our_own_fault_keeps_the_text_too(priya: User) -> None:
    client = Client(headers=HERE, raise_request_exception=False)
    client.force_login(priya)
    response = client.post("/letters/sent/", {"body": "break"})
    assert response.status_code == 500
    assert "What you typed is kept" in response.content.decode()
    assert client.get("/letters/").context["body"] == "break"
