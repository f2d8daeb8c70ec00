"""A list costs the same with 1 row and with 20."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.choices import Role
from entitlements.models import Contract, Plan
from entitlements.operations.incidents import debit_incident
from entitlements.operations.invitations import invite_person
from entitlements.operations.plan_requests import request_plan
from entitlements.operations.seats import give_seat
from entitlements.operations.top_ups import request_top_up
from tests.factories import entitlements as factory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


def add_rows(contract, administrator, count: int) -> None:
    """Let every list grow: customers, contracts, people, seats, entries, requests, staff."""
    made = contract.customer.memberships.count()
    for number in range(made, made + count):
        person = factory.make_person(contract.customer, f"Person Number{number}")
        give_seat(contract, person, by=administrator, now=NOW)
        debit_incident(contract, ticket_number=number + 1, by=person.user, now=NOW)
        customer = factory.make_customer(f"Company {number}")
        of_it = factory.make_contract(customer, number=f"C-{number}")
        chief = factory.make_person(customer, f"Chief Number{number}", is_manager=True)
        request_top_up(of_it, amount=6, reason="", by=chief.user, now=NOW)
        invite_person(
            contract.customer,
            email=f"new.{number}@northwind.example",
            is_manager=False,
            sees_company=False,
            gives_seat=False,
            by=administrator,
            now=NOW,
        )
        factory.make_staff_member(f"Colleague Number{number}", Role.ENGINEER)
        request_plan(
            Plan.objects.get(key="msa-plus"),
            company=f"Company {number}",
            name="Somebody",
            email="somebody@company.example",
            phone="",
            message="",
            customer=customer,
        )


@pytest.mark.parametrize(
    ("person", "address"),
    [
        ("administrator", "/customers/"),
        ("administrator", "/customers/northwind-logistics/"),
        ("administrator", "/contracts/"),
        ("administrator", "/contracts/?state=active"),
        ("administrator", "/contracts/C-2026-0417/"),
        ("administrator", "/plan-requests/"),
        ("administrator", "/people/"),
        ("administrator", "/editions/"),
        ("administrator", "/calendars/"),
        ("manager", "/companies/northwind-logistics/plan/"),
        ("manager", "/companies/northwind-logistics/people/"),
        ("manager", "/companies/northwind-logistics/incidents/"),
        ("manager", "/companies/northwind-logistics/history/"),
        ("administrator", "/top-ups/"),
    ],
)
def test_a_list_costs_the_same_with_1_and_with_20_rows(
    request, customer, catalogue, person, address
):
    contract = factory.make_contract(customer, "msa-business")
    administrator = request.getfixturevalue("administrator")
    reader = request.getfixturevalue(person)
    Contract.objects.filter(pk=contract.pk).update(seat_limit=50)
    client = request.getfixturevalue("client")
    client.force_login(reader)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    add_rows(contract, administrator, 1)
    client.get(address)  # fills the caches of schedules and session
    with_one = cost()
    add_rows(contract, administrator, 19)
    assert cost() == with_one


@pytest.mark.parametrize("page", ["plan", "people", "incidents", "history"])
def test_a_page_of_the_company_takes_at_most_ten_queries(
    contract, contact, manager, administrator, client, page
):
    add_rows(contract, administrator, 1)
    client.force_login(manager)
    address = f"/companies/northwind-logistics/{page}/"
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len(queries) <= 10, "\n".join(one["sql"][:150] for one in queries)
