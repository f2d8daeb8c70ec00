"""What is filed while measuring is gone from the queue before the next measurement."""

import pytest

from accounts.models import User
from entitlements.models import Contract
from tests.factories.tickets import make_ticket
from tests.load.pages import FILED
from tests.load.tidying import tidy
from tickets.models import QueueWords, Ticket


# VACUUM runs in no transaction.
@pytest.mark.django_db(transaction=True)
def test_what_was_filed_while_measuring_is_ended_and_nothing_else(
    contract: Contract, contact: User
) -> None:
    filed = make_ticket(contact, contract.customer, subject=f"{FILED}, 7")
    other = make_ticket(contact, contract.customer, subject="Printer stopped")
    assert filed.response_clock is not None

    assert tidy() == 1

    assert list(Ticket.objects.open()) == [other]
    assert list(QueueWords.objects.values_list("ticket", flat=True)) == [other.pk]
    filed.response_clock.refresh_from_db()
    assert filed.response_clock.stopped_at is not None
    assert filed.response_clock.next_step_at is None
    assert tidy() == 0
