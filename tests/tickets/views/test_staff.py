"""Who reaches the engineers' addresses of a ticket, and who may change it there."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import make_ticket, nothing_changes
from tests.tickets.views.reading import words
from tests.tickets.views.staff_forms import ACTIONS, act, valid
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def foreign_ticket(foreign_contact: User, foreign_customer: Customer) -> Ticket:
    return make_ticket(foreign_contact, foreign_customer)


@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize("role", ["contact", "colleague", "manager", "foreign_contact"])
def test_customers_find_no_staff_address(
    client: Client,
    ticket: Ticket,
    engineer: User,
    name: str,
    role: str,
    request: pytest.FixtureRequest,
) -> None:
    client.force_login(request.getfixturevalue(role))

    with nothing_changes():
        assert act(client, name, ticket, valid(name, ticket, engineer)).status_code == 404


@pytest.mark.parametrize("name", ACTIONS)
def test_an_account_manager_finds_no_foreign_ticket(
    client: Client, tam: User, foreign_ticket: Ticket, engineer: User, name: str
) -> None:
    client.force_login(tam)

    with nothing_changes():
        response = act(client, name, foreign_ticket, valid(name, foreign_ticket, engineer))
        assert response.status_code == 404
        assert client.get(foreign_ticket.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("name", ACTIONS)
def test_an_analyst_finds_no_ticket_the_lab_does_not_work_on(
    client: Client, analyst: User, ticket: Ticket, engineer: User, name: str
) -> None:
    client.force_login(analyst)

    with nothing_changes():
        assert act(client, name, ticket, valid(name, ticket, engineer)).status_code == 404


@pytest.mark.parametrize("name", ACTIONS)
def test_the_signed_out_are_led_to_the_sign_in_and_change_nothing(
    client: Client, ticket: Ticket, engineer: User, name: str
) -> None:
    with nothing_changes():
        response = act(client, name, ticket, valid(name, ticket, engineer))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ACTIONS)
def test_changes_are_posted(desk: Client, ticket: Ticket, name: str) -> None:
    assert desk.get(reverse(name, args=[ticket.number])).status_code == 405


@pytest.mark.parametrize(
    ("role", "refused"),
    [
        ("tam", set(ACTIONS) - {"ticket_answers", "ticket_notes"} | {"ticket_answers"}),
        ("administrator", set(ACTIONS) - {"ticket_notes"}),
        ("engineer", {"ticket_excuse"}),
        ("duty_lead", set()),
        ("support_manager", set()),
    ],
)
def test_each_role_is_refused_what_it_may_not_do(
    client: Client,
    ticket: Ticket,
    other: User,
    role: str,
    refused: set[str],
    request: pytest.FixtureRequest,
) -> None:
    client.force_login(request.getfixturevalue(role))

    found = set()
    for name in ACTIONS:
        with transaction.atomic():
            if act(client, name, ticket, valid(name, ticket, other)).status_code == 403:
                found.add(name)
            transaction.set_rollback(True)
    assert found == refused


def test_an_account_manager_sees_no_button_of_an_engineer(
    client: Client, tam: User, ticket: Ticket
) -> None:
    client.force_login(tam)
    page = words(client.get(ticket.get_absolute_url()))

    for label in ("Take", "Resolve", "Change severity", "Log a call", "Qualified answer stops"):
        assert label not in page
    assert "Reply to customer" in page
