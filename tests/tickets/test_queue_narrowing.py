"""The first page asked with kept SQL is the page that Django asks for anew."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import Q

from accounts.models import User
from entitlements.models import Customer
from sla.models import Clock
from tests.factories.clocks import make_clock
from tests.factories.tickets import TUESDAY, make_ticket
from tickets.choices import TicketKind, TicketState
from tickets.models import Product, Ticket
from tickets.operations.assignment import take_ticket
from tickets.queue_narrowing import VIEWS, Narrowing
from tickets.queue_page import queue_page
from tickets.search.asking import Term, read_question
from tickets.urgency import Urgency

pytestmark = pytest.mark.django_db

NOW = TUESDAY + timedelta(minutes=25)


@pytest.fixture
def tickets(
    contact: User,
    customer: Customer,
    foreign_contact: User,
    foreign_customer: Customer,
    engineer: User,
    catalogue: Any,
) -> list[Ticket]:
    """Twelve over groups and facets, every second of a customer who is not the TAM’s."""
    product = Product.objects.create(name="Gateway", versions=["1"], order=1)
    made = []
    for number in range(12):
        by, of = (contact, customer) if number % 2 else (foreign_contact, foreign_customer)
        ticket = make_ticket(
            by,
            of,
            kind=TicketKind.BREAK_FIX,
            severity=1 + number % 4,
            subject=f"Printer {['stopped', 'is slow', 'is loud'][number % 3]}",
            now=TUESDAY - timedelta(minutes=number),
        )
        Ticket.objects.filter(pk=ticket.pk).update(
            tags=["driver"] if number % 3 == 0 else [],
            product=product if number % 4 == 0 else None,
            state=[TicketState.NEW, TicketState.WAITING_FOR_CUSTOMER, TicketState.WAITING_FOR_LAB][
                number % 3
            ],
            response_clock=_clock_of(Urgency(number // 3)),
        )
        made.append(ticket)
    take_ticket(made[3], by=engineer, now=TUESDAY)
    return made


def _clock_of(group: Urgency) -> Clock | None:
    """A clock that at NOW puts its ticket into a group of the queue's order."""
    if group == Urgency.RESTING:
        return None
    # Of 25 minutes gone: more than there were, more than three quarters, and fewer.
    target = {Urgency.OVERDUE: 20, Urgency.AT_RISK: 30, Urgency.LATER: 60}[group]
    return make_clock("basic", timedelta(minutes=target), TUESDAY)


def narrowings(by: User) -> list[Narrowing]:
    """Every view under facets and words of many kinds."""
    product = Product.objects.get().pk
    facets: list[dict[str, list[Any]]] = [
        {},
        {"severity": [1]},
        {"severity": [2, 4], "state": ["new", "waiting_for_lab"]},
        {"product": [None]},
        {"product": [product, None]},
        {"assignee": [by.pk, None], "turn": ["new", "in_progress"]},
        {"plan": []},
        {"tag": ["driver"]},
    ]
    typed = ["", "printer", "printer slow", '"printer is" -loud', "slow -stopped"]
    return [
        Narrowing(by, view, chosen, read_question(words).terms)
        for view in VIEWS
        for chosen in facets
        for words in typed
    ]


def kept(asked: Narrowing, size: int, now: datetime = NOW) -> Any:
    return asked.first_page(size=size, now=now)


def anew(asked: Narrowing, size: int, now: datetime = NOW) -> Any:
    return queue_page(asked.tickets(now), size=size, now=now, few=bool(asked.terms))


@pytest.mark.parametrize("reader", ["engineer", "tam", "analyst", "contact"])
def test_each_narrowing_shows_what_django_would_ask_for(
    tickets: list[Ticket], request: pytest.FixtureRequest, reader: str
) -> None:
    by = request.getfixturevalue(reader)
    shown = 0
    for size in (2, 50):
        for asked in narrowings(by):
            page = kept(asked, size)
            assert page == anew(asked, size), asked
            shown += len(page.rows)

    assert shown > 0


def test_words_find_every_group_in_the_queues_order(tickets: list[Ticket], engineer: User) -> None:
    page = kept(Narrowing(engineer, "open", {}, (Term("printer"),)), 50)

    assert [group for group, _ in page.rows] == sorted(list(Urgency) * 3)


def test_the_same_question_of_others_values_and_readers_keeps_to_theirs(
    tickets: list[Ticket], engineer: User, tam: User, customer: Customer
) -> None:
    words = (Term("printer"),)
    everybody = kept(Narrowing(engineer, "open", {}, words), 50)
    theirs = kept(Narrowing(tam, "open", {}, words), 50)

    assert {key for _, key in everybody.rows} == {one.pk for one in tickets}
    assert {key for _, key in theirs.rows} == {
        one.pk for one in tickets if one.customer_id == customer.pk
    }
    assert kept(Narrowing(tam, "open", {}, (Term("scanner"),)), 50).rows == []
    assert [key for _, key in kept(Narrowing(engineer, "mine"), 50).rows] == [tickets[3].pk]
    assert kept(Narrowing(tam, "mine"), 50).rows == []


def test_a_reader_who_left_sees_nothing(tickets: list[Ticket], engineer: User) -> None:
    engineer.is_active = False

    assert kept(Narrowing(engineer, "open"), 50).rows == []
    assert kept(Narrowing(engineer, "open", {}, (Term("printer"),)), 50).rows == []


def test_operators_narrow_words_too(tickets: list[Ticket], engineer: User) -> None:
    asked = Narrowing(engineer, "open", {}, (Term("printer"),), Q(severity=2))

    assert {key for _, key in kept(asked, 50).rows} == {
        one.pk for one in tickets if one.severity == 2
    }
