"""A merged ticket in the queue and in the search: out of the way, and leading to the other one."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import TUESDAY, make_ticket
from tests.tickets.views.reading import words
from tickets.choices import TicketKind
from tickets.models import Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket
from tickets.operations.lifecycle import close_ticket
from tickets.operations.merging import merge_ticket, undo_merge

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def target(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer, kind=TicketKind.BREAK_FIX, subject="Kestrel is down")


@pytest.fixture
def merged(colleague: User, customer: Customer, target: Ticket, engineer: User) -> Ticket:
    ticket = make_ticket(
        colleague, customer, kind=TicketKind.BREAK_FIX, subject="Kestrel again", now=TUESDAY + HOUR
    )
    take_ticket(ticket, by=engineer, now=TUESDAY + HOUR)
    merge_ticket(ticket, into=target, reason="One.", by=engineer, now=TUESDAY + 2 * HOUR)
    ticket.refresh_from_db()
    return ticket


def queued(client: Client, query: str = "") -> set[int]:
    response: Any = client.get(f"{reverse('queue')}?{query}")
    return {row.number for group in response.context["groups"] for row in group.rows}


def test_a_merged_ticket_has_left_the_queue_and_comes_back_with_the_undoing(
    client: Client, merged: Ticket, target: Ticket, engineer: User
) -> None:
    client.force_login(engineer)
    for query in ("", "q=kestrel", "view=open&assignee=none"):
        assert merged.number not in queued(client, query)
    assert target.number in queued(client, "q=kestrel")
    assert str(merged.number) not in client.get(reverse("my_tickets")).content.decode()

    undo_merge(merged, by=engineer)

    assert queued(client, "q=kestrel") == {target.number, merged.number}
    assert queued(client, "q=assignee:me") == {merged.number}


def test_how_merged_tickets_ended_is_asked_once_for_a_whole_list(
    contact: User,
    customer: Customer,
    engineer: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for is_withdrawn in (False, True):
        target = make_ticket(contact, customer, now=TUESDAY)
        for _ in range(2):
            one = make_ticket(contact, customer, now=TUESDAY)
            merge_ticket(one, into=target, reason="One.", by=engineer, now=TUESDAY + HOUR / 4)
        at = TUESDAY + HOUR / 2
        if is_withdrawn:
            close_ticket(target, by=contact, now=at)
        else:
            answer_ticket(target, body="We look.", qualified=True, by=engineer, now=at)
    list(Ticket.objects.with_clock())  # What the process keeps of plans and calendars is read.
    with django_assert_num_queries(3):
        found = list(Ticket.objects.with_clock().order_by("pk"))
        assert [one.was_withdrawn for one in found] == [False] * 3 + [True] * 3
        assert [one.answered_at is None for one in found] == [False] * 3 + [True] * 3


def test_its_number_in_the_queue_still_leads_to_it(
    client: Client, merged: Ticket, target: Ticket, engineer: User
) -> None:
    client.force_login(engineer)
    response = client.get(f"{reverse('queue')}?q={merged.reference}", follow=True)

    assert response.redirect_chain == [(merged.get_absolute_url(), 302)]
    assert target.reference in words(response)


def test_the_search_finds_it_and_says_which_goes_on(
    client: Client, merged: Ticket, target: Ticket, contact: User, engineer: User
) -> None:
    for by in (engineer, contact):
        client.force_login(by)
        for question in ("kestrel", merged.reference):
            response = client.get(reverse("search"), {"q": question})
            assert f"merged into {target.reference}" in words(response)
    # What is said on either is found on the ticket it was said on.
    client.force_login(engineer)
    assert f"merged into {merged.reference}" not in words(
        client.get(reverse("search"), {"q": "kestrel"})
    )


def test_who_sees_only_the_merged_one_learns_no_number(
    client: Client, merged: Ticket, target: Ticket, colleague: User
) -> None:
    # The merge made her a watcher of the target; she is one no longer.
    target.watchers.remove(colleague)
    client.force_login(colleague)

    page = client.get(reverse("search"), {"q": "kestrel"})

    assert "Kestrel again" in words(page)
    assert target.reference not in words(page)
    assert "merged into" not in words(page)
