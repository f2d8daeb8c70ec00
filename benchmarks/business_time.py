"""Business time here and in other libraries, side by side on the same questions.

Run with `uv run python -m benchmarks.business_time`. Each figure is the median of several runs,
with the slowest and the fastest beside it; the answers are compared before anything is timed.
"""

# ruff: noqa: T201 (the output is a table on a terminal)

import os
import platform
import random
import statistics
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import businesstimedelta
import holidays
import pytz  # type: ignore[import-untyped]  # it ships no types
import workclock

from sla.business_time import WEEKDAYS, Schedule

RUNS = 7
SEED = 20260105
ZONE = "America/New_York"
FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 5 * 365
OURS, WORKCLOCK, BUSINESSTIMEDELTA = "ours", "workclock", "businesstimedelta"
# Questions in a run: enough for a few tenths of a second at each one's own speed.
QUESTIONS = {OURS: 50_000, WORKCLOCK: 20_000, BUSINESSTIMEDELTA: 40}

type Ask = Callable[[datetime, timedelta], datetime | timedelta]
type Questions = list[tuple[datetime, timedelta]]


def main() -> None:
    """Print the table. Effects: none but the output."""
    print(machine())
    closures = sorted(holidays.country_holidays("US", years=range(2026, 2043)))
    calendars: list[tuple[str, list[date]]] = [
        ("Mon-Fri 09:00-19:00 New York", []),
        (f"the same, {len(closures)} holidays", closures),
    ]
    lengths = [
        ("4 hours", timedelta(hours=4)),
        ("30 days", timedelta(days=30)),
        ("1 year", timedelta(days=365)),
    ]
    print(f"{RUNS} runs; thousands of answers a second, median (slowest - fastest)\n")
    print(f"{'':58}" + "".join(f"{name:>27}" for name in QUESTIONS))
    for calendar, days in calendars:
        for kind, askers in (("deadline", _deadlines(days)), ("elapsed", _elapsed(days))):
            for label, length in lengths:
                questions = _questions(length)
                _compare(questions, askers)
                cells = [_cell(_rates(askers.get(name), name, questions)) for name in QUESTIONS]
                print(f"{calendar + ', ' + kind + ', ' + label:58}" + "".join(cells))


def machine() -> str:
    """Return a line by which figures of two machines can be compared: what a plain loop does."""
    rates = []
    for _ in range(RUNS):
        started = perf_counter()
        total = 0
        for number in range(1_000_000):
            total += number & 7
        rates.append(1 / (perf_counter() - started))
    return (
        f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, "
        f"{os.cpu_count()} cores; calibration: {statistics.median(rates):.1f} "
        f"({min(rates):.1f} - {max(rates):.1f}) million loop steps a second"
    )


def _questions(length: timedelta) -> Questions:
    """Return starts over five years, at any second, and lengths up to half as long again."""
    chance = random.Random(SEED)  # noqa: S311 (the same questions every time)
    return [
        (
            FIRST_DAY + timedelta(seconds=chance.randrange(DAYS * 86_400)),
            length + timedelta(seconds=chance.randrange(int(length.total_seconds()) // 2)),
        )
        for _ in range(max(QUESTIONS.values()))
    ]


def _deadlines(days: list[date]) -> dict[str, Ask]:
    """Return how each library finds a deadline."""
    theirs = _workclock(days)
    askers: dict[str, Ask] = {OURS: _ours(days).deadline, WORKCLOCK: theirs.add}
    if not days:
        rule = _businesstimedelta()
        askers[BUSINESSTIMEDELTA] = lambda start, target: (
            start + businesstimedelta.BusinessTimeDelta(rule, timedelta=target)
        )
    return askers


def _elapsed(days: list[date]) -> dict[str, Ask]:
    """Return how each library counts the business time in a stretch of plain time."""
    ours, theirs = _ours(days), _workclock(days)
    askers: dict[str, Ask] = {
        OURS: lambda start, length: ours.elapsed(start, start + length),
        WORKCLOCK: lambda start, length: theirs.between(start, start + length),
    }
    if not days:
        rule = _businesstimedelta()
        askers[BUSINESSTIMEDELTA] = lambda start, length: (
            rule.difference(start, start + length).timedelta
        )
    return askers


def _ours(days: list[date]) -> Schedule:
    return Schedule(ZONE, {day: [("09:00", "19:00")] for day in WEEKDAYS[:5]}, days)


def _workclock(days: list[date]) -> workclock.Schedule:
    hours = workclock.WorkDay(time(9), time(19))
    return workclock.Schedule([hours, workclock.Holidays(days)], time_zone=ZoneInfo(ZONE))


# Without holidays only: its HolidayRule raises once a search passes the last date it was given.
def _businesstimedelta() -> businesstimedelta.WorkDayRule:
    return businesstimedelta.WorkDayRule(time(9), time(19), tz=pytz.timezone(ZONE))


def _compare(questions: Questions, askers: dict[str, Ask]) -> None:
    for name, ask in askers.items():
        for start, length in questions[: QUESTIONS[BUSINESSTIMEDELTA]]:
            expected, found = askers[OURS](start, length), ask(start, length)
            if found != expected:
                sys.exit(f"{name} says {found} for {start} and {length}, we say {expected}.")


def _rates(ask: Ask | None, name: str, questions: Questions) -> list[float]:
    """Return thousands of answers a second, one figure a run."""
    if ask is None:
        return []
    asked = questions[: QUESTIONS[name]]
    rates = []
    for _ in range(RUNS):
        started = perf_counter()
        for start, length in asked:
            ask(start, length)
        rates.append(len(asked) / (perf_counter() - started) / 1000)
    return rates


def _cell(rates: list[float]) -> str:
    if not rates:
        return f"{'-':>27}"
    median, slowest, fastest = statistics.median(rates), min(rates), max(rates)
    return f"{f'{median:.3g} ({slowest:.3g} - {fastest:.3g})':>27}"


if __name__ == "__main__":
    main()
