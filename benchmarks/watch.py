"""The watch under real load: how long after its time a step stands in the database.

Run with `uv run python -m benchmarks.watch`. Real processes as in `make demo` (granian, worker,
beat) on embedded servers of their own, thrown away afterwards; pages are asked for all the while.
What is measured is the commit: this process asks the database what it can see, with the time.
"""

# ruff: noqa: T201 (the output is a table on a terminal)

import argparse
import itertools
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
from django.core.management import call_command

from benchmarks.business_time import machine
from scripts.demo import BEAT, WEB, WORKER, WORKER_QUIET
from supportportal import embedded

if TYPE_CHECKING:  # Models load after the servers have started.
    pass

PORT = 8765
# People who press a link every ten seconds, a hundred of them.
REQUESTS_A_SECOND = 10
CLIENTS = 4
# Workers draw numbers before they commit: a lower one may be seen later.
IDS_UNDER_WAY = 1_000
# A step at 33 % of thirty minutes.
FIRST_STEP = timedelta(minutes=9, seconds=54)


@dataclass(frozen=True)
class Scenario:
    """So many steps whose times lie in so many seconds."""

    name: str
    steps: int
    seconds: float


@dataclass
class Visitors:
    """Ask for pages at an even pace, and remember how long each took. Units: seconds."""

    cookie: str
    paths: list[str]
    took: list[float] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    _over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> Iterator[None]:
        threads = [
            threading.Thread(target=self._visit, args=(n,), daemon=True) for n in range(CLIENTS)
        ]
        for thread in threads:
            thread.start()
        yield
        self._over.set()
        for thread in threads:
            thread.join()

    def _visit(self, number: int) -> None:
        pause = CLIENTS / REQUESTS_A_SECOND
        due = time.monotonic() + pause * number / CLIENTS
        for path in itertools.islice(itertools.cycle(self.paths), number, None):
            if self._over.wait(max(due - time.monotonic(), 0)):
                return
            began = time.monotonic()
            due = max(due + pause, began)
            try:
                self._ask(path)
            except OSError as error:
                self.failed[type(error).__name__] += 1
            self.took.append(time.monotonic() - began)

    def _ask(self, path: str) -> None:
        connection = HTTPConnection("127.0.0.1", PORT, timeout=30)
        connection.request("GET", path, headers={"Cookie": self.cookie})
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != 200:
            self.failed[f"{path} {answer.status}"] += 1


@dataclass(frozen=True)
class Outcome:
    """One run. Units: seconds; `all_in` is from the last step's time to the last commit."""

    lags: list[float]
    all_in: float
    pages: list[float]
    failed: Counter[str]


def main() -> int:
    """Print the table. Effects: none that stay."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=1, help="worker processes")
    given = parser.parse_args()
    scenarios = [
        Scenario("60 steps in a minute", 60, 60),
        Scenario(f"{given.steps:,} steps in a minute", given.steps, 60),
        Scenario(f"{given.steps:,} steps in one second", given.steps, 1),
    ]
    print(machine())
    print(f"{given.runs} runs, {given.workers} workers, {REQUESTS_A_SECOND} pages a second")
    print("Seconds, median of the runs (least - most)\n")
    print(f"{'':30}" + "".join(f"{head:>22}" for head in HEADS))
    with _portal(given.workers):
        bench = _Bench()
        for scenario in scenarios:
            outcomes = [bench.run(scenario) for _ in range(given.runs)]
            print(f"{scenario.name:30}" + "".join(f"{cell:>22}" for cell in _cells(outcomes)))
    return 0


HEADS = ("half within", "99 % within", "longest", "all in after", "page p95", "pages failed")


def _cells(outcomes: list[Outcome]) -> list[str]:
    columns = [
        [statistics.median(one.lags) for one in outcomes],
        [_share(one.lags, 0.99) for one in outcomes],
        [max(one.lags) for one in outcomes],
        [one.all_in for one in outcomes],
        [_share(one.pages, 0.95) for one in outcomes],
    ]
    cells = [f"{statistics.median(c):.2f} ({min(c):.2f} - {max(c):.2f})" for c in columns]
    failed = sum((one.failed for one in outcomes), Counter[str]())
    return [*cells, ", ".join(f"{what}: {count}" for what, count in failed.items()) or "none"]


def _share(values: list[float], share: float) -> float:
    return sorted(values)[min(int(len(values) * share), len(values) - 1)]


@contextmanager
def _portal(workers: int) -> Iterator[None]:
    """Servers, web, worker and beat, until the block ends."""
    var = Path(tempfile.mkdtemp(prefix="portal-bench-"))
    var.chmod(0o711)  # Passable for the account that root lends to PostgreSQL.
    os.environ.update(
        PORTAL_VAR=str(var), PORTAL_ENV="demo", DJANGO_SETTINGS_MODULE="supportportal.settings"
    )
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "HEARTBEAT_URL"):
        os.environ.pop(name, None)
    embedded.start()
    started: list[subprocess.Popen[bytes]] = []
    try:
        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        web = f"{WEB} --host 127.0.0.1 --port {PORT} supportportal.rsgi:application"
        programs = [web, f"{BEAT} --schedule={var / 'beat'}"]
        programs += [f"{WORKER} {WORKER_QUIET} -n worker{n}" for n in range(workers)]
        for program in programs:
            with (var / f"{len(started)}.log").open("wb") as log:
                started.append(
                    subprocess.Popen(
                        [sys.executable, "-m", *program.split()],
                        stdout=log,
                        stderr=log,
                        start_new_session=True,
                    )
                )
        yield
    finally:
        for process in started:
            # The group: granian's own worker would go on answering on the port.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        embedded.erase()
        shutil.rmtree(var, ignore_errors=True)


class _Bench:
    """The people and the pages of all runs."""

    def __init__(self) -> None:
        from django.test import Client  # noqa: PLC0415 - after the setup

        from accounts.choices import Role  # noqa: PLC0415 - after the setup
        from tests.factories import entitlements as factory  # noqa: PLC0415 - after the setup

        factory.load_project_catalogue()
        names = [f"Engineer {chr(65 + number)}" for number in range(20)]
        self.engineers = [factory.make_staff_member(name, Role.ENGINEER) for name in names]
        factory.make_staff_member("Jonas Lindqvist", Role.DUTY_LEAD)
        customer = factory.make_customer("Northwind Logistics")
        self.contract = factory.make_contract(customer, "msa-enterprise")
        self.contact = factory.make_contact(self.contract, "Priya Raman").membership.user
        client = Client()
        client.force_login(self.engineers[0], backend="supportportal.readers.ReaderBackend")
        self.cookie = "; ".join(f"{one.key}={one.value}" for one in client.cookies.values())
        self._wait_for_the_watch()

    def run(self, scenario: Scenario) -> Outcome:
        """Make the tickets, let their time come, and look until every step stands."""
        from sla.models import Clock  # noqa: PLC0415 - after the setup
        from tests.factories.due_tickets import make_due_tickets  # noqa: PLC0415 - after the setup

        Clock.objects.update(next_step_at=None)  # The next steps of earlier runs.
        lead = timedelta(seconds=15 + scenario.steps / 250)
        tickets = make_due_tickets(
            self.contract,
            self.contact,
            count=scenario.steps,
            began_ago=FIRST_STEP - lead,
            over=timedelta(seconds=scenario.seconds),
            assignees=self.engineers,
        )
        visitors = Visitors(self.cookie, ["/queue/", f"/tickets/{tickets[0].number}/"])
        traffic = visitors.run()
        next(traffic)
        seen = self._look({ticket.response_clock_id for ticket in tickets})
        next(traffic, None)
        last_due = max(due for due, _ in seen.values())
        return Outcome(
            lags=[(at - due).total_seconds() for due, at in seen.values()],
            all_in=(max(at for _, at in seen.values()) - last_due).total_seconds(),
            pages=visitors.took,
            failed=visitors.failed,
        )

    def _look(self, wanted: set[Any]) -> dict[int, tuple[Any, Any]]:
        """Ask until the steps of all wanted clocks are seen; return their times and when seen."""
        from django.db import connection  # noqa: PLC0415 - after the setup

        seen: dict[int, tuple[Any, Any]] = {}
        newest = 0
        patience = time.monotonic() + 600
        with connection.cursor() as cursor:
            while len(seen) < len(wanted):
                if time.monotonic() > patience:
                    sys.exit(f"After ten minutes {len(seen)} of {len(wanted)} steps stand.")
                cursor.execute(
                    "SELECT id, clock_id, due_at, clock_timestamp() FROM sla_steprecord "
                    "WHERE id > %s",
                    [newest - IDS_UNDER_WAY],
                )
                for number, clock, due, at in cursor.fetchall():
                    newest = max(newest, number)
                    if clock in wanted:
                        seen.setdefault(clock, (due, at))
                time.sleep(0.05 if len(wanted) < 1000 else 0.2)
        return seen

    def _wait_for_the_watch(self) -> None:
        from sla.models import Heartbeat  # noqa: PLC0415 - after the setup

        patience = time.monotonic() + 120
        while not Heartbeat.objects.filter(name=Heartbeat.WATCH).exists():
            if time.monotonic() > patience:
                sys.exit("The watch did not look within two minutes.")
            time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(main())
