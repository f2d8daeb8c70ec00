"""Our own objectives: their clocks start, rest and stop with the ticket, and promise nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Contract, Customer, Objective
from entitlements.operations.objectives import set_objectives
from sla.choices import ClockState, Obligation
from sla.clock_check import ClockCheck
from sla.models import Clock
from tests.factories.tickets import make_ticket
from tickets.choices import TicketKind
from tickets.models import Ticket, TicketObjective
from tickets.operations.conversation import answer_ticket, write_message
from tickets.operations.lifecycle import reopen_ticket, resolve_ticket
from tickets.operations.severity import change_severity

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
# MSA Business, Medium: Mon–Fri 09:00–19:00 ET. TEN is 10:00 ET on a Tuesday.
TEN = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)


@pytest.fixture
def objectives(contract: Contract, administrator: User) -> None:
    set_objectives(
        contract.edition,
        {
            (Severity.MEDIUM, Obligation.NEXT_RESPONSE): 4 * HOUR,
            (Severity.MEDIUM, Obligation.PROGRESS_NOTICE): 8 * HOUR,
            (Severity.MEDIUM, Obligation.RESOLUTION): 20 * HOUR,
            (Severity.HIGH, Obligation.RESOLUTION): 10 * HOUR,
        },
        by=administrator,
    )


@pytest.fixture
def ticket(objectives: None, contact: User, customer: Customer) -> Ticket:
    return make_ticket(
        contact, customer, kind=TicketKind.PREMIUM, severity=Severity.MEDIUM, now=TEN
    )


def running(ticket: Ticket) -> dict[str, Clock]:
    rows = ticket.objectives.running().select_related("clock")
    return {one.obligation: one.clock for one in rows}


def answer(ticket: Ticket, by: User, at: datetime, *, waits: bool = False) -> None:
    answer_ticket(
        ticket, body="Look at the log.", qualified=True, by=by, wait_for_customer=waits, now=at
    )


def test_a_filing_starts_resolution_and_progress(ticket: Ticket) -> None:
    clocks = running(ticket)
    assert set(clocks) == {"progress_notice", "resolution"}
    # 9 of 20 hours are left on Tuesday, 10 on Wednesday, 1 on Thursday.
    assert clocks["resolution"].due_at == datetime(2026, 3, 12, 14, 0, tzinfo=UTC)
    assert clocks["progress_notice"].due_at == datetime(2026, 3, 10, 22, 0, tzinfo=UTC)
    assert clocks["resolution"].next_step_at is None


def test_a_ticket_of_a_level_without_objectives_has_none(
    objectives: None, contact: User, customer: Customer
) -> None:
    other = make_ticket(contact, customer, kind=TicketKind.PREMIUM, severity=Severity.LOW)
    assert not TicketObjective.objects.filter(ticket=other).exists()


def test_it_rests_while_the_ticket_waits_for_the_customer(
    ticket: Ticket, engineer: User, contact: User
) -> None:
    answer(ticket, engineer, TEN + 2 * HOUR, waits=True)
    resting = running(ticket)["resolution"]
    assert (resting.paused_at, resting.due_at) == (TEN + 2 * HOUR, None)
    assert resting.state(TEN + 90 * HOUR) == ClockState.PAUSED

    write_message(ticket, body="Here it is.", by=contact, now=TEN + 5 * HOUR)
    clocks = running(ticket)
    # It rested for three covered hours, so it is due three covered hours later.
    assert clocks["resolution"].due_at == datetime(2026, 3, 12, 17, 0, tzinfo=UTC)
    assert clocks["next_response"].due_at == TEN + 9 * HOUR


def test_the_next_response_is_owed_only_after_the_first(
    ticket: Ticket, engineer: User, contact: User
) -> None:
    write_message(ticket, body="One more thing.", by=contact, now=TEN + HOUR)
    assert "next_response" not in running(ticket)
    answer(ticket, engineer, TEN + 2 * HOUR)
    write_message(ticket, body="And now?", by=contact, now=TEN + 3 * HOUR)
    write_message(ticket, body="Hello?", by=contact, now=TEN + 4 * HOUR)
    assert running(ticket)["next_response"].started_at == TEN + 3 * HOUR

    answer(ticket, engineer, TEN + 6 * HOUR)
    assert "next_response" not in running(ticket)
    owed = ticket.objectives.get(obligation=Obligation.NEXT_RESPONSE)
    assert (owed.ended_at, owed.clock.stopped_at) == (TEN + 6 * HOUR, TEN + 6 * HOUR)
    assert owed.clock.state(TEN + 6 * HOUR) == ClockState.MET


@pytest.mark.parametrize("is_first", [True, False])
def test_what_the_customer_writes_while_an_answer_is_held_is_owed_a_response(
    ticket: Ticket, engineer: User, contact: User, *, is_first: bool
) -> None:
    if not is_first:
        answer(ticket, engineer, TEN + HOUR)
    wrote_at = TEN + 2 * HOUR + timedelta(seconds=5)
    write_message(ticket, body="And the server, too?", by=contact, now=wrote_at)
    # It goes out now, as what it was when it was pressed.
    answer(ticket, engineer, TEN + 2 * HOUR)

    assert running(ticket)["next_response"].started_at == wrote_at
    answer(ticket, engineer, TEN + 3 * HOUR)
    owed = ticket.objectives.get(obligation=Obligation.NEXT_RESPONSE)
    assert owed.clock.stopped_at == TEN + 3 * HOUR


def test_each_answer_begins_the_next_progress_notice(ticket: Ticket, engineer: User) -> None:
    answer(ticket, engineer, TEN + HOUR)
    assert running(ticket)["progress_notice"].started_at == TEN + HOUR
    assert ticket.objectives.filter(obligation=Obligation.PROGRESS_NOTICE).count() == 2


def test_a_resolution_ends_all_and_reopening_begins_anew(
    ticket: Ticket, engineer: User, contact: User
) -> None:
    resolve_ticket(ticket, resolution="Update it.", by=engineer, now=TEN + 3 * HOUR)
    assert running(ticket) == {}
    reopen_ticket(ticket, reason="It came back.", by=contact, now=TEN + 4 * HOUR)
    clocks = running(ticket)
    assert set(clocks) == {"progress_notice", "resolution", "next_response"}
    assert {clock.started_at for clock in clocks.values()} == {TEN + 4 * HOUR}


def test_a_new_severity_puts_it_on_the_target_of_that_level(ticket: Ticket, engineer: User) -> None:
    change_severity(
        ticket, severity=Severity.HIGH, reason="All stations.", by=engineer, now=TEN + HOUR
    )
    clocks = running(ticket)
    assert clocks["resolution"].target == 10 * HOUR
    assert clocks["resolution"].started_at == TEN
    # High has no progress notice: what runs goes on as it began.
    assert clocks["progress_notice"].target == 8 * HOUR


def test_a_rest_after_the_deadline_counts_once_on_a_later_one(
    objectives: None, contact: User, customer: Customer, engineer: User
) -> None:
    ticket = make_ticket(
        contact, customer, kind=TicketKind.PREMIUM, severity=Severity.HIGH, now=TEN
    )
    # Due on Wednesday at 10:00 ET. It waits for the customer from 11:00 to 12:00, answered twice.
    wednesday = TEN + 24 * HOUR
    answer(ticket, engineer, wednesday + HOUR, waits=True)
    answer(ticket, engineer, wednesday + 1.5 * HOUR, waits=True)
    write_message(ticket, body="Here.", by=contact, now=wednesday + 2 * HOUR)
    assert running(ticket)["resolution"].due_at == wednesday

    change_severity(
        ticket, severity=Severity.MEDIUM, reason="One.", by=engineer, now=wednesday + 8 * HOUR
    )

    clock = running(ticket)["resolution"]
    # 20 hours from Tuesday 10:00 are Thursday 10:00; the hour of waiting comes on top.
    assert clock.due_at == datetime(2026, 3, 12, 15, 0, tzinfo=UTC)
    assert [event.kind for event in clock.events.order_by("pk")] == [
        "started",
        "paused",
        "resumed",
        "reassessed",
    ]


def test_what_is_switched_off_goes_on_where_it_runs(
    ticket: Ticket, contract: Contract, administrator: User, contact: User, customer: Customer
) -> None:
    off = {(Severity.MEDIUM, one): None for one in Objective.OBLIGATIONS}
    assert set_objectives(contract.edition, off, by=administrator) == 3
    assert set(running(ticket)) == {"progress_notice", "resolution"}
    later = make_ticket(contact, customer, kind=TicketKind.PREMIUM, severity=Severity.MEDIUM)
    assert running(later) == {}


def test_the_contracts_clock_is_untouched(ticket: Ticket, engineer: User, contact: User) -> None:
    before = ticket.response_clock
    assert before is not None
    answer(ticket, engineer, TEN + HOUR, waits=True)
    clock = Clock.objects.get(pk=before.pk)
    assert (clock.due_at, clock.stopped_at, clock.paused_at) == (before.due_at, TEN + HOUR, None)


def test_their_clocks_are_what_their_events_make_of_them(
    ticket: Ticket, engineer: User, contact: User
) -> None:
    answer(ticket, engineer, TEN + HOUR, waits=True)
    write_message(ticket, body="Here.", by=contact, now=TEN + 2 * HOUR)
    change_severity(ticket, severity=Severity.HIGH, reason="All.", by=engineer, now=TEN + 3 * HOUR)
    newest = Clock.objects.order_by("-pk")[0].pk
    checked = ClockCheck().check(0, newest)
    assert (checked.looked_at, checked.differences) == (Clock.objects.count(), [])


def test_customers_see_none_of_it(ticket: Ticket, contact: User, engineer: User, tam: User) -> None:
    seen = TicketObjective.objects.visible_to
    assert not seen(contact).exists()
    assert seen(engineer).count() == 2
    assert seen(tam).count() == 2
