"""When the shifts of a pattern are: the wall clock of its zone holds, also where clocks change.

Source: the tz database. New York: EST is UTC-5, EDT UTC-4; forward on Sun 8 Mar 2026 at 02:00,
back on Sun 1 Nov 2026 at 02:00. Lord Howe: UTC+11 in summer, +10:30 in winter; back half an hour
on Sun 5 Apr 2026 at 02:00. Apia had no Fri 30 Dec 2011.
"""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from accounts.models import User
from sla.business_time import Span
from sla.models import ShiftPattern

NEVER = Span(datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC))
DAILY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def pattern(starts: time, ends: time, zone: str = "America/New_York", **given) -> ShiftPattern:
    facts = {"from_on": date(2026, 1, 1), "weekdays": DAILY, "weeks_each": 1}
    return ShiftPattern(starts=starts, ends=ends, zone=zone, **{**facts, **given})


def utc(year: int, month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "start", "end", "length"),
    [
        # An ordinary winter night: 22:00 EST to 06:00 EST.
        (date(2026, 1, 10), utc(2026, 1, 11, 3), utc(2026, 1, 11, 11), 8),
        # Into Sun 8 March: 22:00 EST to 06:00 EDT.
        (date(2026, 3, 7), utc(2026, 3, 8, 3), utc(2026, 3, 8, 10), 7),
        # Into Sun 1 November: 22:00 EDT to 06:00 EST.
        (date(2026, 10, 31), utc(2026, 11, 1, 2), utc(2026, 11, 1, 11), 9),
    ],
)
def test_a_night_shift_keeps_to_the_wall_clock_over_both_changes(day, start, end, length):
    span = pattern(time(22), time(6)).span_on(day)

    assert span == Span(start, end)
    assert span.length == timedelta(hours=length)


def test_a_half_hour_change_makes_the_night_half_an_hour_longer():
    # Sat 4 Apr 22:00 at UTC+11 is 11:00Z; Sun 06:00 at UTC+10:30 is 19:30Z.
    span = pattern(time(22), time(6), "Australia/Lord_Howe").span_on(date(2026, 4, 4))

    assert span == Span(utc(2026, 4, 4, 11), utc(2026, 4, 4, 19, 30))


def test_a_shift_that_ends_in_the_hour_that_comes_twice_ends_when_it_first_comes():
    late = pattern(time(22), time(1, 30)).span_on(date(2026, 10, 31))
    early = pattern(time(1, 30), time(9)).span_on(date(2026, 11, 1))

    # 01:30 EDT is 05:30Z: the next shift begins where the one before ends.
    assert late == Span(utc(2026, 11, 1, 2), utc(2026, 11, 1, 5, 30))
    assert early == Span(utc(2026, 11, 1, 5, 30), utc(2026, 11, 1, 14))


def test_shifts_of_24_hours_tile_the_night_of_the_change():
    around = pattern(time(1, 30), time(1, 30))
    spans = [around.span_on(date(2026, 10, 30) + timedelta(days=n)) or NEVER for n in range(4)]

    assert all(before.end == after.start for before, after in pairwise(spans))
    assert spans[2].length == timedelta(hours=25)


def test_a_shift_that_the_clocks_skip_does_not_happen():
    assert pattern(time(2), time(3)).span_on(date(2026, 3, 8)) is None


def test_a_date_that_never_was_has_no_shift():
    apia = pattern(time(9), time(17), "Pacific/Apia", from_on=date(2011, 12, 1))

    assert apia.span_on(date(2011, 12, 30)) is None


def test_people_take_turns_by_whole_weeks_from_monday():
    a, b = User(name="A"), User(name="B")
    # From Thu 1 Jan 2026: its week began on Mon 29 Dec.
    turns = pattern(time(9), time(17), weeks_each=2)

    assert turns.turn_on(date(2026, 1, 1), [a, b]) is a
    assert turns.turn_on(date(2026, 1, 11), [a, b]) is a
    assert turns.turn_on(date(2026, 1, 12), [a, b]) is b
    assert turns.turn_on(date(2026, 1, 25), [a, b]) is b
    assert turns.turn_on(date(2026, 1, 26), [a, b]) is a


def test_a_pattern_falls_on_its_weekdays_within_its_dates():
    weekend = pattern(time(9), time(17), weekdays=["sat", "sun"], until_on=date(2026, 1, 11))

    assert not weekend.falls_on(date(2026, 1, 2))
    assert weekend.falls_on(date(2026, 1, 3))
    assert weekend.falls_on(date(2026, 1, 11))
    assert not weekend.falls_on(date(2026, 1, 17))
    assert weekend.hours_text() == "Sat–Sun 09:00–17:00"
