"""What a ticket belongs to, on its pages: tags, and who follows it."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import make_ticket
from tests.programs import program_of
from tests.tickets.views.reading import words
from tickets.models import Ticket
from tickets.operations.tags import change_tags
from tickets.operations.watching import watch_ticket
from tickets.tag_suggestions import SUGGESTED

pytestmark = pytest.mark.django_db

CANARY = "zaunkoenig"


def post(client: Client, name: str, ticket: Ticket, *more: int, **typed: Any) -> Any:
    return client.post(reverse(name, args=[ticket.number, *more]), typed, follow=True)


def test_a_tag_is_typed_shown_and_taken_off(desk: Client, ticket: Ticket) -> None:
    cache.delete(SUGGESTED)
    page = post(desk, "ticket_tags", ticket, add="Rule 7, printing")
    assert '<li class="tag tag--line">rule-7' in page.content.decode()
    assert '<option value="printing">' in desk.get(reverse("tag_names")).content.decode()
    assert "changed the tags: +printing, +rule-7" in words(page)
    assert '<span class="tag tag--line">rule-7</span>' in desk.get("/queue/").content.decode()

    page = post(desk, "ticket_tags", ticket, remove="rule-7")
    assert '<li class="tag tag--line">rule-7' not in page.content.decode()


def test_a_wrong_tag_comes_back_beside_its_field(desk: Client, ticket: Ticket) -> None:
    page = post(desk, "ticket_tags", ticket, add="good, !!")

    assert page.status_code == 422
    assert "A tag needs letters or digits." in words(page)
    assert 'value="good, !!"' in page.content.decode()
    assert Ticket.objects.get(pk=ticket.pk).tags == []


def test_an_engineer_watches_and_stops(desk: Client, ticket: Ticket, engineer: User) -> None:
    page = post(desk, "ticket_watching", ticket)
    assert "Stop watching" in words(page)
    assert list(ticket.staff_watchers.all()) == [engineer]

    post(desk, "ticket_watching_removal", ticket)
    assert not ticket.staff_watchers.exists()


def test_an_engineer_reads_who_follows(
    desk: Client, ticket: Ticket, contact: User, engineer: User
) -> None:
    watch_ticket(ticket, by=engineer)

    said = words(desk.get(ticket.get_absolute_url())).split("Who follows it")[1]

    assert f"Customer {contact.name} Support {engineer.name}" in said


def test_a_customer_sends_a_colleague_copies(
    client: Client, ticket: Ticket, contact: User, colleague: User, foreign_contact: User
) -> None:
    client.force_login(contact)
    page = post(client, "ticket_watchers", ticket, person=colleague.pk)
    assert "Daniel Osei gets copies now" in words(page)

    page = post(client, "ticket_watcher_removal", ticket, colleague.pk)
    assert "Daniel Osei gets no more copies" in words(page)

    page = post(client, "ticket_watchers", ticket, person=foreign_contact.pk)
    assert page.status_code == 422
    assert "Choose somebody of your company." in words(page)
    assert "Owen Hart" not in page.content.decode()
    assert not ticket.watchers.exists()


def test_a_foreigner_changes_no_copies(
    client: Client, ticket: Ticket, foreign_contact: User, colleague: User
) -> None:
    ticket.watchers.add(colleague)
    client.force_login(foreign_contact)

    assert post(client, "ticket_watchers", ticket, person=colleague.pk).status_code == 404
    assert post(client, "ticket_watcher_removal", ticket, colleague.pk).status_code == 404
    assert list(ticket.watchers.all()) == [colleague]


def test_customers_find_neither_tags_nor_who_of_us_watches(
    client: Client, ticket: Ticket, engineer: User, duty_lead: User, contact: User
) -> None:
    change_tags(ticket, add=[CANARY], by=engineer)
    watch_ticket(ticket, by=duty_lead)
    client.force_login(contact)
    program = program_of(contact)
    answers: list[Any] = [
        client.get(ticket.get_absolute_url()),
        client.get("/tickets/"),
        program.get("/api/v1/tickets/"),
        program.get(f"/api/v1/tickets/{ticket.number}/"),
        program.get(f"/api/v1/tickets/{ticket.number}/events/"),
        program.get(f"/api/v1/tickets/{ticket.number}/watchers/"),
    ]

    for answer in answers:
        assert answer.status_code == 200
        assert CANARY not in answer.content.decode()
        assert "Jonas" not in answer.content.decode()
    assert program.get("/api/v1/tickets/", {"tag": CANARY}).json()["results"] == []
    assert len(program_of(engineer).get("/api/v1/tickets/", {"tag": CANARY}).json()["results"]) == 1


def test_a_program_finds_nobody_of_another_company(
    ticket: Ticket, contact: User, colleague: User, foreign_contact: User, customer: Customer
) -> None:
    program = program_of(contact)
    address = f"/api/v1/tickets/{ticket.number}/watchers/"

    added = program.post(address, {"watcher": colleague.email})
    assert added.json() == {"watchers": [{"name": "Daniel Osei", "is_staff": False}]}
    assert program.post(address, {"watcher": foreign_contact.email}).status_code == 400
    # Who has left gets no copies, and is not among those who do.
    place = colleague.memberships.filter(customer=customer)
    place.update(left_at=timezone.now())
    assert program.get(address).json() == {"watchers": []}
    place.update(left_at=None)
    removed = program.post(f"{address}removal/", {"watcher": colleague.email})
    assert removed.json() == {"watchers": []}


def test_the_tag_of_another_ticket_is_not_shown_here(
    desk: Client, ticket: Ticket, engineer: User, contact: User, customer: Customer
) -> None:
    other = make_ticket(contact, customer)
    change_tags(other, add=["zebra"], by=engineer)

    assert (
        '<li class="tag tag--line">zebra'
        not in desk.get(ticket.get_absolute_url()).content.decode()
    )
