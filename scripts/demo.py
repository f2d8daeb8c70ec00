"""Run the whole portal on this machine: `make demo`.

Starts PostgreSQL and Valkey, brings the database up to date, loads the demo data once, then keeps
the web server, the Celery worker and the beat running until Ctrl-C. `var/demo.json` tells other
programs the address and a sign-in for each role.
"""

import asyncio
import contextlib
import errno
import fcntl
import json
import os
import shutil
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

import psutil

from scripts.supervisor import Console, Program, Supervisor, end_leftovers
from supportportal import embedded

READY_SECONDS = 120
EVERYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - compared with, not bound to
# Small on purpose: everything together idles under 800 MB. One web process with threads, and four
# worker threads instead of processes: mail, an audit and a replay leave the watch one.
WEB = "granian --interface rsgi --workers 1 --backpressure 3000 --no-ws --http 1"
WORKER = "celery --quiet -A supportportal worker --pool threads --concurrency 4"
WORKER_QUIET = "--without-gossip --without-mingle --without-heartbeat"
BEAT = "celery --quiet -A supportportal beat --pidfile="
# Root is welcome here: the demo is one person's own machine.
NO_WARNING = "ignore:You're running the worker with superuser privileges"


class Refusal(Exception):
    """The demo cannot run; the text is one sentence for a person."""


@dataclass(frozen=True)
class Place:
    """Where the demo listens and keeps its data."""

    host: str
    port: int
    var: Path

    @classmethod
    def from_environment(cls) -> "Place":
        """Read HOST, PORT and PORTAL_VAR; port 0 is chosen later. Raises: Refusal."""
        given = os.environ.get("PORT") or "8000"
        if not given.isdecimal() or int(given) > 65535:
            raise Refusal(f"PORT={given} is not a port: choose a number up to 65535.")
        checkout = Path(__file__).resolve().parent.parent
        var = Path(os.environ.get("PORTAL_VAR") or checkout / "var").resolve()
        return cls(host=os.environ.get("HOST") or "127.0.0.1", port=int(given), var=var)

    @property
    def base_url(self) -> str:
        host = "127.0.0.1" if self.host in EVERYWHERE else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def people_file(self) -> Path:
        return self.var / "demo-people.json"


def main() -> int:
    """Run the demo to its end. Returns the exit code."""
    try:
        place = Place.from_environment()
        with _only_one(place):
            # What a killed demo left would still hold the port.
            end_leftovers(str(place.var), print)
            place = replace(place, port=_free_port(place.host, place.port))
            return asyncio.run(_demo(place))
    except (Refusal, embedded.EmbeddedError) as refusal:
        print(refusal, file=sys.stderr)
        return 1


def _free_port(host: str, port: int) -> int:
    """Check that the address can be listened on; port 0 chooses one. Raises: Refusal."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            return int(probe.getsockname()[1])
    except socket.gaierror as error:
        raise Refusal(f"HOST={host} is not an address of this machine.") from error
    except PermissionError as error:
        raise Refusal(f"Port {port} needs more rights: choose one from 1024 with PORT=.") from error
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise Refusal(f"HOST={host} is not an address of this machine.") from error
        raise Refusal(
            f"Port {port} on {host} is in use: choose another, as in "
            f"`make demo PORT={port + 1 if port < 65535 else 8001}`."
        ) from error


@contextlib.contextmanager
def _only_one(place: Place) -> Any:
    """Hold this data directory's lock as long as the demo runs. Raises: Refusal."""
    try:
        place.var.mkdir(parents=True, exist_ok=True)
        handle = (place.var / "demo.lock").open("a")
    except OSError as error:
        raise Refusal(f"Cannot write to {place.var} ({error.strerror}).") from error
    with handle:
        _lock(handle, place)
        yield


def _lock(handle: IO[str], place: Place) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Refusal(
            f"A demo already runs on the data in {place.var}: stop it first, or set PORTAL_VAR."
        ) from error


async def _demo(place: Place) -> int:
    console = Console(["setup", "web", "worker", "beat", "demo"])
    supervisor = Supervisor(console, _environment(place), mark=str(place.var))
    _listen_for_signals(supervisor)
    watch = asyncio.create_task(_stop_when_abandoned(supervisor))
    try:
        await asyncio.to_thread(_start_servers, place, console)
        await _prepare(supervisor, place)
        await _serve(supervisor, place)
    finally:
        watch.cancel()
        await supervisor.finish()
        if embedded.are_used():
            await asyncio.to_thread(embedded.stop)
        console.say("demo", "Stopped.")
    return supervisor.exit_code


def _environment(place: Place) -> dict[str, str]:
    environment = {**os.environ, "PORTAL_VAR": str(place.var)}
    environment.setdefault("PORTAL_ENV", "demo")
    environment.setdefault("PORTAL_BASE_URL", place.base_url)
    hosts = {"127.0.0.1", "localhost", "[::1]", place.host}
    if place.host in EVERYWHERE:
        cards = psutil.net_if_addrs().values()
        hosts |= {card.address for cards_ in cards for card in cards_ if "." in card.address}
        hosts |= {socket.gethostname(), socket.getfqdn()}
    environment.setdefault("ALLOWED_HOSTS", ",".join(sorted(hosts)))
    if place.host == "127.0.0.1":  # Its other name: a host of its own, as far as browsers know.
        environment.setdefault("PORTAL_DOWNLOAD_URL", f"http://localhost:{place.port}")
    environment.setdefault("PYTHONWARNINGS", NO_WARNING)
    return environment


def _listen_for_signals(supervisor: Supervisor) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if number == signal.SIGHUP and signal.getsignal(number) == signal.SIG_IGN:
            continue  # nohup asked us to outlive the terminal.
        loop.add_signal_handler(number, supervisor.stop)


async def _stop_when_abandoned(supervisor: Supervisor) -> None:
    """Stop when the terminal or the `make` above us is gone.

    The kernel tells only the first program of a terminal that it was closed; where that is
    `make`, it waits for us instead of passing the signal on, and killed it cannot.
    """
    parent = os.getppid() if "MAKELEVEL" in os.environ else None
    on_terminal = os.isatty(1)
    while os.isatty(1) == on_terminal and parent in {None, os.getppid()}:  # noqa: ASYNC110 - nobody tells of it
        await asyncio.sleep(0.5)
    supervisor.stop()


def _start_servers(place: Place, console: Console) -> None:
    if os.environ.get("RESET", "0") not in {"", "0"}:
        _reset(place)
        console.say("demo", "Started over: the demo's data is gone.")
    (place.var / "static").mkdir(exist_ok=True)  # Empty: files are served from where they lie.
    if embedded.are_used():
        began = time.monotonic()
        embedded.start()
        took = time.monotonic() - began
        console.say("demo", f"PostgreSQL and Valkey are up ({took:.1f} s).")


def _reset(place: Place) -> None:
    """Delete the demo's own data. Raises: Refusal when the data is on another server."""
    if os.environ.get("DATABASE_URL"):
        raise Refusal("RESET=1 deletes the embedded database only, and DATABASE_URL is set.")
    embedded.erase()
    for name in ("media", "mail", "demo.json", place.people_file.name):
        path = place.var / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for path in place.var.glob("celerybeat-schedule*"):
        path.unlink()


async def _prepare(supervisor: Supervisor, place: Place) -> None:
    """Migrate and load, in one short-lived process. Raises: Refusal."""
    command = [sys.executable, "-m", "scripts.demo_data", str(place.people_file)]
    code = await supervisor.run(Program("setup", command))
    if code and not supervisor.stopping.is_set():
        raise Refusal("The database could not be prepared: the lines above say why.")


async def _serve(supervisor: Supervisor, place: Place) -> None:
    if supervisor.stopping.is_set():
        return
    listen = ["--host", place.host, "--port", str(place.port), "supportportal.rsgi:application"]
    python = [sys.executable, "-m"]
    supervisor.start(Program("web", [*python, *WEB.split(), *listen], essential=True))
    supervisor.start(Program("worker", [*python, *WORKER.split(), *WORKER_QUIET.split()]))
    supervisor.start(Program("beat", [*python, *BEAT.split()]))
    if await _becomes_ready(supervisor, place):
        supervisor.ready = True
        _welcome(supervisor.console, place)
        await supervisor.stopping.wait()


async def _becomes_ready(supervisor: Supervisor, place: Place) -> bool:
    deadline = time.monotonic() + READY_SECONDS
    while not supervisor.stopping.is_set():
        if await asyncio.to_thread(_is_healthy, f"{place.base_url}/health/"):
            return True
        if time.monotonic() > deadline:
            supervisor.stop(exit_code=1)
            raise Refusal(f"{place.base_url}/health/ did not answer within {READY_SECONDS} s.")
        await asyncio.sleep(0.2)
    return False


def _is_healthy(address: str) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (OSError, ValueError):
        return False


def _welcome(console: Console, place: Place) -> None:
    """Write var/demo.json and print what a visitor needs."""
    people: list[dict[str, str]] = json.loads(place.people_file.read_text())
    told = {"base_url": place.base_url, "people": people}
    part = place.var / "demo.json.part"
    part.write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    part.rename(place.var / "demo.json")
    role = max(len(person["role"]) for person in people)
    email = max(len(person["email"]) for person in people)
    lines = [f"  {p['role']:<{role}}  {p['email']:<{email}}  {p['password']}" for p in people]
    heading = f"The portal is at {place.base_url} — sign in as"
    console.write("\n".join(["", heading, *lines, "", "Ctrl-C stops everything.", ""]))


if __name__ == "__main__":
    sys.exit(main())
