"""Runs, medians and the processor's time, and how fast this machine is at all."""

import hashlib
import platform
import statistics
import sysconfig
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import psutil

from supportportal.embedded.place import Place
from tests.load.client import run
from tests.load.pages import Page

CONCURRENCY = 8


@dataclass(frozen=True)
class Figures:
    """One page, measured. Units: requests a second; milliseconds; thousands of bytes an answer."""

    name: str
    target: int | None
    rate: float
    spread: tuple[float, float]
    p95: float
    web_ms: float
    database_ms: float
    answer_kb: float
    wrong: list[str]


@dataclass
class _Runs:
    """What the runs of one page gave so far. Units: as Figures."""

    rates: list[float] = field(default_factory=list)
    web_ms: list[float] = field(default_factory=list)
    database_ms: list[float] = field(default_factory=list)
    answer_kb: list[float] = field(default_factory=list)
    p95: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def measure(
    pages: Sequence[Page], place: Place, web: int, port: int, *, runs: int, seconds: float
) -> list[Figures]:
    """Measure pages: each once to warm, then the median of the runs.

    The pages take turns, so that what else the machine does within minutes meets all of them:
    they are compared with each other. `web_ms` and `database_ms` are processor time a request,
    which other people's programs change less than the rate.
    """
    found = {page.name: _Runs() for page in pages}
    for page in pages:
        warming = run(port, page.requests, concurrency=CONCURRENCY, seconds=1.0)
        found[page.name].wrong += warming.wrong
    for _ in range(runs):
        for page in pages:
            _run(page, found[page.name], place, web, port, seconds)
    return [_figures(page, found[page.name]) for page in pages]


def _run(page: Page, found: _Runs, place: Place, web: int, port: int, seconds: float) -> None:
    before = _spent(place, web)
    outcome = run(port, page.requests, concurrency=CONCURRENCY, seconds=seconds)
    after = _spent(place, web)
    sent = max(len(outcome.took), 1)
    found.rates.append(outcome.rate)
    found.web_ms.append(1000 * (after[0] - before[0]) / sent)
    found.database_ms.append(1000 * (after[1] - before[1]) / sent)
    found.answer_kb.append(outcome.received / sent / 1000)
    alone = run(port, page.requests, concurrency=1, seconds=seconds / 2)
    found.p95.append(1000 * _percentile(alone.took, 0.95))
    found.wrong += outcome.wrong + alone.wrong


def _figures(page: Page, found: _Runs) -> Figures:
    return Figures(
        name=page.name,
        target=page.target,
        rate=statistics.median(found.rates),
        spread=(min(found.rates), max(found.rates)),
        p95=statistics.median(found.p95),
        web_ms=statistics.median(found.web_ms),
        database_ms=statistics.median(found.database_ms),
        answer_kb=statistics.median(found.answer_kb),
        wrong=found.wrong[:3],
    )


def calibrate() -> dict[str, float]:
    """How fast the machine is now: a loop of Python, a hash, both in millions a second."""

    def loop() -> None:
        total = 0
        for number in range(1_000_000):
            total += number & 7

    def digest() -> None:
        block = b"x" * 1_000_000
        hashlib.sha256(block).digest()

    return {
        "loops (M/s)": 1 / statistics.median(_took(loop) for _ in range(5)),
        "SHA-256 (MB/s)": 1 / statistics.median(_took(digest) for _ in range(5)),
        "load average": psutil.getloadavg()[0],
    }


def interpreter() -> str:
    """Which Python it is, and whether it was built to be quick, which is a fifth of the figures."""
    is_optimized = "--enable-optimizations" in str(sysconfig.get_config_var("CONFIG_ARGS"))
    how = "with" if is_optimized else "without"
    return f"Python {platform.python_version()} built {how} optimizations"


def _took(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def _spent(place: Place, web: int) -> tuple[float, float]:
    """Processor seconds so far of the web server's processes and of the database's servers."""
    parent = psutil.Process(web)
    ours = [parent, *parent.children(recursive=True)]
    theirs = []
    for process in psutil.process_iter(["name"]):
        if process.info["name"] in {"postgres", "valkey-server"}:
            try:
                line = " ".join((process.parent() or process).cmdline() + process.cmdline())
            except psutil.Error:
                continue
            if str(place.postgres) in line or str(place.run) in line:
                theirs.append(process)
    return _seconds(ours), _seconds(theirs)


def _seconds(processes: list[psutil.Process]) -> float:
    spent = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        # What ended meanwhile is counted with its parent.
        spent += times.user + times.system + times.children_user + times.children_system
    return spent
