"""Times in the languages of the portal."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from sla import wording

BERLIN = ZoneInfo("Europe/Berlin")
AT = datetime(2025, 3, 21, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "moment", "day", "heading"),
    [
        ("en", "Fri 21 Mar, 23:30 CET", "21 Mar 2025", "Friday 21 March"),
        ("de", "Fr, 21. März, 23:30 CET", "21. März 2025", "Freitag, 21. März"),
        ("es", "vie 21 mar, 23:30 CET", "21 mar 2025", "viernes, 21 de marzo"),
        ("fr", "Fri 21 Mar, 23:30 CET", "21 Mar 2025", "Friday 21 March"),
    ],
)
def test_a_moment_is_said_as_its_reader_says_it(
    language: str, moment: str, day: str, heading: str
) -> None:
    assert wording.moment_words(AT, BERLIN, now=AT, language=language) == moment
    assert wording.date_words(date(2025, 3, 21), language) == day
    assert wording.long_day_words(date(2025, 3, 21), language) == heading


def test_what_is_stored_is_english_whoever_asks() -> None:
    with translation.override("de"):
        assert wording.moment_words(AT, BERLIN, now=AT) == "Fri 21 Mar, 23:30 CET"
        assert wording.span_words(timedelta(hours=1)) == "1 hour"


def test_spans_and_hours_are_said_too() -> None:
    hours = {day: [["09:00", "12:00"], ["13:00", "17:00"]] for day in ("mon", "tue")}
    assert wording.week_words(hours, "de") == "Mo–Di 09:00–12:00 und 13:00–17:00"
    assert wording.week_words(hours, "es") == "lun–mar 09:00–12:00 y 13:00–17:00"
    assert wording.span_words(timedelta(hours=1, minutes=30), "de") == "1 Stunde 30 Minuten"
    assert wording.ago_words(timedelta(days=3), "es") == "hace 3 días"
    assert wording.zone_name("America/New_York", "de") == "Zeit von New York"
