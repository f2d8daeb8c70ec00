"""Errors are pages with a way on, and the phone line stands on every one."""

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import include, path

pytestmark = pytest.mark.urls(__name__)


def refuse(request: HttpRequest, kind: str) -> HttpResponse:
    errors: dict[str, Exception] = {
        "missing": Http404("Ticket 17 of Eastgate"),
        "denied": PermissionDenied("Only a duty lead may."),
        "large": RequestDataTooBig("too big"),
        "broken": ZeroDivisionError("secret detail"),
    }
    raise errors[kind]


urlpatterns = [path("accounts/", include("allauth.urls")), path("<str:kind>/", refuse)]
handler400 = "supportportal.page_errors.bad_request"
handler403 = "supportportal.page_errors.permission_denied"
handler404 = "supportportal.page_errors.page_not_found"
handler500 = "supportportal.page_errors.server_error"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "status", "heading"),
    [
        ("missing", 404, "There is no page at this address"),
        ("denied", 403, "Only a duty lead may."),
        ("large", 413, "That was more than we take at once"),
        ("broken", 500, "We broke something, and we know"),
    ],
)
def test_an_error_has_its_status_its_words_and_the_phone_line(
    kind: str, status: int, heading: str
) -> None:
    response = Client(raise_request_exception=False).get(f"/{kind}/")
    page = response.content.decode()
    assert response.status_code == status
    assert heading in page
    assert "+1 617 555 0142" in page


@pytest.mark.django_db
def test_a_missing_page_does_not_say_what_is_missing() -> None:
    assert "Eastgate" not in Client().get("/missing/").content.decode()


def test_our_fault_needs_no_database_and_gives_a_reference(
    caplog: pytest.LogCaptureFixture,
) -> None:
    # No django_db mark: a query would fail this test.
    response = Client(raise_request_exception=False).get("/broken/")
    page = response.content.decode()
    assert response.status_code == 500
    assert "secret detail" not in page
    reference = page.split('<span class="mono">')[1].split("<")[0]
    assert reference in caplog.text


def test_the_page_of_our_fault_needs_no_context() -> None:
    assert "We broke something" in render_to_string("500.html")
