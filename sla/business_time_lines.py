"""Questions about business time as JSON lines: one object in, one object out. Pure.

The format is in docs/time.md. A line that cannot be answered gets an error of its own and
holds up no other.
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sla.business_time import (
    BusinessTimeError,
    InvalidWindow,
    Schedule,
    WindowsKey,
    schedule_for,
    windows_key,
)

MINUTE = timedelta(minutes=1)


class UnreadableLine(BusinessTimeError):
    """A line that is not a question in the format."""


def answer_line(line: bytes) -> str:
    """Return the answer to one line: {"id", "answer"} or {"id", "error"}, without a line end."""
    question: object = None
    try:
        question = _read(line)
        answer: dict[str, object] = {"answer": _answer(question)}
    except BusinessTimeError as error:
        answer = {"error": str(error)}
    identifier = question.get("id") if isinstance(question, dict) else None
    return json.dumps({"id": identifier, **answer})


def _read(line: bytes) -> dict[str, Any]:
    try:
        question = _DECODER.decode(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableLine(f"The line is not JSON: {error}.") from None
    if not isinstance(question, dict):
        raise UnreadableLine("The line is not a JSON object.")
    return question


def _refuse_constant(text: str) -> None:
    raise ValueError(f"{text} is not a JSON number")


# Built once: `json.loads` with an option would build a decoder for every line.
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _answer(question: Mapping[str, Any]) -> str | float:
    kind = _required(question, "kind")
    if kind not in ("deadline", "elapsed"):
        raise UnreadableLine(f"kind is deadline or elapsed, not {kind!r}.")
    schedule = _schedule_of(question)
    start = _instant(question, "start")
    if kind == "deadline":
        due = schedule.deadline(start, _minutes(question))
        return due.replace(tzinfo=None).isoformat() + "Z"
    elapsed = schedule.elapsed(start, _instant(question, "end"))
    whole, rest = divmod(elapsed, MINUTE)
    return elapsed / MINUTE if rest else whole


def _required(question: Mapping[str, Any], name: str) -> Any:
    try:
        return question[name]
    except KeyError:
        raise UnreadableLine(f"{name} is missing.") from None


def _schedule_of(question: Mapping[str, Any]) -> Schedule:
    zone = _required(question, "tz")
    windows = _required(question, "windows")
    holidays = question.get("holidays") or []
    if not isinstance(zone, str):
        raise UnreadableLine("tz is the name of a time zone, as text.")
    if not isinstance(windows, dict) or not all(isinstance(w, list) for w in windows.values()):
        raise InvalidWindow("windows maps each weekday to a list of opening and closing times.")
    if not isinstance(holidays, list) or not all(isinstance(day, str) for day in holidays):
        raise UnreadableLine("holidays is a list of dates, as text.")
    return _schedule(zone, windows_key(windows), tuple(holidays))


# Lines tend to come in runs on the same few calendars, and the texts are a cheaper key than
# the dates read from them.
@lru_cache(maxsize=1024)
def _schedule(zone: str, windows: WindowsKey, holidays: tuple[str, ...]) -> Schedule:
    return schedule_for(zone, windows, tuple(sorted({_date(text) for text in holidays})))


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnreadableLine(f"{text!r} in holidays is not a date; write YYYY-MM-DD.") from None


def _instant(question: Mapping[str, Any], name: str) -> datetime:
    text = _required(question, name)
    try:
        return datetime.fromisoformat(text)
    except (ValueError, TypeError):
        raise UnreadableLine(
            f"{name} {text!r} is not a date and time; write it like 2026-01-05T14:30:00Z."
        ) from None


def _minutes(question: Mapping[str, Any]) -> timedelta:
    minutes = _required(question, "minutes")
    if isinstance(minutes, bool) or not isinstance(minutes, int | float):
        raise UnreadableLine(f"minutes is a number, not {minutes!r}.")
    try:
        return timedelta(minutes=minutes)
    except OverflowError:
        raise UnreadableLine(f"minutes {minutes!r} is more than any calendar holds.") from None
