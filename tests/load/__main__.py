"""The load figures: `make bench`, or `make bench ARGS="--tickets 10000 100000 1000000"`.

Makes a database for each size, once (it stays in --var for the next time), starts servers of its
own, and prints a table.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.load import place as places
from tests.load.measuring import CONCURRENCY, Figures, calibrate, interpreter, measure
from tests.load.pages import pages

# What a table grown a hundredfold may cost more.
MOST_GROWTH = 1.5


def main() -> int:
    """Measure every size. Returns the exit code: 1 when an answer was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("--tickets", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--only", nargs="*", default=[], help="measure these pages only")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--var", type=Path, default=Path("/var/tmp/supportportal-bench"))
    given = parser.parse_args()
    found: dict[int, list[Figures]] = {}
    for tickets in given.tickets:
        found[tickets] = _measure(tickets, given)
        _print(tickets, found[tickets])
    _print_growth(found)
    wrong = [text for figures in found.values() for one in figures for text in one.wrong]
    for text in wrong:
        print(f"Wrong answer: {text}", file=sys.stderr)
    return 1 if wrong else 0


def _measure(tickets: int, given: argparse.Namespace) -> list[Figures]:
    place = places.choose(given.var / str(tickets))
    with places.servers(place):
        # Written when the load is whole: a half one is done again by hand.
        done = given.var / str(tickets) / "loaded"
        if not done.exists():
            _program("tests.load.seed", "--tickets", str(tickets), "--seed", str(given.seed))
            done.touch()
        _program("manage", "migrate", "--verbosity", "0")
        _program("manage", "collectstatic", "--noinput", "--verbosity", "0")
        _program("tests.load.tidying")
        people: dict[str, Any] = json.loads(_program("tests.load.people", capture=True))
        with places.web() as (port, process):
            wanted = [
                page
                for page in pages(people, port)
                if not given.only or any(word in page.name for word in given.only)
            ]
            return measure(wanted, place, process.pid, port, runs=given.runs, seconds=given.seconds)


def _program(name: str, *arguments: str, capture: bool = False) -> str:
    done = subprocess.run(
        [sys.executable, "-m", name, *arguments],
        check=True,
        stdout=subprocess.PIPE if capture else None,
        text=True,
        env=os.environ,
    )
    return done.stdout or ""


def _print(tickets: int, figures: list[Figures]) -> None:
    machine = ", ".join(f"{name} {value:.1f}" for name, value in calibrate().items())
    print(f"\n{tickets:,} tickets. {os.cpu_count()} processors; {machine}; {interpreter()}.")
    print(
        f"| page | requests/s at {CONCURRENCY} (min–max) | wanted | p95 at 1 (ms) "
        "| web (ms) | database (ms) | floors |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|")
    floor = next((one for one in figures if one.name == "floor"), None)
    for one in figures:
        # By processor time: a rate says as much of whoever else is on the machine.
        times = f"{_spent(one) / _spent(floor):.1f}" if floor is not None else ""
        print(
            f"| {one.name} | {one.rate:.0f} ({one.spread[0]:.0f}–{one.spread[1]:.0f}) "
            f"| {one.target or ''} | {one.p95:.1f} | {one.web_ms:.1f} | {one.database_ms:.1f} "
            f"| {times} |"
        )
    sys.stdout.flush()


def _spent(one: Figures) -> float:
    return one.web_ms + one.database_ms


def _print_growth(found: dict[int, list[Figures]]) -> None:
    """Say what each page costs more with more tickets, in processor time.

    Beside it stands how long the answers are: a page that finds more to draw costs more for that.
    """
    sizes = sorted(found)
    if len(sizes) < 2:
        return
    print(
        "\nProcessor time a request, web and database together (ms), and the answer's length (kB)."
    )
    print(f"A growth of {MOST_GROWTH} is allowed where the answers are as long.")
    print("| page | " + " | ".join(f"{size:,}" for size in sizes) + " | growth |")
    print("|---|" + "---:|" * (len(sizes) + 1))
    for rows in zip(*(found[size] for size in sizes), strict=True):
        spent = [_spent(one) for one in rows]
        cells = " | ".join(f"{_spent(one):.1f} ({one.answer_kb:.0f})" for one in rows)
        print(f"| {rows[0].name} | {cells} | {spent[-1] / spent[0]:.2f} |")


if __name__ == "__main__":
    sys.exit(main())
