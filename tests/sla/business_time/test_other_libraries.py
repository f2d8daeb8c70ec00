"""The same questions put to business-time libraries that nobody here wrote."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import businesstimedelta
import pytest
import pytz  # type: ignore[import-untyped]  # it ships no types
import workclock
from hypothesis import given, settings
from hypothesis import strategies as st

from sla.business_time import WEEKDAYS, Schedule
from tests.sla.business_time.calendars import NINE_TO_SEVEN, Windows, utc

# Where the clocks change at night, and an instant at the change.
CHANGES = {
    "America/New_York": ["2026-03-08T07:00", "2026-11-01T06:00"],
    "Europe/Berlin": ["2026-03-29T01:00", "2026-10-25T01:00"],
    "Australia/Lord_Howe": ["2026-04-04T15:00", "2026-10-03T15:30"],
    "Asia/Kathmandu": ["2028-02-29T00:00"],
    "UTC": ["2026-12-31T23:00"],
}
PLACES = [(zone, utc(at)) for zone, instants in CHANGES.items() for at in instants]

# A window may run through a change of the clocks but not open or close within the hour that is
# missing or doubled: workclock moves such an edge to one instant (RFC 5545), while the portal
# asks the wall clock at every instant, as docs/time.md says.
DAYTIME = st.sampled_from([("09:00", "17:00"), ("04:00", "12:30"), ("12:30", "21:45")])
NIGHT = st.sampled_from([("22:00", "04:00"), ("20:15", "00:00"), ("00:00", "24:00")])
LENGTHS = st.timedeltas(timedelta(microseconds=1), timedelta(days=60))


@st.composite
def questions(draw: st.DrawFn) -> tuple[str, Windows, list[date], datetime]:
    zone, change = draw(st.sampled_from(PLACES))
    week: Windows = {day: draw(st.lists(DAYTIME, max_size=1)) for day in WEEKDAYS}
    for day in draw(st.sets(st.sampled_from(WEEKDAYS), min_size=1)):
        week[day] = [draw(NIGHT)]
    closures = draw(st.sets(st.integers(-5, 9), max_size=3))
    start = change + draw(st.timedeltas(timedelta(days=-6), timedelta(days=6)))
    return zone, week, [(change + timedelta(days=day)).date() for day in sorted(closures)], start


def workclock_schedule(zone: str, windows: Windows, closures: list[date]) -> workclock.Schedule:
    rules: list[workclock.WorkDay | workclock.Holidays] = [workclock.Holidays(closures)]
    for number, day in enumerate(WEEKDAYS):
        for start, end in windows.get(day, []):
            closing = time() if end == "24:00" else time.fromisoformat(end)
            rules.append(workclock.WorkDay(time.fromisoformat(start), closing, days=[number]))
    return workclock.Schedule(rules, time_zone=ZoneInfo(zone))


@given(questions(), LENGTHS)
@settings(max_examples=150, deadline=None)
def test_workclock_gives_the_same_deadline(
    question: tuple[str, Windows, list[date], datetime], target: timedelta
) -> None:
    zone, windows, closures, start = question
    theirs = workclock_schedule(zone, windows, closures).add(start, target)
    assert Schedule.weekly(zone, windows, closures).deadline(start, target) == theirs


@given(questions(), LENGTHS)
@settings(max_examples=150, deadline=None)
def test_workclock_counts_the_same_time(
    question: tuple[str, Windows, list[date], datetime], length: timedelta
) -> None:
    zone, windows, closures, start = question
    theirs = workclock_schedule(zone, windows, closures).between(start, start + length)
    assert Schedule.weekly(zone, windows, closures).elapsed(start, start + length) == theirs


def test_workclock_knows_the_date_that_samoa_skipped() -> None:
    daytime: Windows = {day: [("09:00", "17:00")] for day in WEEKDAYS}
    start = utc("2011-12-30T02:00")
    theirs = workclock_schedule("Pacific/Apia", daytime, []).add(start, timedelta(hours=2))
    assert theirs == utc("2011-12-30T20:00")
    assert Schedule.weekly("Pacific/Apia", daytime).deadline(start, timedelta(hours=2)) == theirs


@pytest.mark.parametrize("month", [1, 3, 7, 11])
def test_businesstimedelta_agrees_on_office_hours(month: int) -> None:
    # It knows no closures without an end and no nights; office hours in a zone it does.
    rule = businesstimedelta.WorkDayRule(
        time(9), time(19), [0, 1, 2, 3, 4], tz=pytz.timezone("America/New_York")
    )
    ours = Schedule.weekly("America/New_York", NINE_TO_SEVEN)
    for hours in range(0, 24 * 7, 5):
        start = utc(f"2026-{month:02}-05T00:17:31") + timedelta(hours=hours)
        for minutes in (1, 240, 600, 1445, 9000):
            length = timedelta(minutes=minutes)
            due = start + businesstimedelta.BusinessTimeDelta(rule, seconds=minutes * 60)
            counted = rule.difference(start, start + length)
            assert ours.deadline(start, length) == due
            assert ours.elapsed(start, start + length) == counted.timedelta
