"""Engineers on duty by hour of the week, on average."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import User
from tests.factories.roster import NOW, make_shift
from tickets.insight.duty import average_on_duty, on_duty_by_hour

NEW_YORK = ZoneInfo("America/New_York")
# Two weeks from Monday 5 Jan 2026, midnight ET (UTC-5).
SINCE, UNTIL = datetime(2026, 1, 5, 5, tzinfo=UTC), datetime(2026, 1, 19, 5, tzinfo=UTC)


def average(*spans: tuple[datetime, datetime]) -> dict[int, float]:
    return average_on_duty(spans, since=SINCE, until=UNTIL, zone=NEW_YORK)


def test_a_shift_counts_in_the_hours_of_its_week() -> None:
    # Tuesday 6 Jan, 09:00 to 11:30 ET; one of the two weeks.
    shift = (datetime(2026, 1, 6, 14, tzinfo=UTC), datetime(2026, 1, 6, 16, 30, tzinfo=UTC))

    assert average(shift) == {24 + 9: 0.5, 24 + 10: 0.5, 24 + 11: 0.25}


def test_a_period_that_ends_within_a_week_takes_nothing_from_who_is_always_there() -> None:
    # Two weeks and two and a half days: until Wednesday 21 Jan, noon ET.
    until = UNTIL + timedelta(days=2, hours=12)
    always = (SINCE - timedelta(days=1), until + timedelta(days=1))
    found = average_on_duty([always, always], since=SINCE, until=until, zone=NEW_YORK)

    assert found == dict.fromkeys(range(7 * 24), 2.0)


def test_an_hour_is_measured_by_the_weeks_that_have_it() -> None:
    # Mondays 09:00 ET of three weeks, and Fridays of two; on duty on one of each.
    until = UNTIL + timedelta(days=2)
    monday = (datetime(2026, 1, 5, 14, tzinfo=UTC), datetime(2026, 1, 5, 15, tzinfo=UTC))
    friday = (datetime(2026, 1, 9, 14, tzinfo=UTC), datetime(2026, 1, 9, 15, tzinfo=UTC))
    found = average_on_duty([monday, friday], since=SINCE, until=until, zone=NEW_YORK)

    assert found == {9: pytest.approx(1 / 3), 4 * 24 + 9: 0.5}


def test_two_people_at_once_are_two() -> None:
    shift = (datetime(2026, 1, 5, 14, tzinfo=UTC), datetime(2026, 1, 5, 15, tzinfo=UTC))
    assert average(shift, shift) == {9: 1.0}


def test_what_lies_outside_the_period_is_left_out() -> None:
    # From Sunday 4 Jan 23:00 ET to Monday 01:00 ET.
    shift = (datetime(2026, 1, 5, 4, tzinfo=UTC), datetime(2026, 1, 5, 6, tzinfo=UTC))
    assert average(shift) == {0: 0.5}


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe"])
def test_a_zone_that_is_not_whole_hours_away_loses_nothing(zone: str) -> None:
    shift = (datetime(2026, 1, 6, 14, tzinfo=UTC), datetime(2026, 1, 6, 22, tzinfo=UTC))
    found = average_on_duty([shift], since=SINCE, until=UNTIL, zone=ZoneInfo(zone))
    assert sum(found.values()) == pytest.approx(8 / 2)


@pytest.mark.django_db
def test_weeks_before_the_first_shift_make_nobody_absent(engineer: User, duty_lead: User) -> None:
    # An hour a week for two weeks, after eleven weeks without a roster.
    make_shift(engineer, duty_lead, 24 * 7 * 11, 1)
    make_shift(engineer, duty_lead, 24 * 7 * 12, 1)

    found = on_duty_by_hour(NOW, NOW + timedelta(weeks=13), NEW_YORK)

    assert sum(found.values()) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "monday", [datetime(2026, 3, 2, 5, tzinfo=UTC), datetime(2026, 10, 19, 4, tzinfo=UTC)]
)
def test_who_is_always_there_is_one_person_when_the_clocks_change(monday: datetime) -> None:
    since = monday.astimezone(NEW_YORK)
    until = since + timedelta(weeks=3)
    found = average_on_duty([(since, until)], since=since, until=until, zone=NEW_YORK)
    assert found == dict.fromkeys(range(7 * 24), 1.0)
