"""What must hold after any fault: each step once, each event once, each person told once."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from notifications.models import Delivery, Notice
from sla.models import StepRecord
from tests.faults.programs import wait_until
from tickets.models import Ticket, TicketEvent

# A third of 30 minutes: the first step of the highest ladder.
FIRST_STEP = timedelta(minutes=9, seconds=54)


def each_once(tickets: Sequence[Ticket]) -> None:
    """Every ticket has its one step, event and notice; nothing is there twice."""
    clocks = Counter(StepRecord.objects.values_list("clock_id", flat=True))
    assert set(clocks) == {ticket.response_clock_id for ticket in tickets}
    assert set(clocks.values()) == {1}
    events = Counter(TicketEvent.objects.values_list("ticket_id", flat=True))
    assert set(events.values()) == {1}
    # The step at 33 % is told to the assignee, else the engineers: to one person here.
    assert Notice.objects.count() == Delivery.objects.count() == len(tickets)


def all_recorded(tickets: Sequence[Ticket]) -> None:
    """Wait until every ticket's step stands."""
    wait_until(lambda: StepRecord.objects.count() >= len(tickets), "the steps")


def all_sent() -> bool:
    return not Delivery.objects.filter(sent_at__isnull=True).exists()


def end_leases() -> None:
    """Let the time pass after which what a dead worker had leased is free."""
    Delivery.objects.filter(sent_at__isnull=True).update(next_try_at=timezone.now())
