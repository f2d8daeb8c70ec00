"""Who of us is at which ticket, as the open pages of this process say it and ask it of Valkey.

While Valkey is away nobody is noted and nobody is found.
"""

import json
from collections.abc import Iterable
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from notifications.live import CHANNEL
from supportportal.live.listener import Listener
from supportportal.live.responses import Wish
from tickets import presence


class Colleagues:
    """Notes who looks, and finds out who does: each by one pipeline."""

    def __init__(self, valkey: Redis) -> None:
        self._valkey = valkey

    async def stay(self, listeners: Iterable[Listener]) -> None:
        """Note that those still look whom colleagues see."""
        with suppress(RedisError, OSError):
            async with self._valkey.pipeline(transaction=False) as pipe:
                for listener in listeners:
                    if listener.is_seen and listener.wish.ticket is not None:
                        presence.note_looking(pipe, listener.wish.ticket, [listener.wish.user])
                await pipe.execute()

    async def leave(self, wish: Wish) -> None:
        """Note that somebody has left, and say so to every process."""
        assert wish.ticket is not None
        with suppress(RedisError, OSError):
            async with self._valkey.pipeline(transaction=False) as pipe:
                presence.note_leaving(pipe, wish.ticket, wish.user)
                await pipe.execute()
        await self.say_here(wish.ticket)

    async def say_here(self, ticket: int) -> None:
        """Say to every process that somebody came to a ticket or left it."""
        with suppress(RedisError, OSError):
            await self._valkey.publish(CHANNEL, json.dumps({"here": [ticket]}))

    async def at(self, tickets: Iterable[int | None]) -> dict[int, presence.Here]:
        """Find out who is at these tickets."""
        asked = [ticket for ticket in tickets if ticket is not None]
        if not asked:
            return {}
        answers: list[list[bytes]] = []
        with suppress(RedisError, OSError):
            async with self._valkey.pipeline(transaction=False) as pipe:
                for ticket in asked:
                    presence.ask_who_is_here(pipe, ticket)
                answers = await pipe.execute()
        pairs = zip(answers[::2], answers[1::2], strict=True)
        return {ticket: presence.here_of(*pair) for ticket, pair in zip(asked, pairs, strict=False)}

    async def everywhere(self) -> dict[int, frozenset[int]]:
        """Find out who looks at which tickets, all of them."""
        with suppress(RedisError, OSError):
            async with self._valkey.pipeline(transaction=False) as pipe:
                presence.ask_who_looks(pipe)
                (found,) = await pipe.execute()
            return presence.lookers_of(found)
        return {}
