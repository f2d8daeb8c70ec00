"""Machines whose clocks are wrong, and more or fewer beats than one.

Database time decides what is due: a clock ten minutes off, ahead or behind, is nobody's fault.
"""

import time
from datetime import timedelta

import pytest

from accounts.models import User
from entitlements.models import Contract
from notifications.models import Notice
from sla.models import Clock, Heartbeat, StepRecord
from sla.operations import database_now
from tests.factories.due_tickets import make_due_tickets
from tests.faults.outcomes import FIRST_STEP, all_recorded, all_sent, each_once
from tests.faults.programs import Programs, wait_until
from tickets.models import TicketEvent

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

TEN_MINUTES = 600.0


@pytest.mark.parametrize(
    "seconds",
    [
        pytest.param(TEN_MINUTES, id="ahead"),
        pytest.param(-TEN_MINUTES, id="behind", marks=pytest.mark.drills),
    ],
)
def test_a_worker_whose_clock_is_ten_minutes_off_acts_in_database_time(
    seconds: float, programs: Programs, contract: Contract, cast: tuple[User, ...]
) -> None:
    programs.start_worker(**programs.wrong_clock(seconds))
    programs.start_beat()
    programs.wait_for_the_watch()
    due = make_due_tickets(contract, cast[0], count=3, began_ago=FIRST_STEP - timedelta(seconds=3))
    # By a clock that is ahead their time has come.
    not_due = make_due_tickets(
        contract, cast[0], count=3, began_ago=FIRST_STEP - timedelta(minutes=5)
    )

    all_recorded(due)
    wait_until(all_sent, "the mails", patience=30)
    time.sleep(2)  # Two more looks.

    each_once(due)
    for record in StepRecord.objects.all():
        assert timedelta(0) <= record.recorded_at - record.due_at < timedelta(seconds=20)
        assert not record.late
    assert Clock.objects.filter(next_step_at__gt=database_now()).count() == len(due + not_due)
    assert len(programs.mailbox.numbers) == len(set(programs.mailbox.numbers)) == len(due)


def test_a_clock_put_back_ten_minutes_does_not_silence_beat(
    programs: Programs, engineer: User
) -> None:
    programs.start_worker()
    programs.start_beat(**programs.wrong_clock(0))
    programs.wait_for_the_watch()

    programs.set_clock(-TEN_MINUTES)
    time.sleep(2)  # What was sent before has been worked off.

    programs.wait_for_the_watch()


@pytest.mark.drills
def test_no_beat_loses_no_step_and_its_return_storms_nobody(
    programs: Programs, contract: Contract, cast: tuple[User, ...]
) -> None:
    # Two hours in, ten steps of the highest ladder have passed: 33 %, 66 %, 85 %, the deadline,
    # and every 15 minutes for the 92 minutes since. The youngest is late by more than the minute
    # from which a step counts as late.
    tickets = make_due_tickets(contract, cast[0], count=5, began_ago=timedelta(minutes=122))
    programs.start_worker()
    time.sleep(5)
    assert StepRecord.objects.count() == 0

    programs.start_beat()
    wait_until(lambda: StepRecord.objects.count() >= 50, "the late steps")
    wait_until(all_sent, "the mails")
    time.sleep(2.5)  # Two more looks.

    assert StepRecord.objects.count() == 50
    assert StepRecord.objects.filter(late=True).count() == 50
    for ticket in tickets:
        acted = StepRecord.objects.get(clock=ticket.response_clock_id, acted=True)
        assert (str(acted.step), acted.occurrence) == ("every 15 minutes after the deadline", 6)
    # One event a ticket, and one mail to each person of it: not one a step.
    assert TicketEvent.objects.count() == 5
    told = Notice.objects.count()
    assert told == Notice.objects.values("path", "recipient").distinct().count()
    assert len(programs.mailbox.numbers) == len(set(programs.mailbox.numbers)) <= told


def test_two_beats_double_nothing(
    programs: Programs, contract: Contract, cast: tuple[User, ...]
) -> None:
    tickets = make_due_tickets(
        contract, cast[0], count=30, began_ago=FIRST_STEP - timedelta(seconds=8)
    )
    programs.start_worker()
    programs.start_beat()
    programs.start_beat()

    all_recorded(tickets)
    wait_until(all_sent, "the mails")
    time.sleep(2.5)  # Two more ticks of each beat.

    each_once(tickets)
    assert len(programs.mailbox.numbers) == len(set(programs.mailbox.numbers)) == len(tickets)


def test_the_watch_looks_again_by_itself_after_the_database_was_restarted(
    programs: Programs, contract: Contract, cast: tuple[User, ...]
) -> None:
    programs.start_worker()
    programs.start_beat()
    programs.wait_for_the_watch()
    tickets = make_due_tickets(
        contract, cast[0], count=30, began_ago=FIRST_STEP - timedelta(seconds=1)
    )

    programs.restart_database()

    all_recorded(tickets)
    wait_until(all_sent, "the mails")
    each_once(tickets)
    assert len(programs.mailbox.numbers) == len(set(programs.mailbox.numbers)) == len(tickets)
    assert Heartbeat.objects.age_of(Heartbeat.WATCH) is not None
