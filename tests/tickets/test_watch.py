"""The watch among many: workers racing, a clock that raises, tickets somebody holds, its price."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.db import DataError, connection, transaction
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Contract
from notifications.models import Delivery, Notice
from sla.choices import ClockEventKind
from sla.models import Clock, ClockEvent, StepRecord
from sla.operations import database_now
from tests.factories.due_tickets import make_due_tickets
from tests.factories.tickets import kinds_of
from tests.racing import race
from tickets.choices import EventKind, TicketState
from tickets.models import Ticket, TicketEvent
from tickets.operations import ladder_step
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket
from tickets.operations.escalation import escalate_due_tickets
from tickets.operations.merging import merge_ticket
from tickets.operations.severity import change_severity
from tickets.operations.timeline import add_events, lock_ticket

MINUTE = timedelta(minutes=1)
# Enterprise, Critical: 30 minutes. Twelve minutes in, one step is due; two hours in, ten are:
# 33 %, 66 %, 85 %, the deadline, and every 15 minutes for the 90 since.
ONE_STEP_AGO = 12 * MINUTE
TEN_STEPS_AGO = 120 * MINUTE + timedelta(seconds=30)


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.tasks.relay_deliveries.delay", lambda: None)


@pytest.fixture
def make_due(
    contract: Contract, contact: User, engineer: User, duty_lead: User
) -> Callable[[int, timedelta], list[Ticket]]:
    """Make so many tickets whose 30 minutes began so long ago."""
    return lambda count, ago: make_due_tickets(contract, contact, count=count, began_ago=ago)


def run_watch() -> int:
    """As a worker does: outside any transaction, on a connection of its own thread."""
    return escalate_due_tickets()


def together(*actions: Callable[[], Any]) -> list[Any]:
    """Run workers at once, each in a thread; unlike `race`, in no outer transaction."""
    results: list[Any] = [None] * len(actions)

    def work(number: int, action: Callable[[], Any]) -> None:
        try:
            results[number] = action()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the outcome
            results[number] = error
        finally:
            connection.close()

    threads = [Thread(target=work, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    for one in results:
        if isinstance(one, Exception):
            raise one
    return results


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_five_watches_at_once_act_on_each_of_two_hundred_clocks_once(
    make_due: Callable[[int, timedelta], list[Ticket]], support_manager: User, tam: User
) -> None:
    tickets = make_due(200, TEN_STEPS_AGO)

    moved = together(*[run_watch] * 5)

    assert sum(moved) == 200
    assert StepRecord.objects.count() == 200 * 10
    per_clock = Counter(StepRecord.objects.values_list("clock_id", flat=True))
    assert set(per_clock.values()) == {10}
    assert StepRecord.objects.filter(acted=True).count() == 200
    missed = ClockEvent.objects.filter(kind=ClockEventKind.MISSED)
    assert missed.count() == missed.values("clock").distinct().count() == 200
    events = TicketEvent.objects.filter(kind=EventKind.MISSED)
    assert events.count() == events.values("ticket").distinct().count() == 200
    # The engineer, the duty lead, the TAM, the support manager, and the contact: once each.
    for person in User.objects.filter(notices__isnull=False).distinct():
        assert Counter(person.notices.values_list("path", flat=True)).most_common(1)[0][1] == 1
    assert Notice.objects.count() == Delivery.objects.count() == 200 * 5
    assert {ticket.pk for ticket in tickets} == set(events.values_list("ticket_id", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_second_look_finds_nothing_to_do(
    make_due: Callable[[int, timedelta], list[Ticket]],
) -> None:
    make_due(3, ONE_STEP_AGO)

    assert run_watch() == 3
    assert run_watch() == 0
    assert StepRecord.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_clock_that_raises_is_set_aside_and_the_others_are_on_time(
    make_due: Callable[[int, timedelta], list[Ticket]], caplog: pytest.LogCaptureFixture
) -> None:
    poison, *others = make_due(60, ONE_STEP_AGO)
    assert poison.response_clock is not None
    # It is the first in the queue, and there is no such zone.
    Clock.objects.filter(pk=poison.response_clock.pk).update(
        zone="Mars/Base", next_step_at=database_now() - timedelta(hours=1)
    )

    assert run_watch() == len(others)

    troubled = Clock.objects.get(pk=poison.response_clock.pk)
    assert "UnknownZone" in troubled.trouble
    assert troubled.next_step_at is not None
    assert troubled.next_step_at > database_now() + 4 * MINUTE
    assert list(Clock.objects.set_aside()) == [troubled]
    assert "set aside" in caplog.text
    assert run_watch() == 0

    # Mended, it is acted on at its next look, and its trouble is over.
    Clock.objects.filter(pk=troubled.pk).update(
        zone="America/New_York", next_step_at=database_now()
    )
    assert run_watch() == 1
    assert Clock.objects.get(pk=troubled.pk).trouble == ""


@pytest.mark.django_db(transaction=True)
def test_what_the_database_refuses_of_one_ticket_does_not_stop_the_others(
    make_due: Callable[[int, timedelta], list[Ticket]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, _, poison, *_ = tickets = make_due(21, ONE_STEP_AGO)

    def stumble(events: list[TicketEvent], *, now: datetime) -> None:
        add_events(events, now=now)
        if poison.pk in {event.ticket_id for event in events}:
            raise DataError("value too long")

    monkeypatch.setattr(ladder_step, "add_events", stumble)

    assert run_watch() == 20
    assert run_watch() == 0
    for model in (StepRecord, TicketEvent, Notice):
        assert model._default_manager.count() == 20
    assert set(TicketEvent.objects.values_list("ticket_id", flat=True)) == {
        ticket.pk for ticket in tickets if ticket != poison
    }
    assert poison.response_clock is not None
    assert "DataError" in Clock.objects.get(pk=poison.response_clock.pk).trouble


def hold_while(ticket: Ticket, deed: Callable[[Ticket], None]) -> tuple[Thread, Event, Event]:
    """A thread that locks the ticket, waits to be let go, does its deed and commits."""
    holds, let_go = Event(), Event()

    def run() -> None:
        with transaction.atomic():
            locked = lock_ticket(ticket)
            holds.set()
            let_go.wait(20)
            deed(locked)
        connection.close()

    thread = Thread(target=run)
    thread.start()
    assert holds.wait(20)
    return thread, holds, let_go


@pytest.mark.django_db(transaction=True)
def test_a_ticket_somebody_is_answering_is_passed_over_and_then_needs_nothing(
    make_due: Callable[[int, timedelta], list[Ticket]], engineer: User
) -> None:
    held, free = make_due(2, ONE_STEP_AGO)

    def answer(ticket: Ticket) -> None:
        answer_ticket(ticket, body="Send the log.", qualified=True, by=engineer)

    thread, _, let_go = hold_while(held, answer)
    assert run_watch() == 1  # at once, without waiting for the engineer
    let_go.set()
    thread.join(20)

    assert run_watch() == 0
    assert list(StepRecord.objects.values_list("clock_id", flat=True)) == [free.response_clock_id]


@pytest.mark.django_db(transaction=True)
def test_a_ticket_held_for_something_else_is_acted_on_at_the_next_look(
    make_due: Callable[[int, timedelta], list[Ticket]],
) -> None:
    (held,) = make_due(1, ONE_STEP_AGO)
    thread, _, let_go = hold_while(held, lambda ticket: None)
    assert run_watch() == 0
    let_go.set()
    thread.join(20)

    assert run_watch() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_qualified_answers_at_once_the_first_stops_the_clock(
    make_due: Callable[[int, timedelta], list[Ticket]], engineer: User, duty_lead: User
) -> None:
    (ticket,) = make_due(1, 5 * MINUTE)

    outcomes = race(
        lambda: answer_ticket(ticket, body="Send the log.", qualified=True, by=engineer),
        lambda: answer_ticket(ticket, body="Send the dump.", qualified=True, by=duty_lead),
    )

    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert ticket.response_clock is not None
    clock = Clock.objects.get(pk=ticket.response_clock.pk)
    assert clock.events.filter(kind=ClockEventKind.STOPPED).count() == 1
    assert clock.stopped_at in {one.at for one in outcomes}
    assert clock.replayed() == clock.figures


@pytest.mark.django_db(transaction=True)
def test_a_severity_changed_while_somebody_takes_the_ticket_leaves_both_changes(
    make_due: Callable[[int, timedelta], list[Ticket]], engineer: User, duty_lead: User
) -> None:
    (ticket,) = make_due(1, 5 * MINUTE)

    outcomes = race(
        lambda: change_severity(
            ticket, severity=Severity.HIGH, reason="Work goes on.", by=duty_lead
        ),
        lambda: take_ticket(ticket, by=engineer),
    )

    assert not [one for one in outcomes if isinstance(one, Exception)]
    ticket.refresh_from_db()
    assert (ticket.severity, ticket.assignee, ticket.state) == (
        Severity.HIGH,
        engineer,
        TicketState.IN_PROGRESS,
    )


@pytest.mark.django_db
def test_two_hundred_tickets_take_as_many_queries_as_two(
    make_due: Callable[[int, timedelta], list[Ticket]],
) -> None:
    taken = []
    for count in (2, 150):
        make_due(count, TEN_STEPS_AGO)
        with CaptureQueriesContext(connection) as captured:
            assert escalate_due_tickets() == count
        taken.append(len(captured))

    assert taken[0] == taken[1] <= 40


@pytest.mark.django_db
def test_an_idle_look_is_one_query(
    make_due: Callable[[int, timedelta], list[Ticket]], django_assert_num_queries: Any
) -> None:
    make_due(20, MINUTE)

    with django_assert_num_queries(1):
        assert escalate_due_tickets() == 0


@pytest.mark.django_db
def test_the_look_reads_the_partial_index_of_clocks_with_a_step_ahead(
    make_due: Callable[[int, timedelta], list[Ticket]],
) -> None:
    make_due(300, MINUTE)
    # Most clocks of a portal in use have stopped: they are not in the index at all.
    Clock.objects.filter(pk__in=Clock.objects.order_by("pk").values("pk")[:290]).update(
        next_step_at=None, stopped_at=Now()
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE sla_clock, tickets_ticket")
        cursor.execute("SET LOCAL enable_seqscan = off")

    plan = Ticket.objects.with_due_step(Now()).values_list("pk")[:50].explain()

    assert "clock_next_step" in plan


@pytest.mark.django_db
def test_a_deadline_that_passed_while_nobody_watched_is_recorded_by_the_answer(
    contract: Contract, contact: User, engineer: User, duty_lead: User
) -> None:
    (due,) = make_due_tickets(contract, contact, count=1, began_ago=40 * MINUTE)
    ticket = Ticket.objects.get(pk=due.pk)
    answer_ticket(ticket, body="Send the log.", qualified=True, by=engineer)

    clock = ticket.response_clock
    assert clock is not None
    clock.refresh_from_db()
    assert clock.due_at is not None
    assert clock.breached_at == clock.due_at
    assert clock.replayed() == clock.figures
    # Each step is on record, and none was acted on: the answer is there.
    assert clock.step_records.filter(late=True).count() == clock.step_records.count() >= 2
    assert not clock.step_records.filter(acted=True).exists()
    missed, answered = ticket.events.order_by("pk").values_list("kind", flat=True)
    assert (missed, answered) == (EventKind.MISSED, EventKind.ANSWERED)
    notice = Notice.objects.get(recipient=duty_lead, kind=EventKind.MISSED)
    assert "missed its deadline" in notice.subject
    assert run_watch() == 0


@pytest.mark.django_db
def test_an_answer_in_time_records_no_step_that_nobody_saw(
    contract: Contract, contact: User, engineer: User
) -> None:
    (due,) = make_due_tickets(contract, contact, count=1, began_ago=ONE_STEP_AGO)
    ticket = Ticket.objects.get(pk=due.pk)
    answer_ticket(ticket, body="Send the log.", qualified=True, by=engineer)
    assert not StepRecord.objects.exists()
    assert list(ticket.events.values_list("kind", flat=True)) == [EventKind.ANSWERED]


@pytest.mark.django_db
def test_of_a_merged_ticket_only_the_clock_says_that_its_deadline_passed_unseen(
    contract: Contract, contact: User, engineer: User
) -> None:
    made = make_due_tickets(contract, contact, count=2, began_ago=ONE_STEP_AGO)
    target, source = Ticket.objects.filter(pk__in=[one.pk for one in made]).order_by("pk")
    merge_ticket(source, into=target, reason="The same.", by=engineer)
    source.refresh_from_db()
    touched_at, kinds = source.updated_at, kinds_of(source)
    later = database_now() + 30 * MINUTE

    answer_ticket(target, body="Send the log.", qualified=True, by=engineer, now=later)

    for ticket in (target, source):
        ticket.refresh_from_db()
        assert ticket.response_clock is not None
        assert ticket.response_clock.breached_at == ticket.response_clock.due_at
    assert kinds_of(target)[-2:] == [EventKind.MISSED, EventKind.ANSWERED]
    assert (source.updated_at, kinds_of(source)) == (touched_at, kinds)
