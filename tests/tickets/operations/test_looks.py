"""What counts as seen after one's own changes, and when looks are forgotten."""

from datetime import timedelta

import pytest
from django.db.models import F

from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import TUESDAY, make_ticket
from tickets.choices import TicketKind
from tickets.models import Ticket, TicketLook
from tickets.operations.conversation import write_message
from tickets.operations.lifecycle import close_ticket
from tickets.operations.looks import forget_old_looks, look_at_ticket
from tickets.operations.selection import change_each
from tickets.operations.tags import change_tags

DAY = timedelta(days=1)

pytestmark = pytest.mark.django_db


def test_looks_at_open_and_lately_closed_tickets_stay(
    contact: User, customer: Customer, engineer: User
) -> None:
    open_one, closed = (make_ticket(contact, customer, kind=TicketKind.BREAK_FIX) for _ in range(2))
    for ticket in (open_one, closed):
        look_at_ticket(ticket, by=engineer, now=TUESDAY)
    close_ticket(closed, by=contact, now=TUESDAY + DAY)

    assert forget_old_looks(now=TUESDAY + 91 * DAY) == 0
    assert forget_old_looks(now=TUESDAY + 92 * DAY) == 1
    assert [look.ticket for look in TicketLook.objects.all()] == [open_one]


def test_what_is_written_while_others_are_changed_is_not_seen_with_them(
    contact: User, customer: Customer, engineer: User
) -> None:
    first, last = (make_ticket(contact, customer, kind=TicketKind.BREAK_FIX) for _ in range(2))
    for ticket in (first, last):
        look_at_ticket(ticket, by=engineer)

    def change(ticket: Ticket) -> None:
        change_tags(ticket, add=["printing"], by=engineer)
        if ticket == last:
            write_message(first, body="It spreads.", by=contact)

    assert change_each([first.number, last.number], by=engineer, change=change).refused == []

    looks = TicketLook.objects.filter(person=engineer)
    assert [look.ticket for look in looks.filter(at__gte=F("ticket__updated_at"))] == [last]
