"""Replay every clock now, and say which differ."""

import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from itertools import pairwise
from multiprocessing import get_context
from typing import Any

import django
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from sla.clock_audit import STRETCH, Judge, audit_stretch, judge_clocks
from sla.clock_check import Checked
from sla.clock_rows import next_bound
from sla.errors import AuditConflict
from sla.long_runs import work_slice
from sla.models import ClockAudit
from sla.operations.clock_audits import request_clock_audit

# Differences told on the terminal; the page of the audit lists the rest.
SHOWN = 50
DIFFERING = 1


class Command(BaseCommand):
    help = (
        "Replay every clock from its events and compare with what is stored. Changes no clock. "
        "Exit code 1 when a clock differs or cannot be replayed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--processes", type=int, default=1, help="how many replay side by side (1)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            audit = request_clock_audit(by=None)
        except AuditConflict as error:
            raise CommandError(error.message, returncode=2) from error
        finish_audit(audit, processes=options["processes"])
        if not audit.is_complete:
            raise CommandError("The audit was not completed: another process has it.", returncode=2)
        self.stdout.write(
            f"{audit.done} clocks replayed: {audit.differing} differ, "
            f"{audit.raising} cannot be replayed."
        )
        for one in audit.findings.all()[:SHOWN]:
            self.stdout.write(
                f"clock {one.clock_id}: {one.field} is {one.stored or 'stored'}, "
                f"replay says {one.replayed}"
            )
        if audit.troubled:
            raise SystemExit(DIFFERING)


def finish_audit(audit: ClockAudit, *, processes: int) -> None:
    """Do a whole audit here and now, replaying in so many processes."""
    if processes < 2:
        work_slice(audit, partial(audit_stretch, judge=judge_clocks()), seconds=float("inf"))
        return
    with _judges(audit, processes) as judge:
        work_slice(audit, partial(audit_stretch, judge=judge), seconds=float("inf"))


@contextmanager
def _judges(audit: ClockAudit, processes: int) -> Iterator[Judge]:
    """Replay ahead in processes of their own; results are written here, in order."""
    bounds = [audit.position]
    while bounds[-1] < audit.last:
        bounds.append(next_bound(bounds[-1], audit.last, STRETCH))
    # A forked process is there at once, with all that is loaded here, and must find no connection
    # of ours to talk on. With threads about it could find a lock that nobody gives back.
    alone = threading.active_count() == 1
    if alone:
        connections.close_all()
    context = get_context("fork" if alone else "spawn")
    begin = None if alone else django.setup
    with ProcessPoolExecutor(processes, mp_context=context, initializer=begin) as pool:
        waiting = {pair: pool.submit(_judge, *pair) for pair in pairwise(bounds)}

        def judge(after: int, until: int) -> Checked:
            return waiting.pop((after, until)).result()

        yield judge


def _judge(after: int, until: int) -> Checked:
    return _own_judge()(after, until)


@cache
def _own_judge() -> Judge:
    """The one of this process, which lives as long as one audit."""
    return judge_clocks()
