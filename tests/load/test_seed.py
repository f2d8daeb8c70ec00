"""The load leaves what the operations would have left."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.db.models import Max, Sum

from entitlements.models import ContractYear, Customer
from sla.ladder_steps import next_step_at
from sla.models import Clock
from tests.load.seed.loading import NotEmpty, load
from tickets.choices import EventKind, TicketKind
from tickets.models import Message, Ticket, TicketEvent

NOW = datetime(2026, 3, 10, 18, 0, tzinfo=UTC)
COUNT = 400


@pytest.fixture
def loaded(catalogue: object) -> None:
    load(tickets=COUNT, seed=3, say=lambda what: None, now=NOW)


def test_the_load_keeps_every_rule(loaded: None) -> None:
    # Replaying a clock's events gives what is stored, and the watch looks when it must.
    clocks = list(Clock.objects.all())
    assert clocks
    for clock in clocks:
        figures = clock.replayed()
        assert (figures, figures.at_risk_at) == (clock.figures, clock.at_risk_at)
        assert next_step_at(clock) == clock.next_step_at
    # What the queue is ordered by is the running clock's.
    for ticket in Ticket.objects.select_related("response_clock"):
        own = ticket.response_clock
        runs = own is not None and own.stopped_at is None
        assert ticket.answer_due_at == (own.due_at if runs and own is not None else None)
    # The balance is the sum of the ledger, and never below zero.
    for balance, moved in ContractYear.objects.annotate(moved=Sum("entries__amount")).values_list(
        "balance", "moved"
    ):
        assert balance == moved
    debits = Ticket.objects.filter(kind=TicketKind.PREMIUM).count()
    assert debits == ContractYear.objects.aggregate(used=Sum("used"))["used"] > 0
    # Each change has its event: one filing a ticket, one for each message.
    assert Ticket.objects.count() == TicketEvent.objects.filter(kind=EventKind.FILED).count()
    told = (EventKind.ANSWERED, EventKind.CUSTOMER_WROTE, EventKind.RESOLVED)
    assert TicketEvent.objects.filter(kind__in=told).count() == Message.objects.count()
    assert Message.objects.count() > 3 * COUNT


def test_constraints_and_triggers_stand_again(loaded: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_trigger WHERE tgenabled = 'D' AND NOT tgisinternal")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT COUNT(*) FROM pg_constraint WHERE NOT convalidated")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'tickets_ticket'")
        names = {name for (name,) in cursor.fetchall()}
    assert {"ticket_queue", "ticket_desk", "ticket_of_nobody", "ticket_words"} <= names
    # And the next ticket gets a number of its own.
    assert Ticket.next_number() > Ticket.objects.aggregate(most=Max("number"))["most"]


def test_a_load_goes_into_an_empty_database_only(customer: Customer) -> None:
    with pytest.raises(NotEmpty):
        load(tickets=1, seed=1, say=lambda what: None, now=NOW)

    assert not Ticket.objects.exists()
