from typing import Any

import pytest
from django.utils.html import strip_tags

from accounts.choices import Role
from accounts.models import User
from entitlements.models import Customer
from tests.factories import entitlements as factory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.fixture
def desk(client, administrator):
    """The administrator's browser."""
    client.force_login(administrator)
    return client


def test_an_administrator_adds_a_customer(desk, tam):
    answer = desk.post(
        "/customers/new/",
        {"name": "Alder & Finch", "zone": "Europe/Berlin", "tam": tam.pk},
        follow=True,
    )
    assert answer.redirect_chain == [("/customers/alder-finch/", 302)]
    assert "Alder &amp; Finch added." in text_of(answer)
    assert Customer.objects.get().tam == tam


def test_a_name_in_use_is_said_beside_its_field(desk, customer):
    answer = desk.post("/customers/new/", {"name": "Northwind Logistics", "zone": "UTC"})
    assert answer.status_code == 422
    assert "A customer of this name exists already." in text_of(answer)
    assert 'value="Northwind Logistics"' in text_of(answer)


def test_only_a_tam_is_offered_as_account_manager(desk, customer, engineer, tam):
    page = text_of(desk.get("/customers/northwind-logistics/edit/"))
    assert "Ines Duarte</option>" in page
    assert "Mara Kovac" not in page


def test_a_change_of_a_customer_stands_in_its_history(desk, customer):
    answer = desk.post(
        "/customers/northwind-logistics/edit/",
        {"name": "Northwind Freight", "zone": "America/New_York"},
        follow=True,
    )
    page = text_of(answer)
    assert "Changes saved." in page
    assert "Name: Northwind Logistics → Northwind Freight" in page
    assert "Tam: Ines Duarte → none" in page


@pytest.mark.parametrize(
    ("words", "is_found"),
    [("northw", True), ("C-2026-0417", True), ("priya.raman@", True), ("eastgate", False)],
)
def test_a_customer_is_found_by_name_contract_or_person(
    desk, contact, foreign_contact, words, is_found
):
    page = text_of(desk.get("/customers/", {"q": words}))
    assert ("Northwind Logistics" in page) is is_found


def test_a_search_finds_nothing_of_customers_one_does_not_see(
    customer, foreign_contact, tam, client
):
    client.force_login(tam)
    assert "No customer matches" in text_of(client.get("/customers/", {"q": "eastgate"}))
    assert "No customer matches" in text_of(client.get("/customers/", {"q": "owen.hart@"}))


def test_the_list_of_customers_says_plan_end_incidents_and_seats(
    desk, contract, contact, foreign_contract
):
    page = text_of(desk.get("/customers/"))
    for words in ("MSA Business", "31 Dec 2026", "1 of 4", "Unlimited", "Ines Duarte"):
        assert words in page


def test_an_administrator_adds_a_staff_member_and_changes_roles(desk):
    typed = {
        "name": "Tomas Herrera",
        "email": "tomas@orrin.example",
        "zone": "Europe/Madrid",
        "roles": ["engineer", "duty_lead"],
    }
    answer = desk.post("/people/new/", typed, follow=True)
    assert "Tomas Herrera added." in text_of(answer)
    user = User.objects.get(email="tomas@orrin.example")
    assert user.roles == [Role.ENGINEER, Role.DUTY_LEAD]
    answer = desk.post(f"/people/{user.pk}/", {"roles": ["analyst"]}, follow=True)
    assert "Roles saved." in text_of(answer)
    user.refresh_from_db()
    assert user.roles == [Role.ANALYST]
    assert "engineer, duty lead → analyst" in text_of(desk.get(f"/people/{user.pk}/"))


def test_an_address_in_use_is_said_beside_its_field(desk, engineer):
    typed = {"name": "Mara", "email": engineer.email, "zone": "UTC", "roles": ["analyst"]}
    answer = desk.post("/people/new/", typed)
    assert answer.status_code == 422
    assert engineer.email in text_of(answer)
    assert User.objects.filter(email=engineer.email).count() == 1


def test_the_last_administrator_keeps_the_role(desk, administrator):
    answer = desk.post(f"/people/{administrator.pk}/", {"roles": ["engineer"]})
    assert answer.status_code == 422
    assert "This is the last administrator" in text_of(answer)
    administrator.refresh_from_db()
    assert administrator.has_role(Role.ADMINISTRATOR)


def test_plans_and_targets_show_both_enterprise_editions(desk, catalogue):
    page = strip_tags(text_of(desk.get("/editions/")))
    assert "MSA Enterprise (2023 data sheet)" in page
    assert "6 working hours, 09:00–19:00 ET, Mon–Fri" in page
    assert "12 working hours, 09:00–19:00 ET, Mon–Fri" in page
    assert "Highest" in page


def test_calendars_show_their_week_and_the_next_closures(desk, catalogue):
    page = text_of(desk.get("/calendars/"))
    for words in ("24x7x365", "09:00–19:00 ET, Mon–Fri", "Memorial Day", "Never"):
        assert words in page
    # The next four after Tuesday 10 March 2026 end with Independence Day, observed on Friday.
    assert "Independence Day (observed)" in page
    assert "Labor Day" not in page


def test_a_calendar_shows_a_year_its_users_and_its_versions(desk, contract):
    page = text_of(desk.get("/calendars/msa-business-hours/"))
    assert "Sat 4</span> Independence Day" in page
    assert "clocks go forward 1 h" in page
    assert "MSA Business" in page
    assert "1 contract in force" in page
    assert "from the catalogue" in page
    assert "United States" in page


def test_another_year_is_shown_when_the_address_names_it(desk, catalogue):
    page = text_of(desk.get("/calendars/msa-business-hours/?year=2027"))
    assert "Mon 5</span> Independence Day (observed)" in page
    assert desk.get("/calendars/msa-business-hours/?year=x").status_code == 200
    assert desk.get("/calendars/msa-business-hours/?year=9999").status_code == 200


@pytest.mark.parametrize("address", ["/calendars/", "/calendars/msa-business-hours/"])
def test_only_an_administrator_is_offered_a_change_of_calendars(
    client, catalogue, duty_lead, desk, address
):
    offers = ('href="/calendars/new/"', 'href="/calendars/msa-business-hours/edit/"')
    assert any(offer in text_of(desk.get(address)) for offer in offers)
    client.force_login(duty_lead)
    assert not any(offer in text_of(client.get(address)) for offer in offers)


def test_empty_lists_say_so(desk):
    assert "No customers yet" in text_of(desk.get("/customers/"))
    assert "No contracts yet" in text_of(desk.get("/contracts/"))
    assert "No open requests" in text_of(desk.get("/plan-requests/"))
    assert "No editions yet" in text_of(desk.get("/editions/"))
    assert "No calendars yet" in text_of(desk.get("/calendars/"))


def test_long_lists_have_pages(desk):
    for number in range(51):
        factory.make_customer(f"Company {number:03}")
    assert "Company 050" not in text_of(desk.get("/customers/"))
    assert "Company 050" in text_of(desk.get("/customers/?page=2"))


def test_a_search_with_what_no_text_holds_finds_the_rest_of_it(desk, customer):
    answer = desk.get("/customers/", {"q": "North\0wind"})
    assert answer.status_code == 200
    assert "Northwind Logistics" in text_of(answer)
