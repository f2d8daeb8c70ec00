"""The open pages of this process: one subscription to Valkey, fanned out to all of them.

Nothing is told on the word of a message: it carries numbers alone, and the database is asked what
each listener may see before anything goes out (supportportal.live.sight). When Valkey is lost the
streams end, and the pages poll until they can listen again.
"""

import asyncio
import json
import logging
import resource
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from notifications.live import CHANNEL
from supportportal.live.colleagues import Colleagues
from supportportal.live.listener import Listener
from supportportal.live.responses import Wish
from supportportal.live.sight import Judged, judge
from tickets import presence

logger = logging.getLogger(__name__)

# More than this is refused, and the page polls: of one person, and in one process. Half of the
# files a process may open is left for pages; the server itself takes more (--backpressure).
MOST_OF_ONE = 30
MOST = min(2000, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)
# What happens within so long is asked and told together. Units: seconds, as all below.
GATHERS = 0.3
# How often everybody's session is looked at, and a quiet stream says that it lives.
BEAT = 15.0
# How long a quiet Valkey is believed, and how long the answer to a ping may take.
QUIET, ANSWERS = 10.0, 3.0
AGAIN = 2.0
# What happened while a page was on its way here is told to it when it arrives.
RECENT = 200

type Ask = Callable[[Callable[[], Judged]], asyncio.Future[Judged]]


class Hub:
    """Tells listeners what happens. `ask` has a question to the database asked by a thread."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._listeners: set[Listener] = set()
        self._recent: deque[tuple[int, int]] = deque(maxlen=RECENT)
        self._events: dict[int, int] = {}
        self._here: set[int] = set()
        # Queues that were not told yet who looks at what.
        self._newcomers: set[Listener] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._is_closed = False

    async def add(self, wish: Wish) -> Listener | None:
        """Begin to tell a page; None when it has to poll."""
        of_one = sum(other.wish.user == wish.user for other in self._listeners)
        if self._is_closed or of_one >= MOST_OF_ONE or len(self._listeners) >= MOST:
            return None
        self._start()
        try:
            await asyncio.wait_for(self._is_up.wait(), 1.0)
        except TimeoutError:
            return None
        listener = Listener(wish)
        self._listeners.add(listener)
        try:
            await self._begin(listener)
        except BaseException:
            self.remove(listener)  # Else it stayed, and took another's room.
            raise
        return listener

    async def _begin(self, listener: Listener) -> None:
        wish = listener.wish
        missed = {
            event: ticket
            for event, ticket in self._recent
            if ticket == wish.ticket and event > wish.version
        }
        if missed:
            self._events |= missed
            self._has_news.set()
        if wish.ticket is not None:
            await self._come(listener)
        else:
            self._newcomers.add(listener)
            self._has_news.set()

    def remove(self, listener: Listener) -> None:
        """Tell a page no more: it is gone."""
        self._listeners.discard(listener)
        wish = listener.wish
        if listener.is_seen and not self._is_closed:
            same = (wish.ticket, wish.user)
            if not any((o.wish.ticket, o.wish.user) == same for o in self._listeners):
                task = asyncio.ensure_future(self._colleagues.leave(wish))
                task.add_done_callback(lambda done: done.exception())

    def close(self) -> None:
        """End every stream, for good: the process is about to end."""
        self._is_closed = True
        self._drop()
        for task in self._tasks:
            task.cancel()

    def _start(self) -> None:
        """Begin with the first listener: a process nobody listens to asks nothing of Valkey."""
        if self._tasks:
            return
        self._is_up, self._has_news = asyncio.Event(), asyncio.Event()
        # Never again by itself: what was said meanwhile would be missed and nobody would know.
        self._valkey = Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=ANSWERS,
            socket_connect_timeout=1,
            retry=Retry(NoBackoff(), 0),
        )
        self._colleagues = Colleagues(self._valkey)
        jobs = (self._hear(), self._tell(), self._keep())
        self._tasks = [asyncio.create_task(job) for job in jobs]

    def _drop(self) -> None:
        for listener in list(self._listeners):
            listener.close()

    # ── Hearing ──

    async def _hear(self) -> None:
        while True:
            try:
                async with self._valkey.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    self._is_up.set()
                    await self._read(subscription)
            except (RedisError, OSError, TimeoutError) as error:
                logger.warning("Open pages are not told: %s", type(error).__name__)
            self._is_up.clear()
            self._drop()
            await asyncio.sleep(AGAIN)

    async def _read(self, subscription: PubSub) -> None:
        """Read until nothing comes, not even the answer to a ping. Raises: RedisError, OSError."""
        is_asked = False
        while True:
            wait = ANSWERS if is_asked else QUIET
            message = await subscription.get_message(timeout=wait)
            if message is None:
                if is_asked:
                    raise TimeoutError
                await subscription.ping()
            is_asked = message is None
            if message is not None and message["type"] == "message":
                self._take(message["data"])

    def _take(self, data: bytes) -> None:
        try:
            told: dict[str, Any] = json.loads(data)
            events = {int(event): int(ticket) for event, ticket in told.get("events", ())}
            here = {int(ticket) for ticket in told.get("here", ())}
        except (ValueError, TypeError, AttributeError):
            logger.warning("A message on %s is not ours.", CHANNEL)
            return
        self._recent.extend(events.items())
        self._events |= events
        self._note_here(here)
        self._has_news.set()

    def _note_here(self, tickets: Iterable[int]) -> None:
        self._here |= set(tickets)
        self._has_news.set()

    # ── Telling ──

    async def _tell(self) -> None:
        while True:
            await self._has_news.wait()
            await asyncio.sleep(GATHERS)
            self._has_news.clear()
            events, self._events = self._events, {}
            here, self._here = self._here, set()
            newcomers, self._newcomers = self._newcomers, set()
            try:
                await self._tell_of(events, here, newcomers)
            except Exception:  # the next change is told all the same
                logger.exception("Open pages were not told.")

    async def _tell_of(
        self, events: dict[int, int], here: set[int], newcomers: set[Listener]
    ) -> None:
        touched = set(events.values())
        concerned = [
            listener
            for listener in self._listeners
            if (listener.wish.ticket is None and (events or here or listener in newcomers))
            or listener.wish.ticket in touched
            or listener.wish.ticket in here
        ]
        if not concerned:
            return
        watched = here & {listener.wish.ticket for listener in concerned}
        # Whoever left elsewhere may still be here.
        await self._colleagues.stay(one for one in concerned if one.wish.ticket in watched)
        found = await self._colleagues.at(watched)
        self._look_again(found)
        lookers = await self._lookers(concerned) if here or newcomers else None
        people = {person for one in found.values() for person in one.looking}
        judged = await self._judge(concerned, events, watched, people, lookers)
        for listener in concerned:
            sight = judged.sights.get(listener.wish)
            if sight is None:
                listener.close()
                continue
            if news := {event for event in sight.events if event > listener.wish.version}:
                listener.tell("news", max(news))
            ticket = listener.wish.ticket
            if sight.sees_colleagues and ticket is not None and ticket in found:
                listener.tell_who_is_here(found[ticket], judged.names)
            if lookers is not None and ticket is None:
                listener.tell_who_looks(lookers, sight.numbers, judged.names)

    async def _lookers(self, listeners: Iterable[Listener]) -> presence.Lookers | None:
        """Who looks at what, where a queue listens."""
        if any(listener.wish.ticket is None for listener in listeners):
            return await self._colleagues.everywhere()
        return None

    def _look_again(self, found: dict[int, presence.Here]) -> None:
        """Nobody says that they stopped typing: it runs out, and is then told."""
        typing = [ticket for ticket, here in found.items() if here.typing]
        if typing:
            loop = asyncio.get_running_loop()
            loop.call_later(presence.TYPING_LASTS + 0.5, self._note_here, typing)

    async def _judge(
        self,
        listeners: Iterable[Listener],
        events: dict[int, int] | None = None,
        presences: Iterable[int] = (),
        people: Iterable[int] = (),
        lookers: presence.Lookers | None = None,
    ) -> Judged:
        wishes, asked, names = {one.wish for one in listeners}, set(presences), set(people)
        looked_at = set(lookers or ())
        names.update(*(lookers or {}).values())
        return await self._ask(lambda: judge(wishes, events, asked, names, looked_at))

    # ── Keeping ──

    async def _keep(self) -> None:
        """Look at every session again, and say on quiet streams that they live."""
        while True:
            await asyncio.sleep(BEAT)
            listeners = list(self._listeners)
            if not listeners:
                continue
            try:
                await self._colleagues.stay(listeners)
                # Who went without a word is missing by now.
                lookers = await self._lookers(listeners)
                judged = await self._judge(listeners, lookers=lookers)
                for listener in listeners:
                    sight = judged.sights.get(listener.wish)
                    if sight is None:
                        listener.close()
                        continue
                    listener.comment()
                    if lookers is not None and listener.wish.ticket is None:
                        listener.tell_who_looks(lookers, sight.numbers, judged.names)
            except Exception:  # the next beat looks again
                logger.exception("Open pages were not looked after.")

    # ── Presence ──

    async def _come(self, listener: Listener) -> None:
        """Note that somebody of ours looks at a ticket, and tell the others."""
        wish = listener.wish
        assert wish.ticket is not None
        judged = await self._judge([listener], None, [wish.ticket])
        sight = judged.sights.get(wish)
        listener.is_seen = sight is not None and sight.sees_colleagues
        if listener.is_seen:
            await self._colleagues.stay([listener])
            await self._colleagues.say_here(wish.ticket)
            # Its own process may have been told of it before it was there.
            self._note_here([wish.ticket])
