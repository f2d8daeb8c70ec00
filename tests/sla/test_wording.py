"""Times and spans are said the way the portal says them everywhere."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sla import wording

FRIDAY = datetime(2025, 11, 21, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("America/New_York", "Fri 21 Nov, 17:30 ET"),
        ("America/Chicago", "Fri 21 Nov, 16:30 CT"),
        ("America/Denver", "Fri 21 Nov, 15:30 MT"),
        ("America/Los_Angeles", "Fri 21 Nov, 14:30 PT"),
        ("Europe/Berlin", "Fri 21 Nov, 23:30 CET"),
        ("Asia/Dubai", "Sat 22 Nov, 02:30 UTC+04"),
        ("Asia/Kathmandu", "Sat 22 Nov, 04:15 UTC+05:45"),
        ("UTC", "Fri 21 Nov, 22:30 UTC"),
    ],
)
def test_a_moment_is_said_with_day_time_and_zone(zone: str, words: str) -> None:
    assert wording.moment_words(FRIDAY, ZoneInfo(zone), now=FRIDAY) == words


def test_eastern_time_is_et_in_summer_too() -> None:
    july = datetime(2025, 7, 4, 12, 0, tzinfo=UTC)
    words = wording.moment_words(july, ZoneInfo("America/New_York"), now=FRIDAY)
    assert words == "Fri 4 Jul, 08:00 ET"
    denver, phoenix = (ZoneInfo(f"America/{place}") for place in ("Denver", "Phoenix"))
    assert wording.moment_words(july, denver, now=FRIDAY) == "Fri 4 Jul, 06:00 MT"
    # An hour apart in summer, they have not one name.
    assert wording.beside_words(july, phoenix, denver, now=FRIDAY) == "05:00 MST"


def test_the_year_is_said_only_when_it_is_not_this_one() -> None:
    zone = ZoneInfo("America/New_York")
    now = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
    assert wording.moment_words(FRIDAY, zone, now=now) == "Fri 21 Nov 2025, 17:30 ET"


@pytest.mark.parametrize(
    ("here", "words"),
    [
        ("America/New_York", ""),
        ("America/Toronto", ""),
        ("Europe/Berlin", "17:30 ET"),
        # In Kathmandu it is Saturday already.
        ("Asia/Kathmandu", "Fri 21 Nov, 17:30 ET"),
    ],
)
def test_a_moment_in_the_contracts_zone_stands_beside_the_readers(here: str, words: str) -> None:
    there = ZoneInfo("America/New_York")
    assert wording.beside_words(FRIDAY, there, ZoneInfo(here), now=FRIDAY) == words


@pytest.mark.parametrize(
    ("span", "chip", "sentence", "words"),
    [
        (timedelta(hours=3, minutes=42), "3 h 42 m", "3 h 42 min", "3 hours 42 minutes"),
        (timedelta(minutes=22), "22 m", "22 min", "22 minutes"),
        (timedelta(hours=4), "4 h", "4 h", "4 hours"),
        (timedelta(hours=1), "1 h", "1 h", "1 hour"),
        (timedelta(0), "0 m", "0 min", "0 minutes"),
        (-timedelta(hours=1, minutes=12), "1 h 12 m", "1 h 12 min", "1 hour 12 minutes"),
        (timedelta(minutes=1, seconds=59), "1 m", "1 min", "1 minute"),
        (timedelta(days=2, hours=4), "52 h", "52 h", "52 hours"),
    ],
)
def test_a_span_is_said_in_hours_and_minutes(
    span: timedelta, chip: str, sentence: str, words: str
) -> None:
    assert wording.span_chip(span) == chip
    assert wording.span_sentence(span) == sentence
    assert wording.span_words(span) == words


def test_a_day_in_a_contract_has_its_year() -> None:
    assert wording.date_words(date(2026, 3, 31)) == "31 Mar 2026"


def test_a_day_in_a_heading_is_written_out() -> None:
    assert wording.long_day_words(date(2025, 11, 21)) == "Friday 21 November"
