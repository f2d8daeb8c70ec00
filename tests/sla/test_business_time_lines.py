"""Business-time questions as JSON lines. The expected instants are worked out by hand."""

import json
from typing import Any

import pytest

from sla.business_time_lines import answer_line

WEEKDAYS_TEN_HOURS = {day: [["09:00", "19:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
# A Friday 18:30 in New York, half an hour before closing, on the weekend the clocks go forward.
DEADLINE: dict[str, Any] = {
    "id": 7,
    "kind": "deadline",
    "tz": "America/New_York",
    "windows": WEEKDAYS_TEN_HOURS,
    "holidays": ["2026-01-01"],
    "start": "2026-03-06T23:30:00Z",
    "minutes": 240,
}
ELAPSED: dict[str, Any] = {
    **{key: value for key, value in DEADLINE.items() if key != "minutes"},
    "kind": "elapsed",
    "end": "2026-03-09T16:30:00Z",
}


def ask(question: object) -> dict[str, Any]:
    answer = json.loads(answer_line(json.dumps(question).encode()))
    assert isinstance(answer, dict)
    return answer


def test_a_deadline_is_a_utc_instant() -> None:
    assert ask(DEADLINE) == {"id": 7, "answer": "2026-03-09T16:30:00Z"}


def test_elapsed_is_a_number_of_minutes() -> None:
    assert ask(ELAPSED) == {"id": 7, "answer": 240}


def test_whole_minutes_are_written_without_a_point() -> None:
    assert answer_line(json.dumps(ELAPSED).encode()) == '{"id": 7, "answer": 240}'


def test_parts_of_a_minute_are_kept() -> None:
    assert ask({**ELAPSED, "end": "2026-03-09T16:30:30Z"}) == {"id": 7, "answer": 240.5}
    assert ask({**DEADLINE, "minutes": 240.5}) == {"id": 7, "answer": "2026-03-09T16:30:30Z"}


def test_any_offset_is_read_and_utc_is_written() -> None:
    question = {**DEADLINE, "start": "2026-03-06T18:30:00-05:00"}
    assert ask(question) == {"id": 7, "answer": "2026-03-09T16:30:00Z"}


def test_holidays_may_be_left_out() -> None:
    question = {key: value for key, value in DEADLINE.items() if key != "holidays"}
    assert ask(question)["answer"] == "2026-03-09T16:30:00Z"


def test_a_window_that_ends_before_it_starts_runs_past_midnight() -> None:
    question = {**DEADLINE, "tz": "UTC", "windows": {"fri": [["22:00", "06:00"]]}}
    assert ask(question)["answer"] == "2026-03-07T03:30:00Z"


def test_the_whole_day_is_midnight_to_twenty_four() -> None:
    question = {**DEADLINE, "tz": "UTC", "windows": {"sat": [["00:00", "24:00"]]}}
    assert ask(question)["answer"] == "2026-03-07T04:00:00Z"


@pytest.mark.parametrize("identifier", ["a-1", None, 1.5, ["x"], "é\ud800"])
def test_the_id_comes_back_as_it_was(identifier: object) -> None:
    assert ask({**DEADLINE, "id": identifier})["id"] == identifier


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"windows": {}}, "never opens"),
        ({"windows": {"mon": []}}, "never opens"),
        ({"windows": None}, "windows maps each weekday"),
        ({"windows": {"mon": None}}, "windows maps each weekday"),
        ({"windows": {"mon": [["09:00"]]}}, "needs an opening and a closing time"),
        ({"windows": {"mon": [[9, 17]]}}, "needs an opening and a closing time"),
        ({"windows": {"mon": [["09:00", "25:00"]]}}, "'25:00' is not a time"),
        ({"windows": {"mon": [["09:00", "12:00"], ["11:00", "13:00"]]}}, "overlaps"),
        ({"windows": {"Mo": [["09:00", "12:00"]]}}, "'Mo' is not a weekday"),
        ({"tz": "Mars/Olympus"}, "not a time zone"),
        ({"tz": None}, "tz is the name of a time zone"),
        ({"holidays": "2026-01-01"}, "holidays is a list of dates"),
        ({"holidays": [20260101]}, "holidays is a list of dates"),
        ({"holidays": ["2026-02-29"]}, "'2026-02-29' in holidays is not a date"),
        ({"start": "2026-03-06T23:30:00"}, "has no time zone"),
        ({"start": "yesterday"}, "start 'yesterday' is not a date and time"),
        ({"start": 1}, "start 1 is not a date and time"),
        ({"minutes": -1}, "cannot be negative"),
        ({"minutes": "240"}, "minutes is a number"),
        ({"minutes": True}, "minutes is a number"),
        ({"minutes": 10**30}, "more than any calendar holds"),
        ({"minutes": 1e400}, "is not a JSON number"),
        ({"minutes": 10**10}, "outside the years 1 to 9999"),
        ({"kind": "due"}, "kind is deadline or elapsed"),
        ({"kind": ["deadline"]}, "kind is deadline or elapsed"),
        ({"kind": "elapsed"}, "end is missing"),
        ({"kind": "elapsed", "end": "2026-03-06T23:29:59Z"}, "before the start"),
        ({"kind": "elapsed", "end": "2026-03-06T23:30:00"}, "has no time zone"),
    ],
)
def test_a_question_without_an_answer_gets_an_error(change: dict[str, Any], message: str) -> None:
    answer = ask({**DEADLINE, **change})
    assert answer.keys() == {"id", "error"}
    assert message in answer["error"]


@pytest.mark.parametrize("name", ["kind", "tz", "windows", "start", "minutes"])
def test_a_missing_field_is_named(name: str) -> None:
    question = {key: value for key, value in DEADLINE.items() if key != name}
    assert ask(question) == {"id": 7, "error": f"{name} is missing."}


@pytest.mark.parametrize(
    "line", [b"{", b"nonsense", b"[1]", b"7", b"\xff\xfe", b'{"id": NaN}', b"[" * 100_000]
)
def test_a_line_that_is_no_object_gets_an_error_without_an_id(line: bytes) -> None:
    answer = json.loads(answer_line(line))
    assert answer.keys() == {"id", "error"}
    assert answer["id"] is None
