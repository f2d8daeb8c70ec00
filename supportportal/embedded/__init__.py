"""PostgreSQL and Valkey from wheels, for when no address of a real server is given.

To exchange one, change its module. Both listen on sockets in a directory of mode 0700 and on no
port, so their addresses follow from the data directory alone and no other user can connect. No
Django here: the settings import this package.
"""

import os
from dataclasses import dataclass

from supportportal.embedded import postgres, valkey
from supportportal.embedded.errors import EmbeddedError
from supportportal.embedded.place import Place

__all__ = [
    "EmbeddedError",
    "Servers",
    "are_used",
    "database_url",
    "erase",
    "is_running",
    "redis_url",
    "start",
    "start_hint",
    "stop",
]


@dataclass(frozen=True)
class Servers:
    """The addresses of both running servers."""

    database_url: str
    redis_url: str


def database_url() -> str:
    """Tell the address of the embedded PostgreSQL, running or not."""
    return postgres.url(Place.current())


def redis_url() -> str:
    """Tell the address of the embedded Valkey, running or not."""
    return valkey.url(Place.current())


def are_used() -> bool:
    """Say whether the settings fall back on an embedded server."""
    return not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))


def is_running() -> bool:
    """Say whether both servers of this data directory are up."""
    place = Place.current()
    return bool(postgres.running(place)) and bool(valkey.running(place))


def start_hint() -> str:
    """Give the sentence for someone who needs an embedded server that is not up, or ""."""
    if not are_used() or is_running():
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
    place = Place.current()
    with place.locked():
        place.prepare()
        postgres.start(place, throwaway=throwaway)
        valkey.start(place)
    return Servers(database_url(), redis_url())


def stop() -> None:
    """Stop both servers of this data directory, if they run. Raises: EmbeddedError."""
    place = Place.current()
    if place.home.exists():
        with place.locked():
            valkey.stop(place)
            postgres.stop(place)


def erase() -> None:
    """Stop both servers and delete what they stored. Effects: the data is gone."""
    stop()
    Place.current().erase()
