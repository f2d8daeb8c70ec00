"""Outbreaks by program: opened, answered and ended, and what a customer's program sees of them."""

import uuid

import pytest

from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import make_ticket
from tests.programs import program_of
from tickets.models import Ticket

ADDRESS = "/api/v1/outbreaks/"
CANARY = "Zaunkoenig"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def ours(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


@pytest.fixture
def theirs(foreign_contact: User, foreign_customer: Customer) -> Ticket:
    return make_ticket(foreign_contact, foreign_customer)


def test_a_program_leads_an_outbreak_from_its_opening_to_its_end(
    ours: Ticket, theirs: Ticket, engineer: User
) -> None:
    desk = program_of(engineer)
    first = {
        "title": CANARY,
        "summary": "Rule 7.",
        "tickets": [ours.number, theirs.number],
        "submission_key": str(uuid.uuid4()),
    }
    opened = desk.post(ADDRESS, first).json()
    assert desk.post(ADDRESS, first).json() == opened  # The same form sent twice opens one.
    assert opened["done"] == [ours.number, theirs.number]
    assert opened["refused"] == []
    address = f"{ADDRESS}{opened['key']}/"

    again = desk.post(f"{address}tickets/", {"tickets": [ours.number]}).json()
    assert again == {
        "done": [],
        "refused": [{"ticket": ours.number, "why": "It is in here already."}],
    }
    key = str(uuid.uuid4())
    for _ in range(2):  # The same form sent twice is one broadcast.
        sent = desk.post(
            f"{address}broadcasts/",
            {"body": "We withdrew the rule.", "qualified": True, "submission_key": key},
        )
        assert sent.status_code == 201
        assert sent.json()["done"] == [ours.number, theirs.number]
    assert ours.messages.count() == theirs.messages.count() == 1
    told = desk.get(address).json()
    assert (told["tickets"], told["customers"], told["answered"]) == (2, 2, 2)
    assert [part["customer"] for part in told["parts"]] == [
        "northwind-logistics",
        "eastgate-hospitals",
    ]
    assert all(part["told_at"] for part in told["parts"])

    ended = desk.post(f"{address}end/", {"resolution": "Update 4712."}).json()
    assert ended == {"done": [ours.number, theirs.number], "refused": []}
    (listed,) = desk.get(ADDRESS).json()["results"]
    assert listed["ended_at"] is not None


def test_a_number_nobody_knows_is_told_beside_its_field(ours: Ticket, engineer: User) -> None:
    desk = program_of(engineer)
    answer = desk.post(ADDRESS, {"title": "A", "summary": "B", "tickets": [99]})
    assert answer.status_code == 400
    assert "99" in str(answer.json())


def test_a_customers_program_sees_nothing_of_an_outbreak(
    ours: Ticket, theirs: Ticket, contact: User, engineer: User
) -> None:
    desk, program = program_of(engineer), program_of(contact)
    opened = desk.post(
        ADDRESS, {"title": CANARY, "summary": CANARY, "tickets": [ours.number, theirs.number]}
    ).json()
    address = f"{ADDRESS}{opened['key']}/"
    desk.post(f"{address}broadcasts/", {"body": "Withdrawn.", "qualified": True})

    assert program.get(ADDRESS).status_code == 403
    assert program.get(address).status_code == 404
    for part in ("", "events/", "messages/", "links/"):
        seen = program.get(f"/api/v1/tickets/{ours.number}/{part}").content.decode()
        for word in (CANARY, "outbreak", "Eastgate", theirs.reference, str(theirs.number)):
            assert word not in seen


def test_an_account_manager_reads_no_outbreaks_name_among_the_events(
    ours: Ticket, theirs: Ticket, tam: User, engineer: User
) -> None:
    """They see the tickets of their customers, and the name may tell of others."""
    desk = program_of(engineer)
    desk.post(ADDRESS, {"title": CANARY, "summary": "x", "tickets": [ours.number, theirs.number]})
    address = f"/api/v1/tickets/{ours.number}/events/"

    assert CANARY in desk.get(address).content.decode()
    read = program_of(tam).get(address)
    assert read.status_code == 200
    assert "joined_outbreak" in read.content.decode()
    assert CANARY not in read.content.decode()
