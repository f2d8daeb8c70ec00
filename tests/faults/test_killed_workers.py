"""A worker killed at each point where something is half done."""

from collections import Counter
from datetime import timedelta

import pytest

from accounts.models import User
from entitlements.models import Contract
from notifications.models import Delivery
from sla.models import StepRecord
from tests.factories.due_tickets import make_due_tickets
from tests.faults.dying_worker import POINTS
from tests.faults.outcomes import FIRST_STEP, all_recorded, all_sent, each_once, end_leases
from tests.faults.programs import Programs, wait_until

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TICKETS = 8
# Steps that stand and mails that left when the worker dies.
LEFT_BEHIND = {
    "before the claim": (0, 0),
    "after the claim, before the commit": (0, 0),
    "after the commit, before the relay": (TICKETS, 0),
    "while sending a mail": (TICKETS, 0),
    "between sending and marking": (TICKETS, 1),
}


# What a kill leaves half done differs most between these; the others are drills.
IN_EVERY_RUN = {"after the claim, before the commit", "between sending and marking"}


@pytest.mark.parametrize(
    "point",
    [
        pytest.param(point, marks=() if point in IN_EVERY_RUN else pytest.mark.drills)
        for point in POINTS
    ],
)
def test_a_worker_killed_at_any_point_loses_nothing_and_doubles_nothing(
    point: str, programs: Programs, contract: Contract, cast: tuple[User, ...]
) -> None:
    tickets = make_due_tickets(
        contract, cast[0], count=TICKETS, began_ago=FIRST_STEP + timedelta(seconds=5)
    )
    dying = programs.start_dying_worker(point)
    programs.start_beat()
    programs.wait_for_death(dying)
    steps, mails = LEFT_BEHIND[point]
    assert (StepRecord.objects.count(), len(programs.mailbox.numbers)) == (steps, mails)

    programs.start_worker()
    all_recorded(tickets)
    end_leases()
    wait_until(all_sent, "the mails")

    each_once(tickets)
    sent = Counter(programs.mailbox.numbers)
    assert set(sent) == set(Delivery.objects.values_list("message_id", flat=True))
    # Only what was sent and not yet marked goes out again; its number tells the receiver.
    assert sum(sent.values()) == TICKETS + mails
