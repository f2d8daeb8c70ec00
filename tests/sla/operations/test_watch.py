"""The steps of each ladder at their times, and what a downtime leaves.

Source: domain, Watch and escalation. The times are worked out by hand.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from sla.choices import ClockEventKind, LateCause
from sla.models import Clock, ClockEvent
from sla.operations import (
    claim_due_steps,
    claim_steps,
    database_now,
    reassess_clock,
    set_clock_aside,
    stop_clock,
)
from tests.factories.clocks import BUSINESS, make_clock, watch_on_time

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
# Tue 10 Mar 2026, 10:00 ET.
TEN = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)


def et(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A day of March 2026 by the wall clock in New York, daylight time from the 8th."""
    return datetime(2026, 3, day, hour, minute, second, tzinfo=UTC) + (5 if day < 8 else 4) * HOUR


def test_the_highest_ladder_of_thirty_minutes() -> None:
    clock = make_clock("highest", 30 * MINUTE, et(10, 10))

    assert watch_on_time(clock, et(10, 11, 20)) == [
        ("at 33 % of the time", et(10, 10, 9, 54)),
        ("at 66 % of the time", et(10, 10, 19, 48)),
        ("at 85 % of the time", et(10, 10, 25, 30)),
        ("at the deadline", et(10, 10, 30)),
        ("every 15 minutes after the deadline", et(10, 10, 45)),
        ("every 15 minutes after the deadline", et(10, 11, 0)),
        ("every 15 minutes after the deadline", et(10, 11, 15)),
    ]


def test_the_high_ladder_of_eight_working_hours_over_a_weekend() -> None:
    # Filed Fri 6 March 15:00: half is used at Friday's closing, three quarters Mon 11:00.
    clock = make_clock("high", 8 * HOUR, et(6, 15), calendar=BUSINESS)

    assert watch_on_time(clock, et(10, 10, 30)) == [
        ("at 50 % of the time", et(6, 19)),
        ("at 75 % of the time", et(9, 11)),
        ("at the deadline", et(9, 13)),
        ("every hour of coverage after the deadline", et(9, 14)),
        ("every hour of coverage after the deadline", et(9, 15)),
        ("every hour of coverage after the deadline", et(9, 16)),
        ("every hour of coverage after the deadline", et(9, 17)),
        ("every hour of coverage after the deadline", et(9, 18)),
        ("every hour of coverage after the deadline", et(9, 19)),  # on closing: it stays there
        ("every hour of coverage after the deadline", et(10, 10)),
    ]


def test_the_medium_ladder_of_four_hours() -> None:
    clock = make_clock("medium", 4 * HOUR, et(10, 10))

    assert watch_on_time(clock, et(12, 10)) == [
        ("at 50 % of the time", et(10, 12)),
        ("at 80 % of the time", et(10, 13, 12)),
        ("at the deadline", et(10, 14)),
        ("1 hour of coverage after the deadline", et(10, 15)),
    ]


def test_the_basic_ladder_of_eight_working_hours() -> None:
    clock = make_clock("basic", 8 * HOUR, et(9, 9), calendar=BUSINESS)

    assert watch_on_time(clock, et(12, 10)) == [
        ("at 75 % of the time", et(9, 15)),
        ("at the deadline", et(9, 17)),
    ]


def test_a_step_is_claimed_once_and_not_before_its_time() -> None:
    clock = make_clock("highest", 30 * MINUTE, TEN)
    due = TEN + timedelta(minutes=9, seconds=54)

    assert claim_due_steps(clock, now=due - timedelta(microseconds=1)) is None
    record = claim_due_steps(clock, now=due)
    assert record is not None
    assert (record.occurrence, record.assessment, record.late, record.acted) == (1, 1, False, True)
    assert claim_due_steps(clock, now=due) is None
    assert clock.step_records.count() == 1


@pytest.mark.parametrize(("seconds", "late"), [(60, False), (61, True)])
def test_a_step_is_late_from_a_minute_on(seconds: int, late: bool) -> None:  # noqa: FBT001 - a case
    clock = make_clock("highest", 30 * MINUTE, TEN)

    record = claim_due_steps(
        clock, now=TEN + timedelta(minutes=9, seconds=54) + timedelta(seconds=seconds)
    )

    assert record is not None
    assert record.late is late


def test_the_passed_deadline_is_an_event_at_its_own_time() -> None:
    clock = make_clock("highest", 30 * MINUTE, TEN)
    claim_due_steps(clock, now=TEN + 30 * MINUTE + timedelta(seconds=2))

    fresh = Clock.objects.get(pk=clock.pk)
    assert fresh.breached_at == TEN + 30 * MINUTE
    assert fresh.replayed() == fresh.figures
    assert list(clock.events.values_list("kind", "at")) == [
        (ClockEventKind.STARTED, TEN),
        (ClockEventKind.MISSED, TEN + 30 * MINUTE),
    ]


def test_six_hours_of_downtime_are_recorded_whole_and_acted_on_once() -> None:
    clock = make_clock("highest", 30 * MINUTE, TEN)
    # Down from the start, back six hours and five minutes after the deadline.
    record = claim_due_steps(clock, now=TEN + 30 * MINUTE + 6 * HOUR + 5 * MINUTE)

    assert record is not None
    assert (str(record.step), record.occurrence) == ("every 15 minutes after the deadline", 24)
    records = list(clock.step_records.order_by("due_at"))
    # 33 %, 66 %, 85 %, the deadline, and four an hour for six hours.
    assert len(records) == 28
    assert all(one.late for one in records)
    assert [one.acted for one in records] == [False] * 27 + [True]
    assert [one.occurrence for one in records[4:]] == list(range(1, 25))
    fresh = Clock.objects.get(pk=clock.pk)
    assert fresh.breached_at == TEN + 30 * MINUTE
    assert fresh.next_step_at == TEN + 30 * MINUTE + 6 * HOUR + 15 * MINUTE


def test_a_stopped_clock_has_no_step(engineer: User) -> None:
    clock = make_clock("highest", 30 * MINUTE, TEN)
    stop_clock(clock, at=TEN + 5 * MINUTE, by=engineer)

    assert claim_due_steps(clock, now=TEN + 9 * HOUR) is None
    assert clock.step_records.count() == 0


def test_a_reassessed_clock_climbs_its_ladder_anew(engineer: User) -> None:
    clock = make_clock("highest", 4 * HOUR, TEN)
    watch_on_time(clock, TEN + 2 * HOUR)  # 33 % of four hours: 11:19:12
    reassess_clock(
        clock,
        calendar_version=clock.calendar_version,
        zone=clock.zone,
        target=30 * MINUTE,
        counts_from=TEN + 2 * HOUR,
        latest_due_at=TEN + 4 * HOUR,
        at=TEN + 2 * HOUR,
        by=engineer,
        reason="It spreads.",
    )

    assert watch_on_time(clock, TEN + 2 * HOUR + 30 * MINUTE) == [
        ("at 33 % of the time", et(10, 12, 9, 54)),
        ("at 66 % of the time", et(10, 12, 19, 48)),
        ("at 85 % of the time", et(10, 12, 25, 30)),
        ("at the deadline", et(10, 12, 30)),
    ]
    assert list(clock.step_records.order_by("pk").values_list("assessment", flat=True)) == [
        1,
        2,
        2,
        2,
        2,
    ]


def test_database_time_is_that_of_the_database(catalogue: dict[str, Any]) -> None:
    before = datetime.now(UTC)

    assert abs(database_now() - before) < timedelta(seconds=5)


def because(clock: Clock, now: datetime) -> LateCause | None:
    claims, _ = claim_steps([clock.pk], now=now)
    return claims[0].late_because


def test_a_late_step_says_why_it_is_late(engineer: User) -> None:
    clock = make_clock("high", 4 * HOUR, TEN)
    assert because(clock, TEN + 2 * HOUR) is None
    assert because(clock, TEN + 3 * HOUR + 5 * MINUTE) == LateCause.WATCH_DOWN


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        (ClockEventKind.REASSESSED, LateCause.REASSESSED),
        (ClockEventKind.OVERTURNED, LateCause.OVERTURNED),
        (ClockEventKind.CALLED, LateCause.CALLED),
        (ClockEventKind.LADDER_MOVED, LateCause.WATCH_DOWN),
    ],
)
def test_what_put_a_step_into_the_past_is_named(kind: ClockEventKind, cause: LateCause) -> None:
    clock = make_clock("high", 4 * HOUR, TEN)
    ClockEvent.objects.create(
        clock=clock, kind=kind, at=TEN, recorded_at=TEN + 2 * HOUR + 30 * MINUTE
    )
    assert because(clock, TEN + 2 * HOUR + 31 * MINUTE) == cause


def test_a_step_of_a_clock_that_was_set_aside_says_so() -> None:
    clock = make_clock("high", 4 * HOUR, TEN)
    Clock.objects.filter(pk=clock.pk).update(trouble="It raised.")
    assert because(clock, TEN + 2 * HOUR + 5 * MINUTE) == LateCause.SET_ASIDE


def test_a_clock_that_is_answered_is_set_aside_no_more(engineer: User) -> None:
    clock = make_clock("highest", 30 * MINUTE, et(10, 10))
    set_clock_aside(clock.pk, ValueError("broker away"))
    assert Clock.objects.set_aside().get() == clock

    clock.refresh_from_db()
    stop_clock(clock, at=et(10, 11), by=engineer)

    assert not Clock.objects.set_aside().exists()
    clock.refresh_from_db()
    assert clock.trouble == ""
