"""A million open clocks replayed through the database.

Run with `uv run python -m benchmarks.recompute_clocks [--clocks N] [--runs N]`. It starts
a PostgreSQL of its own and deletes it at the end. Of the clocks 80 % have only started, a third of
these with a ladder step recorded; the rest were called in, re-assessed or are overdue. What is
timed is the audit as `manage.py audit_clocks` makes it, in one process and in two: every event is
read, every clock replayed, and every figure compared with what is stored, the due time too.
"""

# ruff: noqa: T201 (the output is a table on a terminal)

import argparse
import os
import random
import shutil
import statistics
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import cycle
from pathlib import Path
from time import perf_counter
from typing import Any, NamedTuple

import django
import psutil

# Settings are read when Django is first imported from: the database must be known before. The
# processes that replay beside this one import this module under another name.
if __name__ == "__main__":
    os.environ["PORTAL_VAR"] = tempfile.mkdtemp(prefix="portal-bench-")
    Path(os.environ["PORTAL_VAR"]).chmod(0o711)  # Passable for whom root lends to PostgreSQL.
    os.environ |= {"PORTAL_ENV": "test", "LOG_LEVEL": "WARNING"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "supportportal.settings"
    for _name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(_name, None)
django.setup()

from django.core.management import call_command  # noqa: E402 - after the settings
from django.db import connection  # noqa: E402 - after the settings

from benchmarks.business_time import machine  # noqa: E402 - after the settings
from sla.choices import ClockEventKind as Kind  # noqa: E402 - after the settings
from sla.management.commands.audit_clocks import finish_audit  # noqa: E402 - after the settings
from sla.models import CalendarVersion, LadderStep  # noqa: E402 - after the settings
from sla.operations.clock_audits import request_clock_audit  # noqa: E402 - after the settings
from sla.replay import Figures, Happening, Terms, replay  # noqa: E402 - after the settings
from sla.step_times import first_step_at  # noqa: E402 - after the settings
from supportportal import embedded  # noqa: E402 - after the settings

SEED = 20260310
NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
ZONES = ("America/New_York", "America/Chicago", "Europe/London", "Asia/Kolkata")
TARGETS = (("basic", 24), ("medium", 8), ("high", 4), ("highest", 0.5))
BATCH = 20_000
EVENT_COLUMNS = (
    "id, clock_id, kind, at, recorded_at, reason, calendar_version_id, zone, target, "
    "counts_from, latest_due_at, waits_for_call"
)
RECORD_COLUMNS = "clock_id, assessment, step_id, occurrence, due_at, recorded_at, late, acted"
CLOCK_COLUMNS = (
    "id, obligation, calendar_version_id, zone, target, ladder_version_id, started_at, run_from, "
    '"left", '
    "due_at, latest_due_at, at_risk_at, waits_for_call, paused_at, stopped_at, breached_at, "
    "excused_at, assessment, next_step_at, trouble"
)


class Kept(NamedTuple):
    """One set of terms that clocks of the benchmark have."""

    version: int
    zone: str
    terms: Terms
    ladder: int
    steps: list[LadderStep]


def main() -> None:
    """Seed, measure, print. Effects: a database that is gone afterwards."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--clocks", type=int, default=1_000_000)
    given.add_argument("--runs", type=int, default=3)
    options = given.parse_args()
    try:
        embedded.start(throwaway=True)
        call_command("migrate", verbosity=0)
        call_command("load_catalogue")
        began = perf_counter()
        _seed(options.clocks)
        print(machine())
        print(f"{options.clocks:,} open clocks, seeded in {perf_counter() - began:.0f} s")
        _measure("audit, one process", options, lambda: _audit(options.clocks, 1))
        _measure("audit, two processes", options, lambda: _audit(options.clocks, 2))
    finally:
        connection.close()
        embedded.erase()
        shutil.rmtree(os.environ["PORTAL_VAR"])


def _measure(name: str, options: argparse.Namespace, work: Callable[[], None]) -> None:
    runs = []
    for _ in range(options.runs):
        before, began = _used(), perf_counter()
        work()
        took = perf_counter() - began
        runs.append((took, *(late - early for early, late in zip(before, _used(), strict=True))))
    seconds, python, server, others = zip(*runs, strict=True)
    median = statistics.median(seconds)
    print(
        f"{name:33} {median:6.2f} s ({min(seconds):.2f} - {max(seconds):.2f}), "
        f"{options.clocks / median / 1000:,.0f} thousand a second; processor time: "
        f"{statistics.median(python):.2f} s here, {statistics.median(server):.2f} s PostgreSQL, "
        f"{statistics.median(others) / median:.1f} cores others",
        flush=True,
    )


def _used() -> tuple[float, float, float]:
    """Return the processor seconds used so far by this benchmark, its PostgreSQL, and others."""
    times = psutil.cpu_times()
    mine, server = psutil.Process(), psutil.Process(_postmaster())
    # What a postmaster waited for includes backends that have ended.
    postgres = _seconds([server, *server.children()])
    # The server is a child of ours, but not part of what Python used.
    servers = {server.pid, *(one.pid for one in server.children())}
    ours = [one for one in mine.children(recursive=True) if one.pid not in servers]
    python = _seconds([mine, *ours])
    return python, postgres, times.user + times.system + times.nice - python - postgres


def _seconds(processes: list[psutil.Process]) -> float:
    used = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):  # A backend that has just ended.
            used += sum(process.cpu_times()[:4])
    return used


def _postmaster() -> int:
    lock = Path(os.environ["PORTAL_VAR"]) / "postgres" / "postmaster.pid"
    return int(lock.read_text().split()[0])


def _audit(clocks: int, processes: int) -> None:
    audit = request_clock_audit(by=None)
    finish_audit(audit, processes=processes)
    assert (audit.done, audit.troubled) == (clocks, 0), audit.findings.first()


def _seed(clocks: int) -> None:
    """Write clocks as operations would have, a batch at a time."""
    chance = random.Random(SEED)  # noqa: S311 (the same clocks every time)
    kept = cycle(_terms())
    event = 0
    for first in range(1, clocks + 1, BATCH):
        texts = [StringIO(), StringIO(), StringIO()]
        for key in range(first, min(first + BATCH, clocks + 1)):
            event = _seed_one(key, event, next(kept), chance, texts)
        for table, columns, text in zip(
            ("sla_clock", "sla_clockevent", "sla_steprecord"),
            (CLOCK_COLUMNS, EVENT_COLUMNS, RECORD_COLUMNS),
            texts,
            strict=True,
        ):
            copying = f"COPY {table} ({columns}) FROM STDIN"
            with connection.cursor() as cursor, cursor.copy(copying) as copy:
                copy.write(text.getvalue())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE sla_clock, sla_clockevent, sla_steprecord")


def _terms() -> list[Kept]:
    kept = []
    steps: dict[int, list[LadderStep]] = {}
    for step in LadderStep.objects.select_related("version__ladder").order_by("order"):
        steps.setdefault(step.version_id, []).append(step)
    ladders = {own[0].version.ladder.key: key for key, own in steps.items()}
    for version in CalendarVersion.objects.order_by("pk"):
        for zone in ZONES:
            schedule = version.schedule(zone)
            for name, hours in TARGETS:
                ladder = ladders[name]
                terms = Terms(timedelta(hours=hours), schedule)
                kept.append(Kept(version.pk, zone, terms, ladder, steps[ladder]))
    return kept


def _seed_one(
    key: int, event: int, kept: Kept, chance: random.Random, texts: list[StringIO]
) -> int:
    at = NOW - timedelta(seconds=chance.randrange(60 * 86_400), microseconds=chance.randrange(999))
    story = chance.random()
    happened = [Happening(Kind.STARTED, at, terms=kept.terms, waits_for_call=0.8 <= story < 0.87)]
    if happened[0].waits_for_call:
        happened.append(Happening(Kind.CALLED, at - timedelta(minutes=20)))
    elif 0.87 <= story < 0.93:
        later = at + timedelta(minutes=9)
        happened.append(Happening(Kind.REASSESSED, later, terms=kept.terms, counts_from=later))
    taken: dict[int, int] = {}
    if story >= 0.93:
        due_at = replay(happened).due_at
        assert due_at is not None
        happened.append(Happening(Kind.MISSED, due_at))
        taken = {step.order: 2 if step.repeats else 1 for step in kept.steps}
    elif story < 0.27:
        taken = {kept.steps[0].order: 1}
    figures = replay(happened)
    following = first_step_at(figures, kept.steps, taken)
    texts[0].write(_line(_clock(key, kept, figures, following)))
    for one in happened:
        event += 1
        texts[1].write(_line(_event(event, key, kept, one)))
    for step in kept.steps:
        for occurrence in range(1, taken.get(step.order, 0) + 1):
            texts[2].write(_line((key, figures.assessment, step.pk, occurrence, at, at, "f", "t")))
    return event


def _clock(key: int, kept: Kept, figures: Figures, following: datetime | None) -> tuple[Any, ...]:
    return (
        key,
        "first_response",
        kept.version,
        kept.zone,
        kept.terms.target,
        kept.ladder,
        figures.started_at,
        figures.run_from,
        figures.left,
        figures.due_at,
        figures.latest_due_at,
        figures.at_risk_at,
        figures.waits_for_call,
        figures.paused_at,
        figures.stopped_at,
        figures.breached_at,
        figures.excused_at,
        figures.assessment,
        following,
        "",
    )


def _event(number: int, key: int, kept: Kept, one: Happening) -> tuple[Any, ...]:
    terms = (kept.version, kept.zone, kept.terms.target) if one.terms else (None, "", None)
    return (
        number,
        key,
        one.kind.value,
        one.at,
        one.at,
        "",
        *terms,
        one.counts_from,
        one.latest_due_at,
        one.waits_for_call,
    )


def _line(values: tuple[Any, ...]) -> str:
    return "\t".join(map(_text, values)) + "\n"


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, timedelta):
        return f"{value.days} days {value.seconds}.{value.microseconds:06} seconds"
    return str(value)


if __name__ == "__main__":
    main()
