"""Paging by place: complete and without repeats, whatever moves meanwhile."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from entitlements.models import Contract, Customer
from sla.models import Clock
from tests.factories.due_tickets import make_due_tickets
from tests.factories.tickets import make_ticket
from tickets.choices import TicketKind, TicketState
from tickets.models import Ticket
from tickets.queue_narrowing import Narrowing
from tickets.queue_page import Place, QueuePage, queue_page
from tickets.urgency import Urgency

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 22, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def queue(contact: User, foreign_contract: Contract, foreign_contact: User) -> list[Ticket]:
    """Twenty-four tickets: six of each group."""
    tickets = make_due_tickets(foreign_contract, foreign_contact, count=24, began_ago=timedelta(0))
    for place, ticket in enumerate(tickets):
        assert ticket.response_clock_id is not None
        due_at = NOW + [-60, 10, 300, 0][place // 6] * MINUTE
        Clock.objects.filter(pk=ticket.response_clock_id).update(
            due_at=due_at,
            at_risk_at=due_at - 30 * MINUTE,
            next_step_at=None,
            stopped_at=NOW if place >= 18 else None,
        )
        Ticket.objects.filter(pk=ticket.pk).update(severity=1 + place % 4)
    return tickets


def walk(
    size: int, *, now: datetime = NOW, few: bool = False, between=lambda page: None
) -> list[list[int]]:
    """Read all pages, one after the other, and let something happen between them."""
    pages, after = [], None
    while True:
        page = queue_page(Ticket.objects.open(), size=size, now=now, after=after, few=few)
        pages.append([key for _, key in page.rows])
        if page.after is None:
            return pages
        after = Place.read(str(page.after), now=now)
        assert after == page.after
        between(page)


def in_order(now: datetime = NOW) -> list[int]:
    return [ticket.pk for ticket in Ticket.objects.open().in_urgency_order(now)]


@pytest.mark.parametrize("few", [False, True])
@pytest.mark.parametrize("size", [1, 5, 6, 23, 24, 25])
def test_the_pages_together_are_the_whole_order(
    queue: list[Ticket],
    size: int,
    few: bool,  # noqa: FBT001 - of the table
) -> None:
    pages = walk(size, few=few)

    assert [key for page in pages for key in page] == in_order()
    assert len(pages) == -(-24 // size)


@pytest.mark.parametrize("few", [False, True])
def test_the_way_back_leads_over_the_same_pages(
    queue: list[Ticket],
    few: bool,  # noqa: FBT001 - of the table
) -> None:
    def page(**place: Place | None) -> QueuePage:
        return queue_page(Ticket.objects.open(), size=7, now=NOW, few=few, **place)

    first = page()
    second = page(after=first.after)
    third = page(after=second.after)

    assert page(before=third.before) == second
    back = page(before=second.before)
    assert (back.rows, back.before, back.after) == (first.rows, None, first.after)


def test_who_does_not_move_is_read_once_while_others_move(queue: list[Ticket]) -> None:
    rng = random.Random(7)
    moved: set[int] = set()

    def shuffle(page: object) -> None:
        for ticket in rng.sample(queue, 3):
            moved.add(ticket.pk)
            Ticket.objects.filter(pk=ticket.pk).update(
                severity=rng.randint(1, 4), escalation_level=rng.randint(0, 3)
            )

    read = [key for page in walk(4, between=shuffle) for key in page]
    still = {ticket.pk for ticket in queue} - moved

    assert still
    assert sorted(key for key in read if key in still) == sorted(still)


def test_time_that_passes_moves_nobody_out_of_the_walk(queue: list[Ticket]) -> None:
    """A ticket that becomes at risk while the later ones are read is still among them."""
    read, after, now = [], None, NOW
    while True:
        page = queue_page(Ticket.objects.open(), size=5, now=now, after=after)
        read += [key for _, key in page.rows]
        if page.after is None:
            break
        now += 9 * MINUTE
        after = Place.read(str(page.after), now=now)

    assert read == in_order()
    # Whoever starts now finds them where they are by now.
    assert queue_page(Ticket.objects.open(), size=24, now=now).rows[6][0] == Urgency.OVERDUE


def test_a_walk_of_yesterday_goes_on_from_its_rank_today() -> None:
    place = Place(NOW, Urgency.LATER, (0, 1, 2))
    tomorrow = NOW + timedelta(days=1)

    assert Place.read(str(place), now=tomorrow) == Place(tomorrow, Urgency.LATER, (0, 1, 2))


@pytest.mark.parametrize(
    "text", ["", "x", "1", "1.2", "1.9.0", "1.2." + "9" * 19, "1.2." + "1." * 30 + "1", "²." * 3]
)
def test_a_place_that_is_not_ours_is_none(text: str) -> None:
    assert Place.read(text, now=NOW) is None


def test_behind_the_last_row_stands_the_first_page(queue: list[Ticket]) -> None:
    beyond = Place(NOW, Urgency.RESTING, (2,))
    page = queue_page(Ticket.objects.open(), size=5, now=NOW, after=beyond)

    assert [key for _, key in page.rows] == in_order()[:5]


def test_a_page_asks_once_or_twice_whatever_groups_it_touches(
    queue: list[Ticket], django_assert_num_queries
) -> None:
    with django_assert_num_queries(1):
        queue_page(Ticket.objects.open(), size=5, now=NOW)
    with django_assert_num_queries(2):
        queue_page(Ticket.objects.open(), size=6, now=NOW)
    with django_assert_num_queries(2):
        queue_page(Ticket.objects.open(), size=50, now=NOW)
    with django_assert_num_queries(1):
        last = Place(NOW, Urgency.RESTING, (0,))
        queue_page(Ticket.objects.open(), size=50, now=NOW, after=last)


def test_a_waiting_ticket_moves_to_the_end_of_its_group(contact: User, customer: Customer) -> None:
    first, second = (
        make_ticket(contact, customer, kind=TicketKind.BREAK_FIX, now=NOW + step * MINUTE)
        for step in (0, 1)
    )
    Ticket.objects.filter(pk=first.pk).update(state=TicketState.WAITING_FOR_CUSTOMER)

    assert in_order() == [second.pk, first.pk]


@pytest.mark.parametrize("chosen", [{}, {"severity": [1, 2, 3, 4]}])
def test_a_first_page_asked_at_once_goes_on_from_group_to_group(
    queue: list[Ticket], engineer: User, chosen: dict[str, list[int]]
) -> None:
    asked = Narrowing(engineer, "open", chosen)
    groups = [urgency for urgency, _ in asked.first_page(size=20, now=NOW).rows]

    assert groups == 6 * [0] + 6 * [1] + 6 * [2] + 2 * [3]
    for size in (1, 5, 6, 7, 12, 18, 23, 24, 30):
        page = asked.first_page(size=size, now=NOW)
        assert page == queue_page(asked.tickets(NOW), size=size, now=NOW), size


def test_groups_after_a_full_page_are_not_read(queue: list[Ticket], engineer: User) -> None:
    asked = Narrowing(engineer, "open", {"severity": [1, 2, 3, 4]})

    assert plan_of(asked, 24).count("never executed") == 0
    assert plan_of(asked, 5).count("never executed") > 0


def plan_of(asked: Narrowing, size: int) -> str:
    """How a narrowed page was read."""
    with CaptureQueriesContext(connection) as told:
        asked.first_page(size=size, now=NOW)
    (statement,) = [one["sql"] for one in told.captured_queries]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, COSTS off, TIMING off) {statement}")
        return "\n".join(line for (line,) in cursor.fetchall())
