"""The queue's own box reads what is typed as the search does; tags and customers are suggested."""

from datetime import datetime
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from accounts.models import User
from entitlements.models import Customer
from tests.factories.entitlements import make_customer
from tests.factories.tickets import make_ticket
from tests.tickets.views.reading import words
from tickets.choices import TicketKind
from tickets.forms.queue import QueueFilter
from tickets.models import Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.tags import change_tags
from tickets.queue_choices import queue_choices

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, engineer: User) -> Client:
    client.force_login(engineer)
    return client


@pytest.fixture
def tickets(
    contact: User,
    customer: Customer,
    foreign_contact: User,
    foreign_customer: Customer,
    engineer: User,
    tuesday: datetime,
) -> dict[str, Ticket]:
    printer = make_ticket(contact, customer, severity=1, subject="Printer stopped")
    mail = make_ticket(contact, customer, severity=3, subject="Mail is slow")
    foreign = make_ticket(
        foreign_contact, foreign_customer, kind=TicketKind.BREAK_FIX, subject="Printer is loud"
    )
    take_ticket(mail, by=engineer, now=tuesday)
    change_tags(printer, add=["rule-7", "driver"], by=engineer)
    change_tags(mail, add=["rule-7"], by=engineer)
    return {"printer": printer, "mail": mail, "foreign": foreign}


def queue(desk: Client, query: str) -> Any:
    response = desk.get(f"{reverse('queue')}?{query}")
    assert response.status_code == 200
    return response


def shown(response: Any) -> set[int]:
    return {row.number for group in response.context["groups"] for row in group.rows}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("printer", {"printer", "foreign"}),
        ("printer severity:1", {"printer"}),
        ("severity:critical", {"printer"}),
        ("customer:eastgate", {"foreign"}),
        ("assignee:me", {"mail"}),
        ("-assignee:me", {"printer", "foreign"}),
        ("tag:driver", {"printer"}),
        ('tag:"Rule 7"', {"printer", "mail"}),
        ("-tag:Driver", {"mail", "foreign"}),
        ("tag:unheard", set()),
        ('"is loud"', {"foreign"}),
        ("printer -loud", {"printer"}),
        ("is:closed", set()),
        ("severity:9", set()),
        ("colour:red printer", {"printer", "foreign"}),
    ],
)
def test_operators_mean_what_they_mean_in_the_search(
    desk: Client, tickets: dict[str, Ticket], typed: str, expected: set[str]
) -> None:
    response = queue(desk, f"q={typed.replace(' ', '+')}")
    assert shown(response) == {tickets[name].number for name in expected}


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("severity:9", "severity: 1, 2, 3 or 4"),
        ("colour:red", "“colour:” is no operator"),
        ("tag:unheard", "tag: nobody has used the tag “unheard”."),
        ('tag:"…"', "tag: A tag needs letters or digits."),
        ("-printer", "Add a word to look for"),
    ],
)
def test_what_means_nothing_is_answered_with_a_hint(
    desk: Client, tickets: dict[str, Ticket], typed: str, hint: str
) -> None:
    assert hint in words(queue(desk, f"q={typed}"))


def test_what_depends_on_the_reader_is_not_counted_for_others(
    tickets: dict[str, Ticket], engineer: User, duty_lead: User
) -> None:
    def canonical(typed: str, by: User) -> str:
        query = QueryDict(f"q={typed}")
        return QueueFilter(query, choices=queue_choices(by), by=by).canonical

    assert canonical("assignee:me", engineer) != canonical("assignee:me", duty_lead)
    assert canonical("printer", engineer) == canonical("printer", duty_lead)


def test_the_queue_is_narrowed_to_a_tag(desk: Client, tickets: dict[str, Ticket]) -> None:
    assert shown(queue(desk, "tag=rule-7")) == {tickets["printer"].number, tickets["mail"].number}
    assert shown(queue(desk, "tag=driver&tag=rule-7&severity=3")) == {tickets["mail"].number}
    # As people type it; and one nobody uses narrows nothing, as any value nobody knows.
    assert shown(queue(desk, "tag=Rule+7,+driver&severity=1")) == {tickets["printer"].number}
    assert len(shown(queue(desk, "tag=unheard-of"))) == 3
    assert "Tag driver" in words(queue(desk, "tag=driver"))


def test_tags_are_counted_when_the_filter_is_opened(
    desk: Client, tickets: dict[str, Ticket], engineer: User
) -> None:
    def options(query: str) -> dict[str, int]:
        found = desk.get(f"{reverse('queue_tags')}?{query}").context["options"]
        return {option.label: option.count for option in found}

    assert options("in=open") == {"rule-7": 2, "driver": 1}
    assert options("in=mine") == {"rule-7": 1}
    assert options("in=open&severity=1") == {"rule-7": 1, "driver": 1}
    assert options("in=open&q=mail&tag=driver") == {"rule-7": 1, "driver": 0}
    assert "/queue/tags/?in=open&amp;tag=driver" in queue(desk, "tag=driver").content.decode()


def test_tags_are_counted_among_what_somebody_sees(
    client: Client,
    tickets: dict[str, Ticket],
    foreign_customer: Customer,
    tam: User,
    engineer: User,
) -> None:
    change_tags(tickets["foreign"], add=["secret"], by=engineer)
    client.force_login(tam)
    assert "secret" not in client.get(reverse("queue_tags")).content.decode()


def test_names_of_customers_are_suggested_while_somebody_types(
    client: Client, desk: Client, customer: Customer, foreign_customer: Customer, tam: User
) -> None:
    for number in range(30):
        make_customer(f"Harbour {number:02}")
    names = reverse("customer_names")

    assert words(desk.get(f"{names}?customer=x")) == ""
    assert 'value="Eastgate Hospitals"' in desk.get(f"{names}?customer=hosp").content.decode()
    assert desk.get(f"{names}?customer=harb").content.decode().count("<option") == 12
    assert desk.get(names).content.decode().count("<option") == 12

    client.force_login(tam)
    assert "Eastgate" not in client.get(f"{names}?customer=east").content.decode()
    assert client.get(names).content.decode().count("<option") == 1


def test_a_chosen_name_narrows_the_queue(desk: Client, tickets: dict[str, Ticket]) -> None:
    response = queue(desk, "customer=Eastgate+Hospitals")
    assert shown(response) == {tickets["foreign"].number}
