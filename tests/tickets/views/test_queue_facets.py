"""Counts beside the queue's filters are right under the other filters, and unread is told."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from tests.factories import entitlements as people
from tests.factories.tickets import make_ticket
from tests.tickets.views.reading import words
from tickets.choices import TicketKind
from tickets.forms.queue import QueueFilter
from tickets.models import Ticket, TicketLook
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket, write_note
from tickets.queue_choices import queue_choices

pytestmark = pytest.mark.django_db


@pytest.fixture
def tickets(
    contact: User,
    customer: Customer,
    foreign_contact: User,
    foreign_customer: Customer,
    engineer: User,
    tuesday: datetime,
) -> dict[str, Ticket]:
    """Northwind: one critical, two high of which one waits for it; Eastgate: one high."""
    critical = make_ticket(contact, customer, severity=Severity.CRITICAL)
    high = make_ticket(contact, customer, severity=Severity.HIGH)
    waits = make_ticket(contact, customer, severity=Severity.HIGH)
    take_ticket(waits, by=engineer, now=tuesday)
    answer_ticket(
        waits,
        body="Which version?",
        qualified=False,
        by=engineer,
        wait_for_customer=True,
        now=tuesday,
    )
    foreign = make_ticket(
        foreign_contact, foreign_customer, severity=Severity.HIGH, kind=TicketKind.BREAK_FIX
    )
    return {"critical": critical, "high": high, "waits": waits, "foreign": foreign}


@pytest.fixture
def counted(engineer: User) -> Callable[[str], dict[str, dict[str, int]]]:
    def count(query: str) -> dict[str, dict[str, int]]:
        form = QueueFilter(QueryDict(query), choices=queue_choices(engineer), by=engineer)
        facets = form.facets(form.counts("open", timezone.now()), "open")
        return {
            facet.name: {option.label: option.count or 0 for option in facet.options}
            for facet in facets
        }

    return count


def test_each_value_counts_the_open_tickets_that_have_it(
    tickets: dict[str, Ticket],
    counted: Callable[[str], Any],
    engineer: User,
    customer: Customer,
    foreign_customer: Customer,
) -> None:
    found = counted("")

    assert found["severity"] == {"Critical": 1, "High": 3}
    assert found["state"] == {"New": 3, "Waiting for customer": 1}
    assert found["turn"] == {"Ours": 3, "The customer’s": 1}
    assert found["assignee"] == {"Nobody": 3, str(engineer): 1}
    assert found["customer"] == {customer.name: 3, foreign_customer.name: 1}


def test_a_count_is_narrowed_by_the_other_facets_and_not_by_its_own(
    tickets: dict[str, Ticket], counted: Callable[[str], Any], customer: Customer
) -> None:
    found = counted(f"severity=2&customer={customer.slug}")

    assert found["severity"] == {"Critical": 1, "High": 2}
    assert found["customer"] == {"Northwind Logistics": 2, "Eastgate Hospitals": 1}
    assert found["turn"] == {"Ours": 1, "The customer’s": 1}


def test_several_values_of_one_facet_widen_and_of_two_facets_narrow(
    tickets: dict[str, Ticket], engineer: User
) -> None:
    def found(query: str) -> set[str]:
        form = QueueFilter(QueryDict(query), choices=queue_choices(engineer), by=engineer)
        left = set(form.narrowing("open").tickets(timezone.now()))
        return {name for name, ticket in tickets.items() if ticket in left}

    assert found("severity=1&severity=2") == {"critical", "high", "waits", "foreign"}
    assert found("severity=2&turn=us") == {"high", "foreign"}
    assert found(f"assignee=none&assignee={engineer.pk}&severity=1") == {"critical"}
    assert found("assignee=none&turn=customer") == set()
    assert found("customer=NORTHWIND+logistics&severity=2") == {"high", "waits"}
    assert found("turn=nobody&state=x&product=%00&customer=%00") == set(tickets)


def test_what_narrows_is_a_chip_that_can_be_taken_away(
    client: Client, engineer: User, tickets: dict[str, Ticket]
) -> None:
    client.force_login(engineer)
    response = client.get("/queue/?severity=1&severity=2&turn=us")

    assert "Severity Critical , take away Severity High , take away Turn Ours" in words(response)
    assert "3 of 4 match" in words(response)
    taken_away = re.findall(r'class="chip chip--on" href="([^"]*)"', response.content.decode())
    assert taken_away[0] == "/queue/?severity=2&amp;turn=us"


def test_words_are_taken_away_as_any_other(
    client: Client, engineer: User, tickets: dict[str, Ticket]
) -> None:
    client.force_login(engineer)
    response = client.get("/queue/?q=driver&turn=us&after=1.2.3")

    assert "Turn Ours , take away Words driver , take away" in words(response)
    taken_away = re.findall(r'class="chip chip--on" href="([^"]*)"', response.content.decode())
    assert taken_away == ["/queue/?q=driver", "/queue/?turn=us"]


def test_a_ticket_is_unread_until_it_is_opened_and_again_when_something_happens(
    client: Client, engineer: User, ticket: Ticket, tuesday: datetime
) -> None:
    other = people.make_staff_member("Jan Novak", Role.ENGINEER)
    client.force_login(engineer)

    def is_unread() -> bool:
        return 'class="is-unread"' in client.get("/queue/").content.decode()

    assert is_unread()
    client.get(ticket.get_absolute_url())
    assert not is_unread()
    write_note(ticket, body="It is the driver.", by=other, now=tuesday + timedelta(minutes=1))
    assert is_unread()


def test_what_one_does_in_the_queue_is_nothing_new_to_oneself(
    client: Client, engineer: User, ticket: Ticket
) -> None:
    client.force_login(engineer)
    client.get(ticket.get_absolute_url())
    client.post("/queue/selection/", {"ticket": ticket.number, "act": "take"})

    assert 'class="is-unread"' not in client.get("/queue/").content.decode()


def test_a_second_look_at_the_same_writes_nothing(
    client: Client, engineer: User, ticket: Ticket
) -> None:
    client.force_login(engineer)
    client.get(ticket.get_absolute_url())
    first = TicketLook.objects.get()
    client.get(ticket.get_absolute_url())

    assert TicketLook.objects.get().at == first.at
