"""Starting, finding and ending a server.

The process table is the pid file: a server is ours when an argument of it names our data
directory, so nothing is stale after a `kill -9` and a foreign process is never touched.
"""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from supportportal.embedded.errors import EmbeddedError
from supportportal.embedded.place import Place, lent_account

START_SECONDS = 20
STOP_SECONDS = 10
SERVERS = {"postgres", "valkey-server"}

_children: list[subprocess.Popen[bytes]] = []  # Kept so that a stopped child is reaped.


def start(place: Place, name: str, command: list[str], answers: Callable[[], bool]) -> None:
    """Start a server in a session of its own and wait until it answers.

    Raises: EmbeddedError with the last line of the server's log.
    """
    account = lent_account()
    log = place.logs / f"{name}.log"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        with log.open("ab") as output:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                cwd="/",
                user=account and account.pw_uid,
                group=account and account.pw_gid,
                extra_groups=[] if account else None,
            )
        _children.append(child)
        while child.poll() is None and time.monotonic() < deadline:
            if answers():
                return
            time.sleep(0.02)
        if child.poll() is None:
            child.kill()
        child.wait()
        # Orphans of a killed server hold its memory for a moment: then the next try succeeds.
        if b"pre-existing shared memory" not in _tail(log, 5):
            break
        time.sleep(0.5)
    reason = _tail(log, 1).decode(errors="replace").strip() or "no reason given"
    raise EmbeddedError(f"{name} does not start ({reason}); its log is {log}.")


def running(argument: Path) -> list[psutil.Process]:
    """Find the server that was started with this path as an argument of its own."""
    found = []
    for process in psutil.process_iter():
        try:
            program, *arguments = process.cmdline() or [""]
        except psutil.Error:
            continue
        if Path(program).name in SERVERS and str(argument) in arguments:
            found.append(process)
    return found


def end(processes: list[psutil.Process], signals: Sequence[signal.Signals]) -> None:
    """Ask with each signal in turn, at last kill. Units: STOP_SECONDS after each."""
    for number in (*signals, signal.SIGKILL):
        for process in processes:
            try:
                process.send_signal(number)
            except psutil.NoSuchProcess:
                continue
        deadline = time.monotonic() + STOP_SECONDS
        while processes and time.monotonic() < deadline:
            time.sleep(0.01)
            processes = [process for process in processes if lives(process)]
    _children[:] = [child for child in _children if child.poll() is None]


def lives(process: psutil.Process) -> bool:
    """Say whether a process still does anything; in a container nobody may collect the dead."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _tail(log: Path, lines: int) -> bytes:
    return b"\n".join(log.read_bytes().splitlines()[-lines:])
