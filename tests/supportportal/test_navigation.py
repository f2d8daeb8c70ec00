"""The navigation shows each reader the places that are theirs."""

from types import SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import path

from accounts.models import User
from supportportal.context_processors import phone_href
from supportportal.navigation import Section, navigation

pytestmark = pytest.mark.urls(__name__)


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


NAMES = (
    "home",
    "ticket_list",
    "company",
    "queue",
    "my_work",
    "at_risk",
    "customer_list",
    "contract_list",
    "plan_request_list",
    "edition_list",
    "person_list",
)
urlpatterns = [path(f"{name}/", page, name=name) for name in NAMES]


def labels_for(roles: list[str], here: str = "") -> list[Section]:
    request = RequestFactory().get("/")
    request.user = User(pk=1, name="Somebody", roles=roles)
    request.resolver_match = SimpleNamespace(url_name=here)  # type: ignore[assignment]  # only the name is read
    return navigation(request)


def test_a_customer_sees_three_places() -> None:
    (section,) = labels_for([])
    assert [item.label for item in section.items] == ["Home", "Tickets", "Company"]


def test_an_engineer_does_not_see_people_and_requests() -> None:
    shown = {s.label: [item.label for item in s.items] for s in labels_for(["engineer"])}
    assert shown == {
        "Work": ["Queue", "My work", "At risk"],
        "Customers": ["Customers", "Contracts"],
        "Administration": ["Plans and targets"],
    }


def test_a_lab_analyst_sees_no_customers() -> None:
    assert [section.label for section in labels_for(["analyst"])] == ["Work", "Administration"]


def test_an_administrator_sees_them() -> None:
    administration = labels_for(["administrator"])[-1]
    labels = [item.label for item in administration.items]
    assert labels == ["Plan requests", "Plans and targets", "People and access"]


def test_a_page_this_portal_does_not_have_is_left_out() -> None:
    # calendar_list is not among the addresses above.
    administration = labels_for(["administrator"])[-1]
    assert "Coverage calendars" not in [item.label for item in administration.items]


def test_a_ticket_keeps_its_list_lit() -> None:
    (section,) = labels_for([], here="ticket")
    assert [item.label for item in section.items if item.is_current] == ["Tickets"]


def test_a_form_keeps_its_list_lit() -> None:
    items = [
        item
        for section in labels_for(["administrator"], here="person_edit")
        for item in section.items
    ]
    assert [item.label for item in items if item.is_current] == ["Customers"]


def test_a_phone_number_becomes_a_link() -> None:
    assert phone_href("+1 (617) 555-0142") == "tel:+16175550142"
