"""Run several long-lived programs together: one log, restarts, and nothing left behind.

Each program leads a process group of its own, so a Ctrl-C in the terminal reaches only the
supervisor, which ends the groups in its own order. Every process below carries MARK in its
environment, so what an earlier supervisor left after a `kill -9` is found in the process table,
without a pid file that could name a stranger.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from supportportal.embedded.processes import lives

MARK = "SUPPORTPORTAL_SUPERVISED"
STOP_SECONDS = 8.0
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0  # After this long alive a program's next end counts as its first.
COLOURS = (36, 33, 35, 32, 34)


@dataclass(frozen=True)
class Program:
    """One program. When an `essential` one ends before it was ready, everything stops."""

    name: str
    command: Sequence[str]
    essential: bool = False


class Console:
    """Prints lines with the name of who wrote them, and survives a terminal that went away."""

    def __init__(self, names: Sequence[str]) -> None:
        self._width = max(map(len, names))
        coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        self._colours = dict(zip(names, COLOURS, strict=False)) if coloured else {}

    def say(self, name: str, line: str) -> None:
        """Print one line under a name."""
        prefix = f"{name:<{self._width}} │"
        if name in self._colours:
            prefix = f"\033[{self._colours[name]}m{prefix}\033[0m"
        self.write(f"{prefix} {line}")

    def write(self, text: str) -> None:
        """Print text as it is."""
        try:
            print(text, flush=True)
        except OSError:
            # The terminal was closed: the programs still have to be ended in order.
            sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - to the end


@dataclass
class Supervisor:
    """Keeps programs running until told to stop. Units: `exit_code` is this process's own."""

    console: Console
    environment: Mapping[str, str]
    mark: str
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    ready: bool = False
    exit_code: int = 0
    _alive: dict[int, str] = field(default_factory=dict)
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    def stop(self, exit_code: int = 0) -> None:
        """Ask everything to end; a second call does not wait for goodbyes."""
        if self.stopping.is_set():
            self._signal_groups(signal.SIGKILL)
        self.exit_code = self.exit_code or exit_code
        self.stopping.set()

    def start(self, program: Program) -> None:
        """Run a program from now on, again and again, with growing pauses between."""
        self._tasks.append(asyncio.create_task(self._keep(program)))

    async def run(self, program: Program) -> int:
        """Run a program once, to its end or to ours. Returns its exit code."""
        child = await self._spawn(program)
        relay = asyncio.create_task(self._relay(program, child))
        ended = asyncio.create_task(child.wait())
        stopped = asyncio.create_task(self.stopping.wait())
        await asyncio.wait({ended, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not ended.done():
            self._signal_groups(signal.SIGTERM)
            await self._wait_or_kill({ended})
        code = await ended
        self._clear_group(child.pid)
        await relay
        return code

    async def finish(self) -> None:
        """End every program: first asked, then, after STOP_SECONDS, killed."""
        self.stopping.set()
        self._signal_groups(signal.SIGTERM)
        if self._tasks:
            await self._wait_or_kill(set(self._tasks))
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _keep(self, program: Program) -> None:
        pause = 1.0
        while not self.stopping.is_set():
            began = time.monotonic()
            code = await self.run(program)
            if self.stopping.is_set():
                return
            how = f"exit code {code}" if code >= 0 else signal.Signals(-code).name
            if program.essential and not self.ready:
                self.console.say(program.name, f"Ended before it was ready ({how}).")
                self.stop(exit_code=1)
                return
            if time.monotonic() - began > STEADY_SECONDS:
                pause = 1.0
            self.console.say(program.name, f"Ended ({how}); starts again in {pause:.0f} s.")
            try:
                await asyncio.wait_for(self.stopping.wait(), pause)
            except TimeoutError:
                pause = min(pause * 2, LONGEST_PAUSE)

    async def _spawn(self, program: Program) -> asyncio.subprocess.Process:
        child = await asyncio.create_subprocess_exec(
            *program.command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            env={**self.environment, MARK: self.mark, "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
            limit=1024 * 1024,
        )
        self._alive[child.pid] = program.name
        return child

    async def _relay(self, program: Program, child: asyncio.subprocess.Process) -> None:
        assert child.stdout is not None
        while True:
            try:
                line = await child.stdout.readline()
            except ValueError:  # Longer than the limit: asyncio has dropped it.
                self.console.say(program.name, "(a line too long to show)")
                continue
            if not line:
                return
            self.console.say(program.name, line.decode(errors="replace").rstrip())

    def _signal_groups(self, number: signal.Signals) -> None:
        for pid in list(self._alive):
            _signal_group(pid, number)

    def _clear_group(self, pid: int) -> None:
        """End what a dead leader left, for example a web worker that still holds the port."""
        _signal_group(pid, signal.SIGKILL)
        self._alive.pop(pid, None)

    async def _wait_or_kill[T](self, tasks: set[asyncio.Task[T]]) -> None:
        _, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
        if late:
            self._signal_groups(signal.SIGKILL)
            await asyncio.wait(late)


def end_leftovers(mark: str, say: Callable[[str], None]) -> None:
    """Kill what an earlier supervisor with this mark left running.

    Only one supervisor at a time may use a mark; its caller holds the lock that says so.
    """
    ended = 0
    # Again until nothing is found: a process is nameless for the moment in which it begins.
    while found := [process for process in psutil.process_iter() if _carries(process, mark)]:
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        ended += len(found)
        time.sleep(0.05)
    if ended:
        say(f"Ended {ended} processes that an earlier run had left.")


def _carries(process: psutil.Process, mark: str) -> bool:
    try:
        ours = process.environ().get(MARK) == mark and process.pid != os.getpid()
        return ours and lives(process)
    except psutil.Error:
        return False


def _signal_group(pid: int, number: signal.Signals) -> None:
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):  # macOS answers so for a group of zombies.
        return
