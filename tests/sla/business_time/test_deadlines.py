"""Deadlines worked out by hand, each with where the facts come from."""

from datetime import timedelta

import pytest

from tests.sla.business_time.calendars import (
    ALWAYS,
    DAILY_NINE_TO_FIVE,
    NIGHTS,
    NINE_TO_SEVEN,
    SPLIT,
    Windows,
    on,
    schedule,
    utc,
)

# Zone, windows, closures, start, target in minutes, due. All instants are UTC.
type Case = tuple[str, Windows, tuple[str, ...], str, float, str]

NEW_YORK, BERLIN, LORD_HOWE = "America/New_York", "Europe/Berlin", "Australia/Lord_Howe"

# Domain, Clocks: half-open windows; outside counts from the next opening; a deadline on closing
# stays there; zero is due at the start or at the next opening. New York in winter is UTC-5.
EDGES: dict[str, Case] = {
    "within a day": (NEW_YORK, NINE_TO_SEVEN, (), "2026-01-05T15:00", 120, "2026-01-05T17:00"),
    "before opening": (NEW_YORK, NINE_TO_SEVEN, (), "2026-01-05T09:00", 60, "2026-01-05T15:00"),
    "on opening": (NEW_YORK, NINE_TO_SEVEN, (), "2026-01-05T14:00", 60, "2026-01-05T15:00"),
    "on closing": (NEW_YORK, NINE_TO_SEVEN, (), "2026-01-06T00:00", 60, "2026-01-06T15:00"),
    "a microsecond before closing": (
        *(NEW_YORK, NINE_TO_SEVEN, (), "2026-01-05T23:59:59.999999", 60),
        "2026-01-06T14:59:59.999999",
    ),
    "due on closing": (NEW_YORK, NINE_TO_SEVEN, (), "2026-01-05T20:00", 240, "2026-01-06T00:00"),
    "a whole day": (NEW_YORK, NINE_TO_SEVEN, (), "2026-01-05T14:00", 600, "2026-01-06T00:00"),
    "a second past closing": (
        *(NEW_YORK, NINE_TO_SEVEN, (), "2026-01-05T20:00:01", 240),
        "2026-01-06T14:00:01",
    ),
    "over a weekend": (NEW_YORK, NINE_TO_SEVEN, (), "2026-01-09T23:00", 120, "2026-01-12T15:00"),
    "zero while open": (NEW_YORK, NINE_TO_SEVEN, (), "2026-01-05T15:00", 0, "2026-01-05T15:00"),
    "zero on opening": (NEW_YORK, NINE_TO_SEVEN, (), "2026-01-05T14:00", 0, "2026-01-05T14:00"),
    "zero on closing": (NEW_YORK, NINE_TO_SEVEN, (), "2026-01-06T00:00", 0, "2026-01-06T14:00"),
    "zero at night": (NEW_YORK, NINE_TO_SEVEN, (), "2026-01-10T03:00", 0, "2026-01-12T14:00"),
    "zero on a 24x7 calendar": (NEW_YORK, ALWAYS, (), "2026-01-10T03:00", 0, "2026-01-10T03:00"),
}

# Domain: windows that touch are one stretch; a window may run past midnight.
SHAPES: dict[str, Case] = {
    # London, winter, UTC. 11:30 + 30 min, lunch, + 30 min.
    "split by lunch": ("Europe/London", SPLIT, (), "2026-01-05T11:30", 60, "2026-01-05T13:30"),
    "due when lunch starts": (
        *("Europe/London", SPLIT, (), "2026-01-05T11:30", 30),
        "2026-01-05T12:00",
    ),
    "started at lunch": ("Europe/London", SPLIT, (), "2026-01-05T12:15", 15, "2026-01-05T13:15"),
    # Monday 23:00 + 7 h reaches 06:00 exactly; a minute more goes to Tuesday 22:01.
    "overnight to its end": (
        "Europe/London",
        NIGHTS,
        (),
        "2026-01-05T23:00",
        420,
        "2026-01-06T06:00",
    ),
    "overnight and on": ("Europe/London", NIGHTS, (), "2026-01-05T23:00", 421, "2026-01-06T22:01"),
    # Friday night's window ends on Saturday; the next opens on Monday.
    "overnight into Saturday": (
        *("Europe/London", NIGHTS, (), "2026-01-10T05:00", 120),
        "2026-01-12T23:00",
    ),
    "overnight from Sunday into Monday": (
        *("UTC", on("sun", ("22:00", "06:00")), (), "2026-01-04T23:00", 240),
        "2026-01-05T03:00",
    ),
    "twenty-four hours from nine to nine": (
        *("UTC", on("mon", ("09:00", "09:00")), (), "2026-01-05T08:00", 1440),
        "2026-01-06T09:00",
    ),
    "evening that touches the next morning": (
        *("UTC", {"mon": [("18:00", "24:00")], "tue": [("00:00", "06:00")]}, ()),
        *("2026-01-05T23:00", 120, "2026-01-06T01:00"),
    ),
}

# Domain: a closure shuts its local date from midnight to midnight, an overnight tail included.
CLOSURES: dict[str, Case] = {
    # 5 U.S.C. 6103(b): a holiday on a Sunday is observed on Monday. 4 July 2027 is a Sunday.
    # Friday 18:30 EDT + 30 min, then Tuesday from 09:00 EDT (13:00 UTC).
    "Independence Day observed on Monday": (
        *(NEW_YORK, NINE_TO_SEVEN, ("2027-07-05",), "2027-07-02T22:30", 60),
        "2027-07-06T13:30",
    ),
    # gov.uk/bank-holidays: Christmas 2021 fell on a weekend; substitutes on Mon 27, Tue 28.
    "Christmas 2021 in England": (
        *("Europe/London", SPLIT, ("2021-12-27", "2021-12-28"), "2021-12-24T16:30", 60),
        "2021-12-29T09:30",
    ),
    # 31 December 2026 is a Thursday, New Year's Day a Friday: on to Monday the 4th.
    "over the year's end": (
        *(NEW_YORK, NINE_TO_SEVEN, ("2027-01-01",), "2026-12-31T23:00", 120),
        "2027-01-04T15:00",
    ),
    # Monday 23:00 to midnight counts; Tuesday is shut, the tail and its evening included;
    # what is left of Tuesday's own night, Wednesday 00:00 to 06:00, is Wednesday's.
    "the tail of an overnight window": (
        *("Europe/London", NIGHTS, ("2026-01-06",), "2026-01-05T23:00", 120),
        "2026-01-07T01:00",
    ),
    "a 24x7 calendar with one closed day": (
        *(NEW_YORK, ALWAYS, ("2026-12-25",), "2026-12-25T04:00", 120),
        "2026-12-26T06:00",
    ),
    "due on the midnight that begins a closure": (
        *(NEW_YORK, ALWAYS, ("2026-12-25",), "2026-12-25T04:00", 60),
        "2026-12-25T05:00",
    ),
    # Gregorian leap years: 29 February 2028 is a Tuesday; 2026 and 2100 have none.
    "leap day": (NEW_YORK, NINE_TO_SEVEN, (), "2028-02-28T23:00", 660, "2028-03-01T00:00"),
    "closed leap day": (
        *(NEW_YORK, NINE_TO_SEVEN, ("2028-02-29",), "2028-02-28T23:00", 120),
        "2028-03-01T15:00",
    ),
    "no leap day in 2100": (
        *("UTC", DAILY_NINE_TO_FIVE, (), "2100-02-28T16:30", 60),
        "2100-03-01T09:30",
    ),
}

SUNDAY_EARLY = on("sun", ("01:00", "05:00"))
DAYLIGHT_SAVING: dict[str, Case] = {
    # 15 U.S.C. 260a: second Sunday of March, 02:00 EST becomes 03:00 EDT (07:00 UTC).
    "New York forward over a weekend": (
        *(NEW_YORK, NINE_TO_SEVEN, (), "2026-03-06T23:30", 240),
        "2026-03-09T16:30",
    ),
    # 01:00 EST is 06:00 UTC, 05:00 EDT is 09:00 UTC: three hours long.
    "New York forward": (NEW_YORK, SUNDAY_EARLY, (), "2026-03-08T05:00", 180, "2026-03-08T09:00"),
    # A window wholly in the missing hour: next Sunday, 02:15 EDT is 06:15 UTC.
    "New York, the missing hour": (
        *(NEW_YORK, on("sun", ("02:15", "02:45")), (), "2026-03-08T05:00", 10),
        "2026-03-15T06:25",
    ),
    # First Sunday of November, 02:00 EDT becomes 01:00 EST (06:00 UTC). 01:00 EDT is 05:00 UTC,
    # 05:00 EST is 10:00 UTC: five hours long.
    "New York back": (NEW_YORK, SUNDAY_EARLY, (), "2026-11-01T04:00", 300, "2026-11-01T10:00"),
    "New York back over a weekend": (
        *(NEW_YORK, NINE_TO_SEVEN, (), "2026-10-30T22:30", 240),
        "2026-11-02T17:30",
    ),
    # 01:30 to 02:30 holds 05:30-06:00 UTC before the change and 06:30-07:30 UTC after it.
    "New York, the doubled hour": (
        *(NEW_YORK, on("sun", ("01:30", "02:30")), (), "2026-11-01T05:00", 45),
        "2026-11-01T06:45",
    ),
    # Directive 2000/84/EC: last Sundays of March and October, 01:00 UTC.
    # 01:00 CET is 00:00 UTC, 05:00 CEST is 03:00 UTC.
    "Berlin forward": (BERLIN, SUNDAY_EARLY, (), "2026-03-28T12:00", 180, "2026-03-29T03:00"),
    # 01:00 CEST is 23:00 UTC the day before, 05:00 CET is 04:00 UTC.
    "Berlin back": (BERLIN, SUNDAY_EARLY, (), "2026-10-24T12:00", 300, "2026-10-25T04:00"),
    # tzdata, australasia, rule LH: half an hour, +10:30 and +11:00; back on the first Sunday of
    # April at 02:00 (15:00 UTC on Saturday). 01:00 is 14:00 UTC, 05:00 is 18:30 UTC.
    "Lord Howe back": (LORD_HOWE, SUNDAY_EARLY, (), "2026-04-04T12:00", 270, "2026-04-04T18:30"),
    # Forward on the first Sunday of October at 02:00 (15:30 UTC). 01:00 is 14:30, 05:00 is 18:00.
    "Lord Howe forward": (LORD_HOWE, SUNDAY_EARLY, (), "2026-10-03T12:00", 210, "2026-10-03T18:00"),
    "24x7 is plain elapsed time": (
        NEW_YORK,
        ALWAYS,
        (),
        "2026-03-08T05:00",
        180,
        "2026-03-08T08:00",
    ),
}

# tzdata, australasia: Samoa went from UTC-10 to UTC+14 at the end of Thursday 2011-12-29 (10:00
# UTC on the 30th), by the International Date Line Act 2011. There was no Friday the 30th.
APIA = "Pacific/Apia"
SKIPPED: dict[str, Case] = {
    # Thursday 16:00 + 1 h to closing, then Saturday the 31st 09:00 (19:00 UTC) + 1 h.
    "Apia, Thursday to Saturday": (
        *(APIA, DAILY_NINE_TO_FIVE, (), "2011-12-30T02:00", 120),
        "2011-12-30T20:00",
    ),
    # The next Friday is 6 January 2012; its 09:00 is 19:00 UTC on the 5th.
    "Apia, Fridays only": (
        *(APIA, on("fri", ("09:00", "17:00")), (), "2011-12-27T20:00", 60),
        "2012-01-05T20:00",
    ),
    # Thursday's night has two hours before the date ends; the next Thursday is 5 January, whose
    # 22:00 is 08:00 UTC.
    "Apia, a night into nothing": (
        *(APIA, on("thu", ("22:00", "06:00")), (), "2011-12-30T08:00", 180),
        "2012-01-05T09:00",
    ),
    "Apia, 24x7 runs through": (APIA, ALWAYS, (), "2011-12-30T09:00", 120, "2011-12-30T11:00"),
    # tzdata, southamerica: Brazil forward at 00:00 on Sunday 2018-11-04 (03:00 UTC), so the day
    # begins at 01:00, UTC-2. Seven hours to 08:00 (10:00 UTC).
    "Sao Paulo, no midnight": (
        *("America/Sao_Paulo", on("sun", ("00:00", "08:00")), (), "2018-11-03T15:00", 420),
        "2018-11-04T10:00",
    ),
    # tzdata, africa: Egypt forward at 00:00 on Friday 2023-04-28 (22:00 UTC on Thursday).
    "Cairo, no midnight": (
        *("Africa/Cairo", on("fri", ("00:00", "24:00")), (), "2023-04-27T12:00", 0),
        "2023-04-27T22:00",
    ),
    # Egypt back at 24:00 on Thursday 2023-10-26 (21:00 UTC): Thursday is 25 hours, 21:00 UTC the
    # day before to 22:00 UTC.
    "Cairo, midnight comes twice": (
        *("Africa/Cairo", on("thu", ("00:00", "24:00")), (), "2023-10-25T21:00", 1500),
        "2023-10-26T22:00",
    ),
    # tzdata, asia: Lebanon forward at 00:00 on Sunday 2022-03-27 (22:00 UTC on Saturday). The
    # closed Sunday has 23 hours, to 21:00 UTC.
    "Beirut, closed on a day without midnight": (
        *("Asia/Beirut", ALWAYS, ("2022-03-27",), "2022-03-26T21:00", 61),
        "2022-03-27T21:01",
    ),
}

# Counting days: 2026 to 2035 holds the leap years 2028 and 2032, so 3652 days of 8 h; 2026 to
# 2125 holds 24 leap years (2028 to 2124 without 2100), so 36524 days.
LONG: dict[str, Case] = {
    "ten years": (
        "UTC",
        DAILY_NINE_TO_FIVE,
        (),
        "2026-01-01T09:00",
        3652 * 480,
        "2035-12-31T17:00",
    ),
    "a century": (
        "UTC",
        DAILY_NINE_TO_FIVE,
        (),
        "2026-01-01T09:00",
        36524 * 480,
        "2125-12-31T17:00",
    ),
    "a century later, by a minute": (
        *("UTC", DAILY_NINE_TO_FIVE, (), "2026-01-01T09:00", 36524 * 480 + 1),
        "2126-01-01T09:01",
    ),
    # Five working days of 10 h a week, 520 weeks from a Monday to a Friday evening in New York:
    # Monday 2026-01-05 to Friday 2035-12-21, 19:00 EST.
    "520 weeks": (NEW_YORK, NINE_TO_SEVEN, (), "2026-01-05T14:00", 520 * 3000, "2035-12-22T00:00"),
    "the distant past": ("UTC", DAILY_NINE_TO_FIVE, (), "0001-01-01T00:00", 60, "0001-01-01T10:00"),
    "the last day": ("UTC", DAILY_NINE_TO_FIVE, (), "9999-12-31T09:00", 480, "9999-12-31T17:00"),
}

TABLES = EDGES | SHAPES | CLOSURES | DAYLIGHT_SAVING | SKIPPED | LONG


@pytest.mark.parametrize("case", TABLES.values(), ids=TABLES.keys())
def test_a_deadline_is_what_was_worked_out_by_hand(case: Case) -> None:
    zone, windows, closures, start, minutes, due = case
    calendar = schedule(zone, windows, *closures)
    expected = utc(due)

    found = calendar.deadline(utc(start), timedelta(minutes=minutes))

    assert found == expected
    assert found.utcoffset() == timedelta()
    assert calendar.elapsed(utc(start), expected) == timedelta(minutes=minutes)
