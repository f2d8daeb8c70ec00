"""What the palette lists, and for whom."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import make_ticket
from tests.tickets.views.reading import queries_of, words
from tickets.models import Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import write_note
from tickets.operations.queue_views import save_queue_view

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


def listed(by: User, typed: str = "", on: str = "/") -> Any:
    client = Client()
    client.force_login(by)
    return client.get(reverse("palette"), {"q": typed, "on": on})


def test_a_ticket_is_found_by_number_and_by_the_beginning_of_a_word(
    ticket: Ticket, engineer: User, contact: User
) -> None:
    for by in (engineer, contact):
        for typed in (ticket.reference, f"#{ticket.number}", "quaran", "printer driv"):
            response = listed(by, typed)
            assert f'href="{ticket.get_absolute_url()}"' in response.content.decode(), typed
            assert ticket.subject in words(response)


def test_people_and_companies_are_for_staff(
    ticket: Ticket, engineer: User, contact: User, foreign_contact: User
) -> None:
    assert "Priya Raman" in words(listed(engineer, "pri"))
    assert "Northwind Logistics" in words(listed(engineer, "north"))
    for by in (contact, foreign_contact):
        assert "Priya Raman" not in words(listed(by, "pri"))
        assert "Northwind Logistics" not in words(listed(by, "north"))


def test_nobody_is_shown_what_is_not_theirs(
    ticket: Ticket, contact: User, foreign_contact: User, engineer: User
) -> None:
    write_note(ticket, body="Our zaunkoenig rule.", by=engineer)

    assert ticket.subject in words(listed(engineer, "zaunk"))
    assert ticket.subject not in words(listed(contact, "zaunk"))
    for typed in ("quaran", ticket.reference, ""):
        response = listed(foreign_contact, typed, on=ticket.get_absolute_url())
        assert ticket.subject not in words(response)
        assert f"Reply on {ticket.reference}" not in words(response)


def test_what_can_be_done_here_is_what_this_person_may_do(
    ticket: Ticket, engineer: User, contact: User, administrator: User
) -> None:
    here = ticket.get_absolute_url()
    name = ticket.reference

    for engineers in (f"Take {name}", f"Resolve {name}", f"Reply on {name}", f"note on {name}"):
        assert engineers in words(listed(engineer, on=here))
    assert f"Reply on {name}" in words(listed(contact, on=here))
    for not_theirs in (f"Take {name}", f"Resolve {name}", f"note on {name}"):
        assert not_theirs not in words(listed(contact, on=here))
    assert f"Take {name}" not in words(listed(administrator, on=here))
    assert f"Take {name}" not in words(listed(engineer, on=reverse("queue")))

    take_ticket(ticket, by=engineer)
    assert f"Take {name}" not in words(listed(engineer, on=here))


def test_pages_are_those_of_the_readers_navigation(engineer: User, contact: User) -> None:
    assert "Roster" in words(listed(engineer, "> ros"))
    assert "Overdue tickets" in words(listed(engineer, "over"))
    assert "New ticket" in words(listed(contact, "new"))
    assert "Roster" not in words(listed(contact, "ros"))
    assert "Search everything for “ros”" in words(listed(contact, "ros"))
    assert "Search everything" not in words(listed(engineer, "> ros"))


def test_saved_views_are_listed_to_those_who_see_them(
    engineer: User, duty_lead: User, contact: User
) -> None:
    own = save_queue_view("Hot ones", query="severity=1", is_shared=False, by=engineer)
    team = save_queue_view("Waiting for lab", query="turn=lab", is_shared=True, by=engineer)
    addresses = {one: f'href="/queue/?saved={one.pk}&amp;{one.query}"' for one in (own, team)}

    page = listed(engineer, "hot").content.decode()
    assert addresses[own] in page
    assert addresses[team] not in page
    page = listed(duty_lead).content.decode()
    assert addresses[team] in page
    assert addresses[own] not in page
    assert "saved=" not in listed(contact).content.decode()


def test_the_next_ticket_is_taken_from_the_queue_by_those_who_work_on_them(
    engineer: User, tam: User
) -> None:
    for queue in ("queue", "my_tickets", "at_risk"):
        assert 'data-press="next"' in listed(engineer, "> take", reverse(queue)).content.decode()
    assert "Take next" not in words(listed(engineer, "> take"))
    assert "Take next" not in words(listed(tam, "> take", reverse("queue")))


@pytest.mark.parametrize("typed", ["\x00", "'", "<b>&", "a:*|!(", "is:", '"', "-", ">", "#", "\\"])
def test_any_text_is_answered(ticket: Ticket, engineer: User, typed: str) -> None:
    response = listed(engineer, typed, on="/tickets/99999999999999999/")

    assert response.status_code == 200
    assert "<b>&" not in response.content.decode()


def test_it_takes_at_most_ten_queries(
    client: Client, ticket: Ticket, contact: User, customer: Customer, engineer: User
) -> None:
    client.force_login(engineer)
    address = f"{reverse('palette')}?q=quaran&on={ticket.get_absolute_url()}"
    one = queries_of(client, address)
    for _ in range(3):
        make_ticket(contact, customer)

    assert queries_of(client, address) == one
    assert one <= 10


def test_the_sheet_lists_the_keys_that_do_something_for_its_reader(
    client: Client, engineer: User, tam: User, contact: User
) -> None:
    def sheet(by: User) -> str:
        client.force_login(by)
        return words(client.get(reverse("search")))

    assert "Take the ticket" in sheet(engineer)
    assert "Take the ticket" not in sheet(tam)
    assert "Write a note" in sheet(tam)
    assert "Write a note" not in sheet(contact)
    assert "Go to tickets" in sheet(contact)
