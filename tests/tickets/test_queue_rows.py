"""Rows of the queue are kept while they show the same, and never longer."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.models import User
from entitlements.models import Customer
from sla.operations import stop_clock
from supportportal.templatetags.queue import queue_rows as draw
from tests.factories.tickets import TUESDAY, make_ticket
from tickets.models import Ticket, TicketLook
from tickets.queue_rows import QueueRow, queue_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contract")]


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer, now=TUESDAY)


def row_of(ticket: Ticket, reader: User) -> QueueRow:
    (row,) = queue_rows([ticket.pk], reader=reader)
    return row


def drawn(row: QueueRow, minutes: int = 0, *, can_work: bool = True, chosen: bool = False) -> str:
    numbers = {row.number} if chosen else set()
    return draw([row], can_work, TUESDAY + timedelta(minutes=minutes), numbers)


def test_a_row_is_the_one_it_was_until_something_of_it_changes(
    ticket: Ticket, engineer: User
) -> None:
    first = row_of(ticket, engineer)
    assert row_of(ticket, engineer) is first

    Ticket.objects.filter(pk=ticket.pk).update(subject="Other words")
    second = row_of(ticket, engineer)
    assert second is not first
    assert "Other words" in drawn(second)

    Ticket.objects.filter(pk=ticket.pk).update(assignee=engineer)
    assert engineer.name in drawn(row_of(ticket, engineer))

    Customer.objects.filter(pk=ticket.customer_id).update(name="Renamed Ltd")
    assert "Renamed Ltd" in drawn(row_of(ticket, engineer))


def test_what_one_reader_has_seen_is_unread_for_the_others(
    ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    ticket.refresh_from_db()
    TicketLook.objects.create(ticket=ticket, person=engineer, at=ticket.updated_at)

    for _ in range(2):
        assert "is-unread" not in drawn(row_of(ticket, engineer))
        assert "is-unread" in drawn(row_of(ticket, duty_lead))


def test_a_kept_row_counts_on_and_turns_with_its_clock(ticket: Ticket, engineer: User) -> None:
    row = row_of(ticket, engineer)

    assert "8 h left" in drawn(row)
    assert "7 h 59 m left" in drawn(row, 1)
    assert "sla--risk" in drawn(row, 8 * 60 - 1)
    assert "sla--breach" in drawn(row, 8 * 60 + 5)
    assert "8 h left" in drawn(row)

    assert ticket.response_clock is not None
    stop_clock(ticket.response_clock, at=TUESDAY + timedelta(hours=1), by=engineer)
    assert "sla--met" in drawn(row_of(ticket, engineer), 60)


def test_a_kept_row_is_drawn_for_each_way_to_look_at_it(ticket: Ticket, engineer: User) -> None:
    row = row_of(ticket, engineer)

    assert " checked" in drawn(row, chosen=True)
    assert " checked" not in drawn(row)
    assert "col-check" not in drawn(row, can_work=False)
    with timezone.override(ZoneInfo("Asia/Tokyo")):
        abroad = drawn(row)
    assert abroad != drawn(row)
    # Of the next day the weekday is said.
    assert "Tue " not in drawn(row)
    assert "Tue " in drawn(row, 24 * 60)
