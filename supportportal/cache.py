"""The cache, and what stands in for it while Valkey is away.

Only counters live here, such as tries at a sign-in. Losing them to a restart is harmless; a sign-in
page that fails because they cannot be read is not, and neither is one that no longer counts.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def _patient(name: str) -> Callable[..., Any]:
    """Make a method that asks Valkey, and this process's own memory when Valkey is away."""

    def ask(self: "PatientRedisCache", *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(CountingRedisCache, name)(self, *args, **kwargs)
        except (RedisError, OSError) as error:
            logger.warning("The cache is away: %s", type(error).__name__)
            return getattr(self.stand_in, name)(*args, **kwargs)

    return ask


class LastingClient(RedisCacheClient):
    """Keeps the one client it makes: a new one for each question took longer than the answer."""

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        client = self.__dict__.get("_lasting")
        if client is None:
            client = self.__dict__["_lasting"] = super().get_client(key, write=write)
        return client


class CountingRedisCache(RedisCache):
    """Counts in one question; Django's own way to a counter that may have ended takes five."""

    def count(self, key: str, seconds: int) -> int:
        """Count one more and return how many there are since the window of `seconds` opened."""
        made = self.make_and_validate_key(key)
        asked = self._cache.get_client(made, write=True).pipeline(transaction=False)
        asked.incr(made)
        # Only where it has no end yet: a counter without one would hold somebody up for ever.
        asked.expire(made, seconds, nx=True)
        return int(asked.execute()[0])


class CountingMemory(LocMemCache):
    """As CountingRedisCache, in this process's own memory."""

    def count(self, key: str, seconds: int) -> int:
        """As CountingRedisCache.count. Between its two lines a window may end, and open anew."""
        while True:
            self.add(key, 0, seconds)
            with suppress(ValueError):
                return self.incr(key)


class PatientRedisCache(CountingRedisCache):
    """Valkey, or each process's own memory while Valkey is away.

    Source: docs/decisions, 0011.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = LastingClient
        self.stand_in = CountingMemory("cache-away", {})

    add = _patient("add")
    get = _patient("get")
    set = _patient("set")
    touch = _patient("touch")
    delete = _patient("delete")
    incr = _patient("incr")
    has_key = _patient("has_key")
    get_many = _patient("get_many")
    set_many = _patient("set_many")
    delete_many = _patient("delete_many")
    clear = _patient("clear")
    count = _patient("count")
