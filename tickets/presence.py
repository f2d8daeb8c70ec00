"""Who of us is looking at a ticket, and who types: in Valkey, and gone by itself.

Only keys of people stand there, with when it ends; a process that dies leaves nothing behind for
long. While Valkey is away nobody is shown. Only staff are noted and only staff are told: a customer
never learns who looks at their ticket (supportportal.live.sight).
"""

import time
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from redis.exceptions import RedisError

from notifications.live import publish, valkey

# How long it lasts without being said again. Units: seconds.
LOOKING_LASTS = 45.0
TYPING_LASTS = 8.0
_KEPT = 120
# Who looks at anything, as "ticket:person": the queue shows it of all its rows by one read.
_ANYWHERE = "portal:looking"


class Here(NamedTuple):
    """Keys of people who look at a ticket, and of those among them who type."""

    looking: frozenset[int]
    typing: frozenset[int]


# Keys of tickets, with those of the people who look at each.
type Lookers = Mapping[int, frozenset[int]]


def note_looking(pipe: Any, ticket: int, people: Collection[int]) -> None:
    """Add to a pipeline that people look at a ticket."""
    _note(pipe, f"portal:looking:{ticket}", people, LOOKING_LASTS)
    _note(pipe, _ANYWHERE, (f"{ticket}:{person}" for person in people), LOOKING_LASTS)


def note_leaving(pipe: Any, ticket: int, person: int) -> None:
    """Add to a pipeline that somebody has left."""
    pipe.zrem(f"portal:looking:{ticket}", person)
    pipe.zrem(f"portal:typing:{ticket}", person)
    pipe.zrem(_ANYWHERE, f"{ticket}:{person}")


def ask_who_is_here(pipe: Any, ticket: int) -> None:
    """Add to a pipeline the question that `here_of` reads the answer of."""
    now = time.time()
    pipe.zrangebyscore(f"portal:looking:{ticket}", now, "+inf")
    pipe.zrangebyscore(f"portal:typing:{ticket}", now, "+inf")


def here_of(looking: Iterable[bytes], typing: Iterable[bytes]) -> Here:
    """Read the answer to `ask_who_is_here`."""
    types = frozenset(map(int, typing))
    return Here(frozenset(map(int, looking)) | types, types)


def ask_who_looks(pipe: Any) -> None:
    """Add to a pipeline the question that `lookers_of` reads the answer of."""
    pipe.zrangebyscore(_ANYWHERE, time.time(), "+inf")


def lookers_of(found: Iterable[bytes]) -> dict[int, frozenset[int]]:
    """Read the answer to `ask_who_looks`: keys of tickets, with those of the people at each."""
    lookers: dict[int, set[int]] = {}
    for pair in found:
        ticket, _, person = pair.partition(b":")
        lookers.setdefault(int(ticket), set()).add(int(person))
    return {ticket: frozenset(people) for ticket, people in lookers.items()}


def note_typing(ticket: int, person: int, *, stopped: bool = False) -> None:
    """Say that somebody types on a ticket, or has stopped; nothing when Valkey is away."""
    key = f"portal:typing:{ticket}"
    try:
        with valkey().pipeline() as pipe:
            if stopped:
                pipe.zrem(key, person)
            else:
                _note(pipe, key, [person], TYPING_LASTS)
            pipe.execute()
    except (RedisError, OSError):
        return
    publish({"here": [ticket]})


def _note(pipe: Any, key: str, people: Iterable[int | str], lasts: float) -> None:
    now = time.time()
    pipe.zremrangebyscore(key, "-inf", now)
    pipe.zadd(key, dict.fromkeys(people, now + lasts))
    pipe.expire(key, _KEPT)
