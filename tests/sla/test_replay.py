"""A clock's figures from its events, by hand from domain, Clocks."""

from datetime import UTC, datetime, timedelta

import pytest

from sla.business_time import Schedule
from sla.choices import ClockEventKind as Kind
from sla.replay import Figures, Happening, Terms, replay

ZONE = "America/New_York"
WORKING_DAYS = ("mon", "tue", "wed", "thu", "fri")
ALWAYS = Schedule.weekly(ZONE, dict.fromkeys((*WORKING_DAYS, "sat", "sun"), (("00:00", "24:00"),)))
BUSINESS = Schedule.weekly(ZONE, dict.fromkeys(WORKING_DAYS, (("09:00", "19:00"),)))

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def et(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A day of March 2026 by the wall clock in New York, daylight time from the 8th."""
    offset = 5 if day < 8 else 4
    return datetime(2026, 3, day, hour, minute, second, tzinfo=UTC) + offset * HOUR


def started(at: datetime, target: timedelta, schedule: Schedule = ALWAYS, **given) -> Happening:
    return Happening(Kind.STARTED, at, terms=Terms(target, schedule), **given)


def risk_of(target: timedelta, schedule: Schedule = ALWAYS) -> timedelta | None:
    figures = replay([started(et(10, 10), target, schedule)])
    return None if figures.at_risk_at is None else figures.at_risk_at - et(10, 10)


def test_around_the_clock_a_target_is_plain_time() -> None:
    figures = replay([started(et(10, 10), 30 * MINUTE)])

    assert figures.due_at == et(10, 10, 30)
    assert figures.elapsed(et(10, 10, 12)) == 12 * MINUTE


def test_working_hours_stop_over_the_weekend_and_the_change_to_daylight_time() -> None:
    # Fri 6 March 15:00 counts four hours to 19:00, Mon 9 March four from 09:00.
    figures = replay([started(et(6, 15), 8 * HOUR, BUSINESS)])

    assert figures.due_at == et(9, 13)
    assert figures.elapsed(et(8, 12)) == 4 * HOUR


def test_a_start_out_of_hours_counts_from_the_opening() -> None:
    assert replay([started(et(7, 11), 8 * HOUR, BUSINESS)]).due_at == et(9, 17)


@pytest.mark.parametrize(
    ("target", "at_risk_after"),
    [
        (30 * MINUTE, 22.5 * MINUTE),  # a quarter left
        (2 * HOUR, 1.5 * HOUR),  # two hours are not above two
        (3 * HOUR, 2 * HOUR),  # above two: an hour, which is more than a quarter
        (4 * HOUR, 3 * HOUR),
        (8 * HOUR, 6 * HOUR),  # a quarter is more than an hour
        (24 * HOUR, 18 * HOUR),
    ],
)
def test_the_risk_begins_with_a_quarter_left_or_an_hour(
    target: timedelta, at_risk_after: timedelta
) -> None:
    assert risk_of(target) == at_risk_after


def test_a_call_starts_a_waiting_clock_and_only_the_first_counts() -> None:
    waiting = started(et(9, 9), 30 * MINUTE, waits_for_call=True)

    assert replay([waiting]).due_at == et(9, 9, 30)
    called = [waiting, Happening(Kind.CALLED, et(7, 14, 20))]
    assert replay(called).due_at == et(7, 14, 50)
    again = [*called, Happening(Kind.CALLED, et(7, 14, 10))]
    assert replay(again).due_at == et(7, 14, 50)


def test_a_call_after_the_opening_changes_nothing() -> None:
    events = [
        started(et(9, 9), 30 * MINUTE, waits_for_call=True),
        Happening(Kind.CALLED, et(9, 9, 4)),
    ]

    assert replay(events) == replay(events[:1])


def test_a_call_on_a_running_clock_changes_nothing() -> None:
    events = [started(et(10, 10), 30 * MINUTE), Happening(Kind.CALLED, et(10, 9, 50))]

    assert replay(events).due_at == et(10, 10, 30)


def test_a_pause_keeps_what_is_left_and_a_resumption_counts_on() -> None:
    events = [started(et(10, 17), 4 * HOUR, BUSINESS), Happening(Kind.PAUSED, et(10, 18))]

    paused = replay(events)
    assert (paused.due_at, paused.at_risk_at, paused.left) == (None, None, 3 * HOUR)
    assert paused.elapsed(et(12, 12)) == HOUR
    resumed = replay([*events, Happening(Kind.RESUMED, et(12, 17, 30))])
    assert resumed.due_at == et(13, 10, 30)  # 90 min on Thu, 90 from Fri 09:00
    assert resumed.elapsed(et(12, 18)) == 1.5 * HOUR


def test_a_pause_after_the_deadline_moves_nothing() -> None:
    events = [started(et(10, 10), HOUR), Happening(Kind.PAUSED, et(10, 11, 0, 1))]

    assert replay(events).due_at == et(10, 11)


def test_a_resumption_of_what_runs_changes_nothing() -> None:
    events = [started(et(10, 10), HOUR), Happening(Kind.RESUMED, et(10, 10, 30))]

    assert replay(events) == replay(events[:1])


def test_a_stop_ends_the_counting() -> None:
    figures = replay([started(et(10, 10), HOUR), Happening(Kind.STOPPED, et(10, 10, 20))])

    assert (figures.stopped_at, figures.due_at) == (et(10, 10, 20), et(10, 11))
    assert figures.elapsed(et(10, 12)) == 20 * MINUTE


def test_an_overturned_stop_leaves_the_clock_what_it_would_have_been() -> None:
    start = started(et(10, 10), HOUR)
    events = [
        start,
        Happening(Kind.STOPPED, et(10, 10, 20)),
        Happening(Kind.OVERTURNED, et(10, 10, 50)),
    ]

    assert replay(events) == replay([start])


def reassessed(at: datetime, target: timedelta, schedule: Schedule = ALWAYS, **given) -> Happening:
    return Happening(Kind.REASSESSED, at, terms=Terms(target, schedule), **given)


def test_a_raised_severity_counts_from_the_change() -> None:
    events = [
        started(et(10, 10), 8 * HOUR, BUSINESS),
        reassessed(et(10, 12), 2 * HOUR, counts_from=et(10, 12), latest_due_at=et(10, 18)),
    ]

    figures = replay(events)
    assert (figures.due_at, figures.assessment) == (et(10, 14), 2)


def test_a_raised_severity_never_moves_the_deadline_later() -> None:
    events = [
        started(et(10, 10), 8 * HOUR, BUSINESS),
        reassessed(et(10, 17), 2 * HOUR, counts_from=et(10, 17), latest_due_at=et(10, 18)),
    ]

    figures = replay(events)
    assert figures.due_at == et(10, 18)
    assert figures.at_risk_at == et(10, 18)  # 90 minutes from 17:00 lie behind the deadline


def test_a_missed_deadline_stays_missed_when_the_new_one_has_passed_too() -> None:
    missed = [started(et(10, 10), HOUR), Happening(Kind.MISSED, et(10, 11))]

    late = replay([*missed, reassessed(et(10, 13), 2 * HOUR, counts_from=et(10, 10))])
    assert late.breached_at == et(10, 11)
    saved = replay([*missed, reassessed(et(10, 13), 4 * HOUR, counts_from=et(10, 10))])
    assert saved.breached_at is None


def test_the_first_miss_of_a_clock_is_kept() -> None:
    events = [
        started(et(10, 10), HOUR),
        Happening(Kind.MISSED, et(10, 11)),
        Happening(Kind.MISSED, et(10, 12)),
        Happening(Kind.EXCUSED, et(11, 9)),
    ]

    figures = replay(events)
    assert (figures.breached_at, figures.excused_at) == (et(10, 11), et(11, 9))


def test_an_amount_counted_before_the_present_run_answers_with_its_beginning() -> None:
    events = [
        started(et(10, 10), 2 * HOUR),
        Happening(Kind.PAUSED, et(10, 11)),
        Happening(Kind.RESUMED, et(10, 15)),
    ]

    figures = replay(events)
    assert figures.instant_of(30 * MINUTE) == et(10, 15)
    assert figures.instant_of(90 * MINUTE) == et(10, 15, 30)
    assert replay(events[:2]).instant_of(30 * MINUTE) is None


@pytest.mark.parametrize(
    "events",
    [
        [],
        [Happening(Kind.STOPPED, et(10, 10))],
        [Happening(Kind.STARTED, et(10, 10))],
        [started(et(10, 10), HOUR), Happening(Kind.REASSESSED, et(10, 11))],
    ],
)
def test_events_that_make_no_clock_are_refused(events: list[Happening]) -> None:
    with pytest.raises(ValueError, match=r"clock|terms"):
        replay(events)


def test_the_same_events_always_give_the_same_figures() -> None:
    events = [
        started(et(6, 15), 8 * HOUR, BUSINESS),
        Happening(Kind.MISSED, et(9, 13)),
        Happening(Kind.STOPPED, et(9, 14)),
    ]

    assert len({_key(replay(events)) for _ in range(3)}) == 1


def _key(figures: Figures) -> tuple[object, ...]:
    return figures.due_at, figures.at_risk_at, figures.stopped_at, figures.breached_at


# --- Pauses and a re-assessment ------------------------------------------------------------------


def test_a_pause_before_a_reassessment_is_left_out_of_the_new_count_too() -> None:
    # Tue 10:00, 8 working hours; paused 11:00 to 14:00. Put on day and night from the start: 1 h
    # before the pause, then 7 from 14:00.
    happened = [
        started(et(10, 10), 8 * HOUR, BUSINESS),
        Happening(Kind.PAUSED, et(10, 11)),
        Happening(Kind.RESUMED, et(10, 14)),
        reassessed(et(10, 15), 8 * HOUR, ALWAYS),
    ]

    figures = replay(happened)

    assert figures.due_at == et(10, 21)
    assert figures.elapsed(et(10, 15)) == 2 * HOUR
    assert [(run.start, run.end) for run in figures.runs] == [(et(10, 10), et(10, 11))]


def test_a_paused_clock_stays_paused_when_it_is_reassessed() -> None:
    happened = [
        started(et(10, 10), 8 * HOUR, BUSINESS),
        Happening(Kind.PAUSED, et(10, 11)),
        reassessed(et(10, 15), 4 * HOUR, BUSINESS),
    ]
    paused = replay(happened)
    assert (paused.due_at, paused.paused_at, paused.left) == (None, et(10, 11), 3 * HOUR)

    # The answer comes at 17:00: two hours on Tuesday, one on Wednesday.
    assert replay([*happened, Happening(Kind.RESUMED, et(10, 17))]).due_at == et(11, 10)


def test_a_pause_that_came_too_late_on_the_old_terms_counts_on_longer_ones() -> None:
    # One hour was over when it was paused at noon; four hours were not.
    happened = [
        started(et(10, 10), HOUR, BUSINESS),
        Happening(Kind.PAUSED, et(10, 12)),
        Happening(Kind.RESUMED, et(10, 13)),
    ]
    assert replay(happened).due_at == et(10, 11)

    figures = replay([*happened, reassessed(et(10, 14), 4 * HOUR, BUSINESS)])

    assert figures.due_at == et(10, 15)


def test_pauses_before_a_count_begins_anew_change_nothing() -> None:
    happened = [
        started(et(10, 10), 8 * HOUR, BUSINESS),
        Happening(Kind.PAUSED, et(10, 11)),
        Happening(Kind.RESUMED, et(10, 12)),
        reassessed(et(10, 15), 2 * HOUR, ALWAYS, counts_from=et(10, 15)),
    ]
    figures = replay(happened)
    assert (figures.due_at, figures.runs) == (et(10, 17), ())


def test_a_pause_in_which_a_count_begins_anew_holds_up_the_rest_of_it() -> None:
    # The count begins at 12:00, in a pause that lasts until 13:00.
    happened = [
        started(et(10, 10), 8 * HOUR, BUSINESS),
        Happening(Kind.PAUSED, et(10, 11)),
        Happening(Kind.RESUMED, et(10, 13)),
        reassessed(et(10, 15), 4 * HOUR, BUSINESS, counts_from=et(10, 12)),
    ]
    assert replay(happened).due_at == et(10, 17)


def test_a_second_pause_of_a_paused_clock_takes_nothing_off_what_is_left() -> None:
    happened = [
        started(et(10, 10), 8 * HOUR, BUSINESS),
        Happening(Kind.PAUSED, et(10, 11)),
        Happening(Kind.PAUSED, et(10, 13)),
    ]
    assert replay(happened).left == 7 * HOUR


def test_a_deadline_that_must_not_move_later_moves_with_a_pause_all_the_same() -> None:
    # Not later than 12:00: one hour is left at 11:00, and an hour after the resumption it is due.
    happened = [
        started(et(10, 10), 8 * HOUR, BUSINESS),
        reassessed(et(10, 10), 8 * HOUR, BUSINESS, latest_due_at=et(10, 12)),
        Happening(Kind.PAUSED, et(10, 11)),
        Happening(Kind.RESUMED, et(10, 14)),
    ]
    assert replay(happened).due_at == et(10, 15)


def test_an_excuse_goes_with_the_miss_it_was_given_for() -> None:
    missed = [
        started(et(10, 10), HOUR),
        Happening(Kind.MISSED, et(10, 11)),
        Happening(Kind.EXCUSED, et(10, 12)),
    ]
    late = replay([*missed, Happening(Kind.STOPPED, et(10, 13))])
    assert late.excused_at == et(10, 12)
    # The answer that was late is owed again, and nobody has said that this is all right.
    owed = replay(
        [*missed, Happening(Kind.STOPPED, et(10, 13)), Happening(Kind.OVERTURNED, et(10, 14))]
    )
    assert owed.excused_at is None
    # An answer that was sent in time, and went out after somebody had excused the deadline.
    assert replay([*missed, Happening(Kind.STOPPED, et(10, 11))]).excused_at is None
