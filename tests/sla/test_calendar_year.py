"""A year of a calendar, and its week drawn. Dates are of wall calendars and the law."""

from datetime import date, timedelta
from typing import Any

import pytest

from sla.calendar_changes import changes_between, closed_days_between
from sla.calendar_draft import Draft
from sla.calendar_week import week_rows
from sla.calendar_year import year_of
from sla.models import Calendar, CalendarVersion
from sla.public_holidays import closed_days, country_choices, plain_name, subdivision_choices

WORKING_DAYS = ("mon", "tue", "wed", "thu", "fri")
NINE_TO_SEVEN = {day: [["09:00", "19:00"]] for day in WORKING_DAYS}


def version_of(**facts: Any) -> CalendarVersion:
    given = {"zone": "America/New_York", "windows": NINE_TO_SEVEN} | facts
    return Draft(**given).version(Calendar(key="x", name="X"), 1)


def test_a_year_names_its_closures_and_the_nights_the_clocks_change() -> None:
    year = year_of(version_of(country="US"), 2026)

    assert len(year.months) == 12
    march = year.months[2]
    assert [(day.on, day.shift) for day in march.special] == [
        (date(2026, 3, 8), "clocks go forward 1 h")
    ]
    july = year.months[6]
    assert [(day.on.day, day.kind, day.name) for day in july.special] == [
        (3, "closure", "Independence Day (observed)"),
        (4, "closure", "Independence Day"),
    ]
    november = year.months[10]
    assert november.special[0].shift == "clocks go back 1 h"
    # 261 weekdays in 2026; the eleven federal holidays all close one, 4 July by its observed day.
    assert year.open_days == 250
    assert year.open_time == timedelta(hours=2500)
    # The eleven, and Saturday 4 July beside its observed Friday.
    assert year.closures == 12


def test_months_are_laid_out_in_weeks_from_monday() -> None:
    january = year_of(version_of(), 2026).months[0]
    # 1 January 2026 was a Thursday; the month has 31 days and ends on a Saturday.
    assert [day.on.day if day else None for day in january.weeks[0]] == [
        None,
        None,
        None,
        1,
        2,
        3,
        4,
    ]
    assert january.weeks[-1][5] is not None
    assert january.weeks[-1][5].on == date(2026, 1, 31)
    assert january.weeks[-1][6] is None
    assert [day.kind for day in january.weeks[1] if day] == ["open"] * 5 + ["weekend"] * 2


def test_a_date_that_never_was_is_told() -> None:
    year = year_of(version_of(zone="Pacific/Apia"), 2011)
    december = year.months[11]
    assert [(day.on, day.words) for day in december.special] == [
        (date(2011, 12, 30), "did not exist")
    ]


def test_a_night_is_drawn_where_it_falls_and_told_where_it_begins() -> None:
    rows = week_rows(version_of(windows={"fri": [["22:00", "06:00"]]}))
    friday, saturday = rows[4], rows[5]
    assert (friday.hours, saturday.hours) == ("22:00–06:00", "closed")
    assert [(part.kind, part.x, part.width) for part in friday.parts] == [
        ("kept", "91.67%", "8.33%")
    ]
    assert [(part.kind, part.x, part.width) for part in saturday.parts] == [("kept", "0%", "25%")]


def test_a_changed_week_shows_what_comes_and_what_goes() -> None:
    before = version_of()
    after = version_of(windows=NINE_TO_SEVEN | {"mon": [["06:00", "18:00"]]})
    monday, tuesday = week_rows(after, before)[:2]
    assert [(part.kind, part.x, part.width) for part in monday.parts] == [
        ("added", "25%", "12.5%"),
        ("kept", "37.5%", "37.5%"),
        ("removed", "75%", "4.17%"),
    ]
    assert (monday.hours, monday.before) == ("06:00–18:00", "09:00–19:00")
    assert (tuesday.hours, tuesday.before) == ("09:00–19:00", "")


def test_a_week_says_how_long_it_is_open() -> None:
    assert version_of().week_hours == timedelta(hours=50)
    nights = {"fri": [["22:00", "06:00"]], "sat": [["04:00", "10:00"]]}
    # The night's tail and Saturday's window overlap from 04:00 to 06:00 and count once.
    assert version_of(windows=nights).week_hours == timedelta(hours=12)


def test_differences_are_told_fact_by_fact() -> None:
    before = version_of(country="US", own_closures={date(2026, 3, 11): "Office move"})
    after = version_of(
        zone="America/Chicago",
        country="US",
        skipped_holidays=("Columbus Day",),
        windows={day: [["09:00", "19:00"]] for day in WORKING_DAYS[:4]},
    )
    assert changes_between(before, after) == [
        ("Time zone", "America/New_York", "America/Chicago"),
        ("Friday", "09:00–19:00", "closed"),
        ("Holidays worked", "", "Columbus Day"),
        ("Closed on 11 Mar 2026", "Office move", ""),
    ]
    days = closed_days_between(before, after, date(2026, 3, 1), date(2026, 10, 31))
    assert days.removed == [
        (date(2026, 3, 11), "Office move"),
        (date(2026, 10, 12), "Columbus Day"),
    ]
    assert days.added == []


def test_our_own_name_goes_before_a_holidays() -> None:
    version = version_of(country="US", own_closures={date(2026, 12, 25): "Closed house"})
    assert version.closure_name(date(2026, 12, 25)) == "Closed house"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("Independence Day (observed)", "Independence Day"),
        ("Eid al-Adha (estimated)", "Eid al-Adha"),
        ("Day off (substituted from 01/04/2026)", "Day off"),
        ("Chinese New Year (Spring Festival)", "Chinese New Year (Spring Festival)"),
    ],
)
def test_a_holiday_has_one_name_for_every_year(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def test_a_day_with_two_holidays_stays_closed_for_the_other() -> None:
    # 15 August 2027: Independence Day of India, and the Prophet's Birthday by estimate.
    days = closed_days("IN", "", ["Prophet's Birthday"])
    assert days[date(2027, 8, 15)] == "Independence Day"


def test_countries_and_their_regions_have_names() -> None:
    assert ("US", "United States") in country_choices()
    assert ("SCT", "Scotland") in subdivision_choices("GB")
    assert subdivision_choices("XX") == []
    assert closed_days("", "", ()) == {}
