"""Opening, closing, spans and local dates of a schedule, and what it refuses."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from sla.business_time import (
    BusinessTimeError,
    DayNote,
    EmptySchedule,
    InvalidSpan,
    InvalidTarget,
    InvalidWindow,
    NaiveDatetime,
    OutOfRange,
    Schedule,
    Span,
    UnknownZone,
)
from tests.sla.business_time.calendars import (
    ALWAYS,
    NIGHTS,
    NINE_TO_SEVEN,
    SPLIT,
    Windows,
    on,
    schedule,
    utc,
)

OFFICE = schedule("America/New_York", NINE_TO_SEVEN)
ROUND_THE_CLOCK = schedule("America/New_York", ALWAYS)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        # New York in winter is UTC-5: 09:00 is 14:00 UTC, 19:00 is midnight UTC.
        ("2026-01-05T13:59:59.999999", False),
        ("2026-01-05T14:00", True),
        ("2026-01-05T23:59:59.999999", True),
        ("2026-01-06T00:00", False),
        ("2026-01-10T16:00", False),
    ],
)
def test_a_window_contains_its_opening_and_not_its_closing(at: str, *, expected: bool) -> None:
    assert OFFICE.is_open(utc(at)) is expected


def test_next_opening_is_the_instant_itself_while_open() -> None:
    at = utc("2026-01-05T15:00:00.000001")
    assert OFFICE.next_opening(at) == at


def test_next_opening_skips_the_weekend() -> None:
    assert OFFICE.next_opening(utc("2026-01-10T00:00")) == utc("2026-01-12T14:00")


def test_next_closing_ends_the_stretch_that_is_open() -> None:
    assert OFFICE.next_closing(utc("2026-01-05T14:00")) == utc("2026-01-06T00:00")


def test_next_closing_while_closed_ends_the_next_stretch() -> None:
    assert OFFICE.next_closing(utc("2026-01-10T00:00")) == utc("2026-01-13T00:00")


def test_windows_that_touch_close_once() -> None:
    touching = schedule(
        "UTC", {"mon": [("09:00", "12:00"), ("12:00", "24:00")], "tue": [("00:00", "02:00")]}
    )
    assert touching.next_closing(utc("2026-01-05T10:00")) == utc("2026-01-06T02:00")


def test_a_change_of_the_clocks_does_not_close_a_window() -> None:
    nights = schedule("America/New_York", on("sat", ("22:00", "06:00")))
    # Saturday 22:00 EST is 03:00 UTC; Sunday 06:00 EDT is 10:00 UTC.
    assert nights.next_closing(utc("2026-03-08T03:00")) == utc("2026-03-08T10:00")


def test_a_calendar_that_is_always_open_never_closes() -> None:
    assert ROUND_THE_CLOCK.is_always_open
    assert ROUND_THE_CLOCK.next_closing(utc("2026-01-05T14:00")) is None


def test_an_always_open_week_closes_for_a_closure_and_then_never_again() -> None:
    calendar = schedule("America/New_York", ALWAYS, "2026-12-25")
    assert not calendar.is_always_open
    assert calendar.next_closing(utc("2024-01-01T00:00")) == utc("2026-12-25T05:00")
    assert calendar.next_opening(utc("2026-12-25T05:00")) == utc("2026-12-26T05:00")
    assert calendar.next_closing(utc("2026-12-25T05:00")) is None


def test_windows_that_make_up_the_week_are_always_open() -> None:
    assert schedule("UTC", on("mon tue wed thu fri sat sun", ("09:00", "09:00"))).is_always_open


def test_spans_are_clipped_to_what_was_asked() -> None:
    split = schedule("Europe/London", SPLIT)
    assert split.spans(utc("2026-01-05T11:00"), utc("2026-01-05T14:00")) == [
        Span(utc("2026-01-05T11:00"), utc("2026-01-05T12:00")),
        Span(utc("2026-01-05T13:00"), utc("2026-01-05T14:00")),
    ]


def test_spans_of_a_closed_weekend_are_none() -> None:
    assert OFFICE.spans(utc("2026-01-10T00:00"), utc("2026-01-11T00:00")) == []


def test_the_doubled_hour_may_hold_two_spans() -> None:
    fold = schedule("America/New_York", on("sun", ("01:30", "02:30")))
    assert fold.spans(utc("2026-11-01T00:00"), utc("2026-11-02T00:00")) == [
        Span(utc("2026-11-01T05:30"), utc("2026-11-01T06:00")),
        Span(utc("2026-11-01T06:30"), utc("2026-11-01T07:30")),
    ]


def test_day_counts_explain_a_long_weekend() -> None:
    # 5 July 2027, a Monday, observes Independence Day; New York in summer is UTC-4.
    calendar = schedule("America/New_York", NINE_TO_SEVEN, "2027-07-05")

    days = calendar.day_counts(utc("2027-07-02T22:30"), utc("2027-07-06T13:30"))

    assert [(day.on.isoformat(), day.counted, day.note) for day in days] == [
        ("2027-07-02", timedelta(minutes=30), DayNote.NONE),
        ("2027-07-03", timedelta(), DayNote.CLOSED_WEEKDAY),
        ("2027-07-04", timedelta(), DayNote.CLOSED_WEEKDAY),
        ("2027-07-05", timedelta(), DayNote.CLOSURE),
        ("2027-07-06", timedelta(minutes=30), DayNote.NONE),
    ]
    assert days[0].spans == (Span(utc("2027-07-02T22:30"), utc("2027-07-02T23:00")),)


@pytest.mark.parametrize(
    ("zone", "day", "shift"),
    [
        # The changes of 2026; the sources stand in test_deadlines.
        ("America/New_York", "2026-03-08", 60),
        ("America/New_York", "2026-11-01", -60),
        ("Europe/Berlin", "2026-03-29", 60),
        ("Europe/Berlin", "2026-10-25", -60),
        ("Australia/Lord_Howe", "2026-04-05", -30),
        ("Australia/Lord_Howe", "2026-10-04", 30),
        ("America/Sao_Paulo", "2018-11-04", 60),
        ("Africa/Cairo", "2023-10-26", -60),
    ],
)
def test_day_counts_name_the_shift_of_the_clocks(zone: str, day: str, shift: int) -> None:
    calendar = schedule(zone, ALWAYS, "1990-01-01")
    noon = datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=ZoneInfo(zone))

    (found,) = calendar.day_counts(noon, noon + HOUR)

    assert (found.on, found.shift) == (date.fromisoformat(day), timedelta(minutes=shift))
    assert found.note is DayNote.DAYLIGHT_SAVING


def test_day_counts_list_the_date_that_samoa_skipped() -> None:
    calendar = schedule("Pacific/Apia", ALWAYS)

    # Thursday 12:00 at UTC-10 to Saturday 12:00 at UTC+14.
    days = calendar.day_counts(utc("2011-12-29T22:00"), utc("2011-12-30T22:00"))

    assert [(day.on.isoformat(), day.counted, day.note, day.shift) for day in days] == [
        ("2011-12-29", 12 * HOUR, DayNote.NONE, timedelta()),
        ("2011-12-30", timedelta(), DayNote.SKIPPED_DATE, timedelta()),
        ("2011-12-31", 12 * HOUR, DayNote.NONE, timedelta()),
    ]


def test_a_night_is_counted_on_both_of_its_dates() -> None:
    nights = schedule("Europe/London", NIGHTS)

    days = nights.day_counts(utc("2026-01-09T20:00"), utc("2026-01-10T08:00"))

    # Friday's window ends on Saturday, which therefore is no closed weekday.
    assert [(day.on.day, day.counted, day.note) for day in days] == [
        (9, 2 * HOUR, DayNote.NONE),
        (10, 6 * HOUR, DayNote.NONE),
    ]


def test_day_counts_end_with_the_date_of_the_last_instant() -> None:
    days = schedule("UTC", ALWAYS).day_counts(utc("2026-01-05T00:00"), utc("2026-01-06T00:00"))
    assert [(day.on.day, day.counted) for day in days] == [(5, 24 * HOUR)]


def test_an_empty_span_is_one_local_date() -> None:
    at = utc("2026-01-05T15:00")
    assert [day.counted for day in OFFICE.day_counts(at, at)] == [timedelta()]


def test_any_zone_is_taken_and_utc_is_given() -> None:
    tokyo = datetime(2026, 1, 6, 0, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    due = OFFICE.deadline(tokyo, 2 * HOUR)
    assert due == utc("2026-01-05T17:00")
    assert due.tzinfo is UTC


@pytest.mark.parametrize(
    "ask",
    [
        lambda naive, aware: OFFICE.is_open(naive),
        lambda naive, aware: OFFICE.next_opening(naive),
        lambda naive, aware: OFFICE.next_closing(naive),
        lambda naive, aware: ROUND_THE_CLOCK.next_closing(naive),
        lambda naive, aware: OFFICE.deadline(naive, HOUR),
        lambda naive, aware: ROUND_THE_CLOCK.deadline(naive, HOUR),
        lambda naive, aware: OFFICE.elapsed(aware, naive),
        OFFICE.spans,
        lambda naive, aware: OFFICE.day_counts(aware, naive),
    ],
)
def test_a_naive_datetime_is_refused(
    ask: Callable[[datetime, datetime], object],
) -> None:
    aware = utc("2026-01-05T15:00")
    with pytest.raises(NaiveDatetime, match="has no time zone"):
        ask(aware.replace(tzinfo=None), aware)


@pytest.mark.parametrize("windows", [{}, {"mon": []}, on("mon tue wed thu fri sat sun")])
def test_a_calendar_without_windows_is_refused(windows: Windows) -> None:
    with pytest.raises(EmptySchedule, match="never opens"):
        schedule("UTC", windows)


@pytest.mark.parametrize(
    ("windows", "message"),
    [
        ({"monday": [("09:00", "17:00")]}, "'monday' is not a weekday"),
        ({"mon": [("9:00", "17:00")]}, "'9:00' is not a time"),
        ({"mon": [("09:00", "17:60")]}, "'17:60' is not a time"),
        ({"mon": [("24:00", "06:00")]}, "'24:00' is not a time"),
        ({"mon": [("09:00", "24:30")]}, "'24:30' is not a time"),
        ({"mon": [("09:00", "17:00\n")]}, "is not a time"),
        ({"mon": [("٠٩:00", "17:00")]}, "is not a time"),
        ({"mon": [("09:00",)]}, "needs an opening and a closing time"),
        ({"mon": ["09"]}, "needs an opening and a closing time"),
        ({"mon": [(9, 17)]}, "needs an opening and a closing time"),
        (
            {"mon": [("12:00", "17:00"), ("09:00", "12:01")]},
            "On mon the window 12:00–17:00 overlaps 09:00–12:01",
        ),
        ({"mon": [("22:00", "06:00"), ("23:00", "23:30")]}, "overlaps"),
    ],
)
def test_a_malformed_window_is_refused(windows: Windows, message: str) -> None:
    with pytest.raises(InvalidWindow, match=message):
        schedule("UTC", windows)


@pytest.mark.parametrize(
    "zone", ["", "Mars/Olympus", "America", "../etc/passwd", "/etc/passwd", "\0"]
)
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(UnknownZone, match="not a time zone"):
        schedule(zone, NINE_TO_SEVEN)


def test_a_target_below_zero_is_refused() -> None:
    with pytest.raises(InvalidTarget, match="negative"):
        OFFICE.deadline(utc("2026-01-05T15:00"), -timedelta(microseconds=1))


def test_an_end_before_its_start_is_refused() -> None:
    start, end = utc("2026-01-05T15:00"), utc("2026-01-05T14:59")
    for ask in (OFFICE.elapsed, OFFICE.spans, OFFICE.day_counts):
        with pytest.raises(InvalidSpan, match="before the start"):
            ask(start, end)


@pytest.mark.parametrize("calendar", [OFFICE, ROUND_THE_CLOCK])
def test_a_deadline_after_the_year_9999_is_refused(calendar: Schedule) -> None:
    with pytest.raises(OutOfRange, match="outside the years 1 to 9999"):
        calendar.deadline(utc("2026-01-05T15:00"), timedelta(days=365 * 8000))
    with pytest.raises(OutOfRange):
        calendar.deadline(utc("9999-12-31T23:00"), timedelta(days=3))


def test_an_instant_outside_the_years_is_refused() -> None:
    early = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))
    late = datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-5)))
    for at in (early, late):
        with pytest.raises(OutOfRange):
            OFFICE.is_open(at)


def test_every_refusal_is_a_business_time_error() -> None:
    refusals = (EmptySchedule, InvalidSpan, InvalidTarget, InvalidWindow)
    for refusal in (*refusals, NaiveDatetime, OutOfRange, UnknownZone):
        assert issubclass(refusal, BusinessTimeError)
    assert issubclass(BusinessTimeError, ValueError)


def test_the_same_calendar_is_the_same_object() -> None:
    days = [date(2026, 12, 25), date(2026, 1, 1)]
    first = Schedule.weekly("UTC", NINE_TO_SEVEN, days)
    # As read from JSON: lists for pairs, and the closures in another order and twice.
    again = {day: [list(pair) for pair in pairs] for day, pairs in NINE_TO_SEVEN.items()}
    assert Schedule.weekly("UTC", again, [*days[::-1], days[0]]) is first  # type: ignore[arg-type]  # lists, as from JSON


def test_threads_that_extend_the_tables_together_agree() -> None:
    starts = [datetime(1950 + 7 * number, 3, 3, 12, tzinfo=UTC) for number in range(24)]
    expected = [OFFICE.deadline(start, timedelta(days=900)) for start in starts]
    shared = Schedule("America/New_York", NINE_TO_SEVEN)
    answers: list[list[datetime]] = []

    def ask(order: list[datetime]) -> None:
        found = {start: shared.deadline(start, timedelta(days=900)) for start in order}
        answers.append([found[start] for start in starts])

    threads = [
        threading.Thread(target=ask, args=(starts[number:] + starts[:number],))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [expected] * 8
