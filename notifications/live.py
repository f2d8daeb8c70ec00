"""Telling open pages that something changed: numbers through Valkey, never words.

It is told after the commit and at most once: whoever misses it asks again by itself. A page that
hears it asks the server, which knows who asks; the words never pass here.
"""

import json
import logging
import time
from collections.abc import Collection, Mapping
from functools import cache

from django.conf import settings
from django.db import transaction
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

CHANNEL = "portal:live"
# A Valkey that hangs holds a change up for so long, and is then left alone. Units: seconds.
PATIENCE, REST = 0.2, 5.0


class _Valkey:
    """Asks Valkey, and not again for a moment when it did not answer."""

    def __init__(self) -> None:
        self.resting_until = 0.0


_valkey = _Valkey()


@cache
def valkey() -> "Redis":
    """The client of this process, for what may be lost."""
    return Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
    )


def tell_pages(happened: Mapping[int, int]) -> None:
    """Tell open pages after the commit which events (keys) happened on which tickets (keys)."""
    told = dict(happened)
    transaction.on_commit(lambda: publish({"events": list(told.items())}))


def publish(message: Mapping[str, Collection[object]]) -> None:
    """Tell every web process now; nothing when Valkey is away."""
    if time.monotonic() < _valkey.resting_until:
        return
    try:
        valkey().publish(CHANNEL, json.dumps(message))
    except (RedisError, OSError) as error:
        _valkey.resting_until = time.monotonic() + REST
        logger.warning("Open pages are not told: %s", type(error).__name__)
