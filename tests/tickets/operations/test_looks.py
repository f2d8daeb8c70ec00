"""Last looks are forgotten long after their tickets have ended."""

from datetime import timedelta

import pytest

from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import TUESDAY, make_ticket
from tickets.choices import TicketKind
from tickets.models import TicketLook
from tickets.operations.lifecycle import close_ticket
from tickets.operations.looks import forget_old_looks, look_at_ticket

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
