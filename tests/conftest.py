"""What every test stands on: throwaway servers, test settings, and no outside network.

The people of the tests are in `tests/cast.py`. DJANGO_SETTINGS_MODULE is set here and not in
pyproject.toml, because pytest-django would otherwise read the settings before the addresses of
the throwaway servers are known.
"""

import atexit
import math
import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import django
import psutil
import pytest
from django.conf import settings

from supportportal import embedded

pytest_plugins = ["tests.cast"]

if settings.configured:
    raise pytest.UsageError("Unset DJANGO_SETTINGS_MODULE: the tests choose their own settings.")

_TEMPORARY = Path(tempfile.gettempdir())
_PREFIX = "portal-tests-"


def _remove_leftovers() -> None:
    """Stop the servers and delete the data of test runs that were killed."""
    for directory in _TEMPORARY.glob(f"{_PREFIX}*"):
        number = re.fullmatch(rf"{_PREFIX}(\d+)", directory.name)
        if number and not psutil.pid_exists(int(number[1])):
            _remove(directory)


def _remove(directory: Path) -> None:
    os.environ["PORTAL_VAR"] = str(directory)
    embedded.erase()
    shutil.rmtree(directory, ignore_errors=True)


def _start_servers() -> None:
    """Start servers of this run's own, unless a developer gave addresses of others."""
    _remove_leftovers()
    directory = _TEMPORARY / f"{_PREFIX}{os.getpid()}"
    directory.mkdir(mode=0o711)  # Passable for the account that root lends to PostgreSQL.
    os.environ["PORTAL_VAR"] = str(directory)
    atexit.register(_remove, directory)
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        embedded.start(throwaway=True)


def _forbid_outside_network() -> None:
    """Let a socket reach this machine only, so that a test that needs the world fails by name."""
    connect = socket.socket.connect
    look_up = socket.getaddrinfo

    def refuse(host: object) -> None:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if name not in {"", "localhost", "::1", "None"} and not name.startswith("127."):
            raise RuntimeError(f"A test tried to reach {name}: tests open no outside network.")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            try:
                refuse(address[0])
            except RuntimeError:
                self.close()  # Its maker only expects an OSError, and would leave it open.
                raise
        connect(self, address)

    def guarded_look_up(host: Any, *args: Any, **kwargs: Any) -> Iterable[Any]:
        if not re.fullmatch(r"[\d.]+", str(host)):  # A number is looked up without asking anyone.
            refuse(host)
        return look_up(host, *args, **kwargs)

    socket.socket.connect = guarded_connect  # type: ignore[method-assign,assignment]  # ours narrows it
    socket.getaddrinfo = guarded_look_up  # type: ignore[assignment]  # ours narrows it


os.environ["PORTAL_ENV"] = "test"
os.environ["DJANGO_SETTINGS_MODULE"] = "supportportal.settings"
_start_servers()
_forbid_outside_network()
django.setup()
# Only for this process: a worker of xdist inherits the environment, and would read its settings
# before it has servers of its own.
del os.environ["DJANGO_SETTINGS_MODULE"]


@pytest.fixture(scope="session", autouse=True)
def _kept_rows_do_not_grow_old() -> None:
    """Keep a row that expires between two counts from counting as a query more."""
    from accounts import kept_rows  # noqa: PLC0415 - after the settings

    kept_rows.LASTS = math.inf
