"""A ticket is written at once, and says what the fields of its description say."""

from datetime import timedelta
from typing import Any

import pytest
from rest_framework.serializers import Serializer

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from tests.factories.tickets import TUESDAY, make_ticket
from tickets.choices import TicketKind
from tickets.models import Product, Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket
from tickets.operations.lifecycle import resolve_ticket
from tickets.serializers.ticket import TicketDetailOutput, TicketOutput

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("output", [TicketOutput, TicketDetailOutput])
@pytest.mark.parametrize("role", ["engineer", "contact"])
def test_a_ticket_says_what_the_fields_say(
    role: str,
    output: type[TicketOutput],
    request: pytest.FixtureRequest,
    contact: User,
    customer: Customer,
    engineer: User,
) -> None:
    product = Product.objects.create(name="Mail Gateway", versions=["7.2"])
    make_ticket(contact, customer, product=product, version="7.2")
    make_ticket(contact, customer, kind=TicketKind.BREAK_FIX, severity=Severity.LOW)
    taken = make_ticket(contact, customer, severity=Severity.CRITICAL)
    take_ticket(taken, by=engineer, now=TUESDAY)
    late = TUESDAY + timedelta(days=2)
    answer_ticket(taken, body="We look.", qualified=True, by=engineer, now=late)
    resolve_ticket(make_ticket(contact, customer), resolution="Mended.", by=engineer, now=late)
    context: dict[str, Any] = {
        "reader": request.getfixturevalue(role),
        "now": TUESDAY + timedelta(hours=3),
    }
    tickets = list(Ticket.objects.with_clock())

    written = [output(one, context=context).data for one in tickets]
    by_field = [Serializer.to_representation(output(one, context=context), one) for one in tickets]

    assert len(written) == 4
    assert written == by_field
    assert [list(one) for one in written] == [list(one) for one in by_field]
