"""Each change of a clock: its event, the figures stored, and what it refuses."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from sla.choices import ClockEventKind, ClockState, Obligation
from sla.errors import ClockConflict
from sla.models import Clock, ClockEvent
from sla.operations import (
    excuse_clock,
    log_call,
    overturn_stop,
    pause_clock,
    reassess_clock,
    resume_clock,
    start_clock,
    stop_clock,
)
from tests.factories.clocks import make_clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]

# Tue 10 Mar 2026, 10:00 ET.
TEN = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock(catalogue: dict[str, Any]) -> Clock:
    """Enterprise, Critical: 30 minutes, due at 10:30."""
    return make_clock("highest", 30 * MINUTE, TEN)


def kinds(clock: Clock) -> list[str]:
    return list(clock.events.order_by("pk").values_list("kind", flat=True))


def newest(clock: Clock) -> ClockEvent:
    return clock.events.order_by("-pk")[0]


def stored(clock: Clock) -> Clock:
    """The clock as the database has it, after replay agreed with every figure."""
    fresh = Clock.objects.get(pk=clock.pk)
    assert fresh.replayed() == fresh.figures
    assert fresh.at_risk_at == fresh.figures.at_risk_at
    return fresh


def test_a_start_writes_its_terms_and_the_first_step(clock: Clock) -> None:
    fresh, event = stored(clock), newest(clock)

    assert (fresh.started_at, fresh.due_at) == (TEN, TEN + 30 * MINUTE)
    assert fresh.at_risk_at == TEN + timedelta(minutes=22, seconds=30)
    assert fresh.next_step_at == TEN + timedelta(minutes=9, seconds=54)
    assert kinds(clock) == [ClockEventKind.STARTED]
    assert (event.at, event.target, event.zone) == (TEN, 30 * MINUTE, "America/New_York")
    assert fresh.state(TEN) == ClockState.RUNNING


def test_a_call_starts_a_clock_that_waits(catalogue: dict[str, Any], engineer: User) -> None:
    clock = make_clock("highest", 30 * MINUTE, TEN, waits_for_call=True)
    assert clock.state(TEN - HOUR) == ClockState.WAITING_FOR_CALL

    log_call(clock, at=TEN - 40 * MINUTE, by=engineer)

    fresh, event = stored(clock), newest(clock)
    assert fresh.due_at == TEN - 10 * MINUTE
    assert not fresh.waits_for_call
    assert (event.kind, event.at, event.by) == (
        ClockEventKind.CALLED,
        TEN - 40 * MINUTE,
        engineer,
    )


def test_a_stop_takes_the_clock_from_the_watch(clock: Clock, engineer: User) -> None:
    stop_clock(clock, at=TEN + 5 * MINUTE, by=engineer)

    fresh = stored(clock)
    assert (fresh.stopped_at, fresh.next_step_at) == (TEN + 5 * MINUTE, None)
    assert kinds(clock) == [ClockEventKind.STARTED, ClockEventKind.STOPPED]
    assert fresh.state(TEN + 9 * HOUR) == ClockState.MET


@pytest.mark.parametrize(
    ("seconds", "state"), [(0, ClockState.MET), (1, ClockState.MISSED)], ids=["in time", "late"]
)
def test_an_answer_at_the_very_deadline_is_in_time(
    clock: Clock, engineer: User, seconds: int, state: ClockState
) -> None:
    stop_clock(clock, at=TEN + 30 * MINUTE + timedelta(seconds=seconds), by=engineer)

    assert stored(clock).state(TEN + HOUR) == state


def test_a_clock_stops_once_even_for_a_caller_who_read_it_before(
    clock: Clock, engineer: User
) -> None:
    read_before = Clock.objects.get(pk=clock.pk)
    stop_clock(clock, at=TEN + 5 * MINUTE, by=engineer)

    with pytest.raises(ClockConflict):
        stop_clock(read_before, at=TEN + 40 * MINUTE, by=engineer)

    assert stored(clock).stopped_at == TEN + 5 * MINUTE
    assert kinds(clock).count(ClockEventKind.STOPPED) == 1


def test_an_overturned_stop_is_watched_again(clock: Clock, engineer: User, duty_lead: User) -> None:
    stop_clock(clock, at=TEN + 5 * MINUTE, by=engineer)
    overturn_stop(clock, at=TEN + 12 * MINUTE, by=duty_lead, reason="A bare receipt.")

    fresh, event = stored(clock), newest(clock)
    assert (fresh.stopped_at, fresh.due_at) == (None, TEN + 30 * MINUTE)
    # 33 % passed meanwhile and is still owed.
    assert fresh.next_step_at == TEN + timedelta(minutes=9, seconds=54)
    assert (event.kind, event.by, event.reason) == (
        ClockEventKind.OVERTURNED,
        duty_lead,
        "A bare receipt.",
    )


def test_what_has_not_stopped_is_not_overturned(clock: Clock, duty_lead: User) -> None:
    with pytest.raises(ClockConflict):
        overturn_stop(clock, at=TEN, by=duty_lead, reason="Nothing there.")

    assert kinds(clock) == [ClockEventKind.STARTED]


def test_a_reassessment_keeps_the_deadline_it_supersedes(clock: Clock, engineer: User) -> None:
    reassess_clock(
        clock,
        calendar_version=clock.calendar_version,
        zone=clock.zone,
        target=4 * HOUR,
        counts_from=TEN,
        latest_due_at=None,
        at=TEN + 10 * MINUTE,
        by=engineer,
        reason="Work goes on by hand.",
    )

    fresh, event = stored(clock), newest(clock)
    assert (fresh.due_at, fresh.target, fresh.assessment) == (TEN + 4 * HOUR, 4 * HOUR, 2)
    assert event.superseded_due_at == TEN + 30 * MINUTE
    assert (event.kind, event.reason) == (ClockEventKind.REASSESSED, "Work goes on by hand.")
    # A third of the new target: the ladder begins anew.
    assert fresh.next_step_at == TEN + timedelta(hours=1, minutes=19, seconds=12)


def test_a_stopped_clock_keeps_its_deadline(clock: Clock, engineer: User) -> None:
    stop_clock(clock, at=TEN + MINUTE, by=engineer)

    with pytest.raises(ClockConflict):
        reassess_clock(
            clock,
            calendar_version=clock.calendar_version,
            zone=clock.zone,
            target=4 * HOUR,
            counts_from=TEN,
            latest_due_at=None,
            at=TEN + 2 * MINUTE,
            by=engineer,
            reason="Too late.",
        )


def test_only_a_missed_deadline_is_excused(clock: Clock, engineer: User, duty_lead: User) -> None:
    with pytest.raises(ClockConflict):
        excuse_clock(clock, at=TEN + 30 * MINUTE, by=duty_lead, reason="In time.")
    stop_clock(clock, at=TEN + 31 * MINUTE, by=engineer)

    excuse_clock(clock, at=TEN + HOUR, by=duty_lead, reason="A power cut.")

    fresh = stored(clock)
    assert fresh.state(TEN + HOUR) == ClockState.EXCUSED
    assert kinds(clock) == [
        ClockEventKind.STARTED,
        ClockEventKind.STOPPED,
        ClockEventKind.EXCUSED,
    ]


def test_the_first_response_clock_does_not_pause(clock: Clock, engineer: User) -> None:
    with pytest.raises(ClockConflict):
        pause_clock(clock, at=TEN, by=engineer, reason="Waits for the customer.")


def test_another_clock_pauses_and_goes_on(clock: Clock, engineer: User) -> None:
    other = start_clock(
        calendar_version=clock.calendar_version,
        zone=clock.zone,
        target=HOUR,
        ladder=clock.ladder,
        at=TEN,
        obligation=Obligation.NEXT_RESPONSE,
    )
    pause_clock(other, at=TEN + 20 * MINUTE, by=engineer, reason="Waits for the customer.")
    paused = stored(other)
    assert (paused.due_at, paused.next_step_at) == (None, None)
    assert paused.state(TEN + 9 * HOUR) == ClockState.PAUSED

    resume_clock(other, at=TEN + 3 * HOUR, by=engineer)

    resumed = stored(other)
    assert resumed.due_at == TEN + 3 * HOUR + 40 * MINUTE
    # 33 % of the hour lay just before the pause's end in counted time: at once.
    assert resumed.next_step_at == TEN + 3 * HOUR


def test_a_clock_event_cannot_be_rewritten(clock: Clock) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        clock.events.update(at=TEN + HOUR)
    with pytest.raises(DatabaseError), transaction.atomic():
        clock.events.all().delete()
