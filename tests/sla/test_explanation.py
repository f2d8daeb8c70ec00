"""Why a deadline is when it is: sentence, sum and drawing, with instants worked out by hand."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from sla.choices import Obligation
from sla.counting import Count, RowKind
from sla.explanation import Explanation, explain_clock, explain_count
from sla.models import Calendar, CalendarVersion, Clock, Ladder
from sla.operations import log_call, pause_clock, resume_clock, start_clock
from tests.factories.clocks import make_clock

EASTERN, BERLIN = "America/New_York", "Europe/Berlin"
ALL_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NIGHTS = {day: [["22:00", "06:00"]] for day in ALL_WEEK}
OFFICE = {day: [["09:00", "19:00"]] for day in ALL_WEEK[:5]}
ALWAYS = {day: [["00:00", "24:00"]] for day in ALL_WEEK}
HOUR = timedelta(hours=1)

# (label, value) of the lines of a sum.
type Lines = Sequence[tuple[str, str]]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}:00").replace(tzinfo=UTC)


def explain(
    windows: dict[str, list[list[str]]],
    start: str,
    target: timedelta,
    due: str,
    *,
    closures: dict[date, str] | None = None,
    reader: str = EASTERN,
    **given: Any,
) -> Explanation:
    """Explain a count in New York from `start` to `due`, both in UTC, and check the due time."""
    closures = closures or {}
    version = CalendarVersion(
        zone=EASTERN,
        windows=windows,
        closures=list(closures),
        closure_names={day.isoformat(): name for day, name in closures.items()},
    )
    assert version.schedule().deadline(at(start), target) == at(due)
    count = Count(
        calendar_version=version,
        zone=EASTERN,
        target=target,
        filed_at=at(start),
        starts_at=at(start),
        due_at=at(due),
        **given,
    )
    return explain_count(count, now=at(start), reader_zone=reader, terms="MSA Business, High")


def lines(explanation: Explanation) -> Lines:
    return [(row.label, row.value) for row in explanation.rows]


def adds_up_to(explanation: Explanation) -> timedelta:
    return sum((row.length for row in explanation.rows), timedelta())


def test_a_night_on_which_the_clocks_go_forward_counts_real_time() -> None:
    # Sat 7 Mar 23:00 EST; on Sunday 02:00 becomes 03:00.
    explained = explain(NIGHTS, "03-08T04:00", 8 * HOUR, "03-09T04:00")

    assert lines(explained) == [
        ("Sat 7 Mar, 23:00 to 24:00", "1 h"),
        ("Sun 8 Mar, 00:00 to 06:00", "5 h"),
        ("Sun 8 Mar, 22:00 to 24:00", "2 h"),
        ("Sun 8 Mar: clocks went forward 1 h", "real time counts"),
    ]
    assert adds_up_to(explained) == 8 * HOUR


def test_a_night_on_which_the_clocks_go_back_counts_the_hour_twice() -> None:
    # Sat 31 Oct 23:00 EDT; on Sunday 02:00 becomes 01:00.
    explained = explain(NIGHTS, "11-01T03:00", 8 * HOUR, "11-01T11:00")

    assert lines(explained) == [
        ("Sat 31 Oct, 23:00 to 24:00", "1 h"),
        ("Sun 1 Nov, 00:00 to 06:00", "7 h"),
        ("Sun 1 Nov: clocks went back 1 h", "real time counts"),
    ]


def test_around_the_clock_the_changed_hour_is_told_where_it_lies_inside() -> None:
    across = explain(ALWAYS, "11-01T03:30", 4 * HOUR, "11-01T07:30")
    assert lines(across) == [
        ("Sat 31 Oct, 23:30 to Sun 1 Nov, 02:30", "4 h"),
        ("Sun 1 Nov: clocks went back 1 h", "real time counts"),
    ]

    after = explain(ALWAYS, "11-01T15:00", 4 * HOUR, "11-01T19:00")
    assert lines(after) == [("Sun 1 Nov, 10:00 to Sun 1 Nov, 14:00", "4 h")]


def test_a_window_that_the_clocks_skipped_is_told() -> None:
    windows = {day: [["02:15", "02:45"]] for day in ALL_WEEK}
    explained = explain(windows, "03-08T05:00", HOUR / 2, "03-09T06:45")

    assert lines(explained) == [
        ("Sun 8 Mar: clocks went forward 1 h, over our hours", "not counted"),
        ("Mon 9 Mar, 02:15 to 02:45", "30 min"),
    ]


def test_a_closure_cuts_the_tail_of_the_night_before_it() -> None:
    # Mon 9 Mar 21:00 EDT.
    explained = explain(
        NIGHTS,
        "03-10T01:00",
        4 * HOUR,
        "03-11T06:00",
        closures={date(2026, 3, 10): "Founders’ Day"},
    )
    assert lines(explained) == [
        ("Mon 9 Mar, 22:00 to 24:00", "2 h"),
        ("Tue 10 Mar, Founders’ Day", "closed"),
        ("Wed 11 Mar, 00:00 to 02:00", "2 h"),
    ]


def test_the_sentence_tells_rule_and_result_in_the_readers_zone_with_the_calendars_beside() -> None:
    # Fri 6 Mar 18:00 EST.
    explained = explain(OFFICE, "03-06T23:00", 8 * HOUR, "03-09T20:00", reader=BERLIN)

    assert explained.sentence == (
        "Filed Sat 7 Mar, 00:00 CET (Fri 6 Mar, 18:00 ET): we answer within 8 hours, counted only "
        "while we are open, that is by Mon 9 Mar, 21:00 CET (Mon 9 Mar, 16:00 ET)."
    )
    assert lines(explained) == [
        ("Fri 6 Mar, 18:00 to 19:00", "1 h"),
        ("Sat 7 Mar to Sun 8 Mar, closed", "not counted"),
        ("Mon 9 Mar, 09:00 to 16:00", "7 h"),
    ]
    assert explained.total == ("Due Mon 9 Mar, 21:00 CET (Mon 9 Mar, 16:00 ET)", "8 h")
    assert explained.terms == (
        "MSA Business, High, Mon–Fri 09:00–19:00 ET. Counted in ET: its days and hours."
    )
    assert explained.ribbon is not None
    assert explained.ribbon.label == (
        "1 hour counted on Friday 6 March, 18:00 to 19:00; "
        "7 hours counted on Monday 9 March, 09:00 to 16:00. Due Mon 9 Mar, 16:00 ET."
    )


def test_a_long_sum_leaves_no_closure_out() -> None:
    # Mon 4 May 09:00 EDT: twenty days of ten hours, without Memorial Day.
    explained = explain(
        OFFICE,
        "05-04T13:00",
        200 * HOUR,
        "06-01T23:00",
        closures={date(2026, 5, 25): "Memorial Day"},
    )
    assert lines(explained) == [
        ("Mon 4 May, 09:00 to 19:00", "10 h"),
        ("Tue 5 May, 09:00 to 19:00", "10 h"),
        ("Wed 6 May, 09:00 to 19:00", "10 h"),
        ("18 lines between, counted the same way", "150 h"),
        ("Mon 25 May, Memorial Day", "closed"),
        ("Fri 29 May, 09:00 to 19:00", "10 h"),
        ("Sat 30 May to Sun 31 May, closed", "not counted"),
        ("Mon 1 Jun, 09:00 to 19:00", "10 h"),
    ]
    assert adds_up_to(explained) == 200 * HOUR
    assert explained.ribbon is None


# --- Clocks -------------------------------------------------------------------------------------

TEN = at("03-10T14:00")  # Tue 10 Mar, 10:00 EDT
# Sat 14 Mar, 10:12 EDT; the next opening is Mon 16 Mar, 09:00.
SATURDAY, MONDAY = at("03-14T14:12"), at("03-16T13:00")


@pytest.fixture
def objective(catalogue: Any) -> Clock:
    """Four hours around the clock from Tuesday 10:00, which may pause."""
    version = Calendar.objects.get(key="always").current
    return start_clock(
        calendar_version=version,
        zone=EASTERN,
        target=4 * HOUR,
        ladder=Ladder.objects.get(key="basic"),
        at=TEN,
        obligation=Obligation.NEXT_RESPONSE,
    )


@pytest.mark.django_db
def test_pauses_are_told_and_left_out_of_the_sum(objective: Clock, engineer: User) -> None:
    pause_clock(objective, at=TEN + HOUR, by=engineer, reason="Waiting for the log.")
    clock = resume_clock(objective, at=TEN + 3 * HOUR, by=engineer)
    explained = explain_clock(clock, now=TEN, zone=EASTERN)

    assert lines(explained) == [
        ("Tue 10 Mar, 10:00 to Tue 10 Mar, 11:00", "1 h"),
        ("Paused Tue 10 Mar, 11:00 to Tue 10 Mar, 13:00", "not counted"),
        ("Tue 10 Mar, 13:00 to Tue 10 Mar, 16:00", "3 h"),
    ]
    assert explained.sentence == (
        "Filed Tue 10 Mar, 10:00 ET: we answer within 4 hours, counted day and night, 1 pause left "
        "out, that is by Tue 10 Mar, 16:00 ET."
    )


@pytest.mark.django_db
def test_a_paused_clock_tells_what_was_counted_and_what_is_left(
    objective: Clock, engineer: User
) -> None:
    clock = pause_clock(objective, at=TEN + HOUR, by=engineer, reason="Waiting for the log.")
    explained = explain_clock(clock, now=TEN + 2 * HOUR, zone=EASTERN)

    assert explained.sentence.startswith("The clock is paused. 3 hours of covered time are left")
    assert lines(explained) == [
        ("Tue 10 Mar, 10:00 to Tue 10 Mar, 11:00", "1 h"),
        ("Paused since Tue 10 Mar, 11:00", "not counted"),
    ]


def waiting_clock() -> Clock:
    return make_clock("highest", HOUR / 2, MONDAY, waits_for_call=True)


@pytest.mark.django_db
def test_a_clock_that_waits_for_a_call_says_what_starts_it(catalogue: Any) -> None:
    explained = explain_clock(
        waiting_clock(), now=SATURDAY, zone=EASTERN, filed_at=SATURDAY, terms="MSA Enterprise"
    )
    assert explained.sentence == (
        "Filed Sat 14 Mar, 10:12 ET, out of business hours: 30 minutes count from your phone call, "
        "or from our next opening, Mon 16 Mar, 09:00 ET, whichever is earlier; without a call that "
        "is by Mon 16 Mar, 09:30 ET."
    )
    assert lines(explained)[0] == (
        "From Sat 14 Mar, 10:12, waiting for your call or our opening",
        "not counted",
    )


@pytest.mark.django_db
def test_a_clock_that_no_call_started_says_so_after_the_opening(catalogue: Any) -> None:
    explained = explain_clock(waiting_clock(), now=MONDAY, zone=EASTERN, filed_at=SATURDAY)

    assert explained.sentence == (
        "Filed Sat 14 Mar, 10:12 ET, out of business hours, and no call came: 30 minutes count "
        "from our opening, Mon 16 Mar, 09:00 ET, that is by Mon 16 Mar, 09:30 ET."
    )


@pytest.mark.django_db
def test_a_clock_that_a_call_started_names_the_call(catalogue: Any, engineer: User) -> None:
    called_at = SATURDAY + timedelta(minutes=18)
    clock = log_call(waiting_clock(), at=called_at, by=engineer)
    explained = explain_clock(clock, now=called_at, zone=EASTERN, filed_at=SATURDAY)

    assert explained.sentence == (
        "Filed Sat 14 Mar, 10:12 ET, out of business hours: 30 minutes count from your phone call, "
        "Sat 14 Mar, 10:30 ET, that is by Sat 14 Mar, 11:00 ET."
    )
    assert lines(explained) == [
        ("From Sat 14 Mar, 10:12, not yet counting", "not counted"),
        ("Sat 14 Mar, 10:30 to Sat 14 Mar, 11:00", "30 min"),
    ]


def test_each_line_is_data_beside_its_words() -> None:
    explained = explain(
        NIGHTS,
        "03-10T01:00",
        4 * HOUR,
        "03-11T06:00",
        closures={date(2026, 3, 10): "Founders’ Day"},
    )
    assert [(row.kind, row.on) for row in explained.rows] == [
        (RowKind.WAITING, None),
        (RowKind.COUNTED, date(2026, 3, 9)),
        (RowKind.CLOSURE, date(2026, 3, 10)),
        (RowKind.COUNTED, date(2026, 3, 11)),
    ][-len(explained.rows) :]
    closure = next(row for row in explained.rows if row.kind == RowKind.CLOSURE)
    assert (closure.on, closure.is_special, closure.length) == (
        date(2026, 3, 10),
        True,
        timedelta(),
    )
    counted = next(row for row in explained.rows if row.kind == RowKind.COUNTED)
    assert counted.start is not None
    assert counted.end is not None
    assert counted.end - counted.start == counted.length
    assert explained.count is not None
    assert (explained.count.zone, explained.reader_zone) == (EASTERN, EASTERN)
