"""A worker, beats and a broker of a test's own, to be killed, doubled and emptied."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from scripts.demo import BEAT, WORKER, WORKER_QUIET
from sla.models import Heartbeat
from supportportal.embedded import postgres, valkey
from supportportal.embedded.place import Place

# Generous, because a loaded machine starts a worker slowly; waiting ends as soon as it can.
PATIENCE = 120.0
SHIFTED_CLOCK = Path(__file__).parent / "shifted_clock"


def wait_until(holds: Callable[[], Any], what: str, patience: float = PATIENCE) -> None:
    """Poll until it holds. Raises: AssertionError naming what never came."""
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, f"Waited {patience:.0f} s in vain for: {what}."
        time.sleep(0.02)


class Mailbox:
    """An SMTP server's handler that keeps the number of every mail it takes in."""

    def __init__(self) -> None:
        self.numbers: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.numbers.append(str(mail["Message-ID"]))
        return "250 OK"


class Programs:
    """The processes of one test, on the test's database, with a broker nobody else uses."""

    def __init__(self, directory: Path, place: Place, smtp_port: int) -> None:
        self.directory = directory
        self.place = place
        self.mailbox = Mailbox()
        self._clock = directory / "clock"
        self.environment = {
            **os.environ,
            "PORTAL_ENV": "test",
            "DJANGO_SETTINGS_MODULE": "supportportal.settings",
            "DATABASE_URL": _database_url(),
            "REDIS_URL": valkey.url(place),
            "EMAIL_URL": f"smtp://127.0.0.1:{smtp_port}",
        }
        self.running: list[subprocess.Popen[bytes]] = []

    def start_worker(self, **environment: str) -> subprocess.Popen[bytes]:
        return self.start("worker", *WORKER.split(), *WORKER_QUIET.split(), **environment)

    def start_dying_worker(self, point: str) -> subprocess.Popen[bytes]:
        """A worker that is killed when it comes to one of the points of dying_worker."""
        _, *arguments = (*WORKER.split(), *WORKER_QUIET.split())
        return self.start("worker", "tests.faults.dying_worker", point, *arguments)

    def start_beat(self, **environment: str) -> subprocess.Popen[bytes]:
        schedule = self.directory / f"schedule-{len(self.running)}"
        return self.start("beat", *BEAT.split(), f"--schedule={schedule}", **environment)

    def wrong_clock(self, seconds: float) -> dict[str, str]:
        """The environment of a process whose machine's clock is off; `set_clock` sets it anew."""
        self.set_clock(seconds)
        path = f"{SHIFTED_CLOCK}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
        return {"PYTHONPATH": path, "FAULT_CLOCK": str(self._clock)}

    def set_clock(self, seconds: float) -> None:
        part = self._clock.with_suffix(".part")
        part.write_text(str(seconds))
        part.rename(self._clock)

    def start(self, name: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        log = self.directory / f"{name}-{len(self.running)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                env={**self.environment, **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def run_python(self, code: str) -> str:
        """Run code with Django set up, as a web process would, and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def wait_for_the_watch(self) -> None:
        """Wait until beat and worker have made the watch look once more."""
        Heartbeat.objects.filter(name=Heartbeat.WATCH).delete()
        wait_until(Heartbeat.objects.filter(name=Heartbeat.WATCH).exists, "the watch's first look")

    def start_broker(self) -> None:
        with self.place.locked():
            self.place.prepare()
            valkey.start(self.place)

    def stop_broker(self) -> None:
        valkey.stop(self.place)

    def wait_for_death(self, process: subprocess.Popen[bytes]) -> None:
        """Wait until a process was killed. Raises: AssertionError when it ended otherwise."""
        wait_until(lambda: process.poll() is not None, "a worker's death")
        assert process.returncode == -signal.SIGKILL

    def restart_database(self) -> None:
        """Stop and start the tests' PostgreSQL, which ends every connection to it."""
        if os.environ.get("DATABASE_URL"):
            pytest.skip("The database is somebody else's: not ours to restart.")
        connection.close()
        place = Place.current()
        with place.locked():
            postgres.stop(place)
            postgres.start(place, throwaway=True)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()

    def show_logs(self) -> None:
        """Print what the processes said; pytest shows it of a test that failed."""
        for log in sorted(self.directory.glob("*.log")):
            sys.stdout.write(f"--- {log.name}\n{log.read_text(errors='replace')[-4000:]}\n")

    def end(self) -> None:
        for process in self.running:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                process.wait()


@contextmanager
def running_programs() -> Iterator[Programs]:
    """A broker and a mail server, and whatever the test starts; all gone when the block ends."""
    directory = Path(tempfile.mkdtemp(prefix="portal-faults-"))
    directory.chmod(0o711)  # Passable for the account that root lends to Valkey.
    kept = os.environ["PORTAL_VAR"]
    os.environ["PORTAL_VAR"] = str(directory)
    place = Place.current()
    os.environ["PORTAL_VAR"] = kept
    port = _free_port()
    programs = Programs(directory, place, port)
    smtp = Controller(programs.mailbox, hostname="127.0.0.1", port=port)
    smtp.start()
    try:
        programs.start_broker()
        yield programs
    finally:
        programs.end()
        programs.show_logs()
        programs.stop_broker()
        smtp.stop()
        _end_other_connections()
        shutil.rmtree(directory, ignore_errors=True)


def _database_url() -> str:
    given = connection.settings_dict
    query = urlencode({"host": given["HOST"]})
    return f"postgresql://{given['USER']}@/{given['NAME']}?{query}"


def _end_other_connections() -> None:
    """Let PostgreSQL notice the killed, whose locks would hold up the emptying of the tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
