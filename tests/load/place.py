"""Servers of the benchmark's own: PostgreSQL as on a small machine, Valkey, the web server."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from supportportal.embedded import postgres, valkey
from supportportal.embedded.place import Place

# What one gives a PostgreSQL that shares a machine of 8 GB with the portal. It may lose the data
# in a crash of the machine: what is measured is the portal, not this machine's disk.
SETTINGS = {
    "shared_buffers": "1GB",
    "effective_cache_size": "4GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "random_page_cost": "1.1",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "max_parallel_maintenance_workers": "2",
}
READY_SECONDS = 60
WEB = (
    "granian --interface rsgi --workers 2 --backpressure 3000 --no-ws --http 1 --log-level warning"
)


def choose(var: Path) -> Place:
    """Let everything in this process and below use the servers in `var`."""
    var.mkdir(parents=True, exist_ok=True)
    var.chmod(0o711)  # Passable for the account that root lends to PostgreSQL.
    os.environ["PORTAL_VAR"] = str(var)
    for name in ("DATABASE_URL", "REDIS_URL"):
        os.environ.pop(name, None)
    place = Place.current()
    os.environ |= {
        "DATABASE_URL": postgres.url(place),
        "REDIS_URL": valkey.url(place),
        "PORTAL_ENV": "production",
        "DJANGO_SETTINGS_MODULE": "tests.load.settings",
        "SECRET_KEY": os.environ.get("SECRET_KEY") or secrets.token_urlsafe(60),
        "ALLOWED_HOSTS": "127.0.0.1",
        "BEHIND_TLS_PROXY": "1",
        "PORTAL_BASE_URL": "https://127.0.0.1",
        "EMAIL_URL": "file:///dev/null",
        "PORTAL_STATIC": str(var / "static"),
        "LOG_LEVEL": "WARNING",
    }
    return place


@contextmanager
def servers(place: Place) -> Iterator[None]:
    """Run PostgreSQL and Valkey while the block lasts; the data stays."""
    with place.locked():
        place.prepare()
        postgres.start(place, throwaway=True, settings=SETTINGS)
        valkey.start(place)
    try:
        yield
    finally:
        with place.locked():
            valkey.stop(place)
            postgres.stop(place)


@contextmanager
def web() -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    """Run the portal as the image does, on a free port; gives the port and the process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", *WEB.split(), "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen([*command, "supportportal.rsgi:application"])
    try:
        _wait(port, process)
        yield port, process
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live/", timeout=5):
                return
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.2)
