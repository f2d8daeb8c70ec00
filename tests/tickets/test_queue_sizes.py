"""Sizes are kept for a moment; one's own change is counted at once."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import make_ticket
from tickets.models import Ticket
from tickets.operations.assignment import take_ticket
from tickets.queue_sizes import KeptSizes, forget_sizes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _keeping(settings: Any) -> Iterator[None]:
    settings.QUEUE_COUNTED_EVERY_SECONDS = 60
    cache.clear()
    yield
    cache.clear()


def keep(user: User, what: str, size: int) -> int:
    return KeptSizes(user, [what]).of(what, lambda: {"open": size})["open"]


def test_a_size_is_counted_once_for_all_who_see_the_same(
    engineer: User, duty_lead: User, tam: User
) -> None:
    counted: list[int] = []

    def count() -> dict[str, int]:
        counted.append(1)
        return {"open": len(counted)}

    sizes = [
        KeptSizes(user, ["views"]).of("views", count)["open"]
        for user in (engineer, duty_lead, tam, tam)
    ]

    assert sizes == [1, 1, 2, 2]
    assert KeptSizes(engineer, ["views"]).of("other view", count) == {"open": 3}


def test_each_narrowing_is_kept_by_itself_and_no_longer(engineer: User, settings: Any) -> None:
    assert (keep(engineer, "all", 1), keep(engineer, "late", 2)) == (1, 2)
    assert (keep(engineer, "all", -1), keep(engineer, "late", -1)) == (1, 2)

    settings.QUEUE_COUNTED_EVERY_SECONDS = 1
    assert keep(engineer, "mine", 3) == 3
    time.sleep(1.05)
    assert keep(engineer, "mine", 4) == 4


def test_what_is_counted_seldom_lasts_longer_and_is_forgotten_with_the_rest(
    engineer: User, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.QUEUE_COUNTED_EVERY_SECONDS = 1

    def seldom(size: int) -> int:
        return KeptSizes(engineer, []).of("facets", lambda: size, seldom=True)

    assert seldom(1) == 1
    time.sleep(1.05)
    assert seldom(-1) == 1

    with django_capture_on_commit_callbacks(execute=True):
        forget_sizes(engineer)
    assert seldom(2) == 2
    # Nor does what was forgotten come back with time.
    time.sleep(2.1)
    assert seldom(-2) == 2


def test_while_one_counts_anew_the_others_read_what_was(engineer: User, settings: Any) -> None:
    settings.QUEUE_COUNTED_EVERY_SECONDS = 1
    assert keep(engineer, "all", 1) == 1
    time.sleep(1.05)

    def count() -> dict[str, int]:
        return {"open": keep(engineer, "all", -1) + 1}

    assert KeptSizes(engineer, ["all"]).of("all", count) == {"open": 2}
    assert keep(engineer, "all", -1) == 2


def test_ones_own_change_is_counted_at_once(
    contact: User,
    customer: Customer,
    engineer: User,
    tam: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    ticket = make_ticket(contact, customer)

    def taken(user: User) -> int:
        count = Ticket.objects.filter(assignee=engineer).count
        return KeptSizes(user, []).of("views", lambda: {"taken": count()})["taken"]

    assert (taken(engineer), taken(tam)) == (0, 0)
    with django_capture_on_commit_callbacks(execute=True):
        take_ticket(ticket, by=engineer)

    assert (taken(engineer), taken(tam)) == (1, 0)


def test_mine_is_each_readers_own(
    client: Client, contact: User, customer: Customer, engineer: User, duty_lead: User
) -> None:
    take_ticket(make_ticket(contact, customer), by=engineer)
    pages = []
    for user in (duty_lead, engineer):
        client.force_login(user)
        pages.append(client.get("/queue/").content.decode())

    assert 'Mine <span class="count">0</span>' in pages[0]
    assert 'Mine <span class="count">1</span>' in pages[1]
