"""Quiet hours in local time: nights, days, and the two nights when clocks change.

Offsets by hand: New York is UTC-5, in summer UTC-4; clocks go forward on Sun 8 Mar 2026 at 02:00
and back on Sun 1 Nov 2026 at 02:00. Berlin is UTC+1, in summer UTC+2. Lord Howe goes forward by
half an hour, from UTC+10:30 to UTC+11, on Sun 4 Oct 2026 at 02:00. Apia had no 30 Dec 2011.
"""

from datetime import UTC, datetime, time

import pytest

from notifications.quiet_hours import QuietHours, next_time

EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def hours(since: str, until: str, zone: str, days: tuple[int, ...] = EVERY_DAY) -> QuietHours:
    return QuietHours(time.fromisoformat(since), time.fromisoformat(until), days, zone)


NIGHT = hours("22:00", "07:00", "America/New_York")
NOON = hours("12:00", "13:30", "Europe/Berlin", (0, 1, 2, 3, 4))
FRIDAY_NIGHT = hours("20:00", "08:00", "America/New_York", (4,))


@pytest.mark.parametrize(
    ("quiet", "moment", "end"),
    [
        # Tue 13 Jan 2026, winter: 22:00 is 03:00 UTC, 07:00 is 12:00 UTC.
        (NIGHT, "2026-01-13T02:59:59", None),
        (NIGHT, "2026-01-13T03:00:00", "2026-01-13T12:00:00"),
        (NIGHT, "2026-01-13T11:59:59", "2026-01-13T12:00:00"),
        (NIGHT, "2026-01-13T12:00:00", None),
        # Sat 7 Mar to Sun 8 Mar: it begins at UTC-5 and ends at UTC-4, an hour shorter.
        (NIGHT, "2026-03-08T03:00:00", "2026-03-08T11:00:00"),
        (NIGHT, "2026-03-08T11:00:00", None),
        # Sat 31 Oct to Sun 1 Nov: it begins at UTC-4 and ends at UTC-5, an hour longer.
        (NIGHT, "2026-11-01T02:00:00", "2026-11-01T12:00:00"),
        (NIGHT, "2026-11-01T11:59:59", "2026-11-01T12:00:00"),
        # Noon in Berlin, Mon to Fri: Mon 6 Jul 2026 at UTC+2; Sun 5 Jul is not among the days.
        (NOON, "2026-07-06T10:00:00", "2026-07-06T11:30:00"),
        (NOON, "2026-07-06T11:30:00", None),
        (NOON, "2026-07-05T10:30:00", None),
        # The days are those the hours begin on: Fri 10 Jul until Sat 11 Jul at 08:00.
        (FRIDAY_NIGHT, "2026-07-11T11:59:59", "2026-07-11T12:00:00"),
        (FRIDAY_NIGHT, "2026-07-10T11:00:00", None),
        (FRIDAY_NIGHT, "2026-07-12T01:00:00", None),
        # 02:30 is skipped: quiet hours end at the first instant after the gap, 03:00 at UTC-4.
        (
            hours("23:00", "02:30", "America/New_York"),
            "2026-03-08T06:59:59",
            "2026-03-08T07:00:00",
        ),
        # and those that would begin in the gap begin after it.
        (hours("02:30", "06:00", "America/New_York"), "2026-03-08T06:59:59", None),
        (
            hours("02:30", "06:00", "America/New_York"),
            "2026-03-08T07:00:00",
            "2026-03-08T10:00:00",
        ),
        # 01:30 comes twice, at 05:30 and at 06:30 UTC: they end at the second, begin at the first.
        (
            hours("23:00", "01:30", "America/New_York"),
            "2026-11-01T06:29:59",
            "2026-11-01T06:30:00",
        ),
        (
            hours("01:30", "06:00", "America/New_York"),
            "2026-11-01T05:30:00",
            "2026-11-01T11:00:00",
        ),
        # Lord Howe skips 02:00 to 02:30: 02:15 is 02:30 at UTC+11, 15:30 UTC the day before.
        (
            hours("22:00", "02:15", "Australia/Lord_Howe"),
            "2026-10-03T15:29:59",
            "2026-10-03T15:30:00",
        ),
        # Fri 30 Dec 2011 never was in Apia: Thursday's night ends when Saturday begins.
        (hours("22:00", "07:00", "Pacific/Apia", (3,)), "2011-12-30T09:59:59", "2011-12-30T10:00"),
    ],
)
def test_quiet_hours_end_when_the_wall_clock_says(
    quiet: QuietHours, moment: str, end: str | None
) -> None:
    assert quiet.end_of(at(moment)) == (at(end) if end else None)


@pytest.mark.parametrize(
    ("moment", "local", "zone", "expected"),
    [
        ("2026-01-13T12:59:59", "08:00", "America/New_York", "2026-01-13T13:00:00"),
        ("2026-01-13T13:00:00", "08:00", "America/New_York", "2026-01-14T13:00:00"),
        # Over the night of 8 Mar the next eight o'clock is 23 hours away.
        ("2026-03-07T13:00:00", "08:00", "America/New_York", "2026-03-08T12:00:00"),
        ("2026-03-08T05:00:00", "02:30", "America/New_York", "2026-03-08T07:00:00"),
        ("2011-12-30T09:00:00", "08:00", "Pacific/Apia", "2011-12-30T18:00:00"),
    ],
)
def test_the_next_time_of_a_wall_clock(moment: str, local: str, zone: str, expected: str) -> None:
    assert next_time(at(moment), time.fromisoformat(local), zone) == at(expected)
