"""What the queue's page shows beside its rows, found anew at most every other second.

What stands beside the filters every ten: counting that reads every open ticket six times over.

Those who see every ticket share what one of them counted.

Counting reads an index entry for every open ticket, drawing a page fifty: without this, most of
the desk's work would be counting. One's own change shows at once, others' after a moment.
"""

import time
import uuid
from collections.abc import Callable, Iterable
from functools import cached_property
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from accounts.models import User
from tickets.querysets import SEES_ALL_TICKETS
from tickets.queue_choices import QueueChoices, queue_choices

# Names in the filters change seldom, and a choice that is gone narrows nothing. Units: seconds.
CHOICES_LAST = 60
# What is counted seldom lasts so many times as long.
SELDOM = 5
# More than any desk has people.
MOST_READERS = 1000

_choices: dict[int, tuple[float, QueueChoices | None]] = {}


class KeptSizes:
    """What was counted a moment ago for whoever sees what this reader sees.

    `expected` names what a page is going to want: all of it is fetched at once.
    """

    def __init__(self, user: User, expected: Iterable[str]) -> None:
        self._lasts = settings.QUEUE_COUNTED_EVERY_SECONDS
        self._mark = _key(user)
        self._expected = list(expected)

    def of[Sizes](self, what: str, count: Callable[[], Sizes], *, seldom: bool = False) -> Sizes:
        """Return what was counted, or count anew; `seldom` for what nobody waits for.

        `what` names the rows that are counted, and the reader where they are the reader's own.
        Effects: one entry of the cache, for that moment.
        """
        if not self._lasts:
            return count()
        key, lasts = self._key(what), self._lasts * (SELDOM if seldom else 1)
        found = self._found if what in self._expected else cache.get_many([self._mark, key])
        since, now = found.get(self._mark, ""), time.time()
        kept: tuple[str, float, Sizes] | None = found.get(key)
        # One counts anew; who asks meanwhile reads what was, instead of counting beside it.
        if (
            kept is not None
            and kept[0] == since
            and (now - kept[1] < lasts or not cache.add(f"{key}:anew", 1, lasts))
        ):
            return kept[2]
        sizes = count()
        cache.set(key, (since, now, sizes), 2 * lasts)
        return sizes

    @cached_property
    def _found(self) -> dict[str, Any]:
        return cache.get_many([self._mark, *(self._key(what) for what in self._expected)])

    def _key(self, what: str) -> str:
        # Each narrowing by itself: all of them together were most of what a page fetched.
        return f"{self._mark}:{blake2b(what.encode()).hexdigest()[:32]}"


def shares_sizes(user: User) -> bool:
    """Whether what is counted for this reader is counted for others, too."""
    return bool(settings.QUEUE_COUNTED_EVERY_SECONDS) and user.has_role(*SEES_ALL_TICKETS)


def forget_sizes(user: User) -> None:
    """Let this reader's next page count anew, once the present transaction is committed."""
    if lasts := settings.QUEUE_COUNTED_EVERY_SECONDS:
        # What was counted before this is told from what is counted after by the mark it carries.
        # The mark outlives what it tells apart.
        transaction.on_commit(lambda: cache.set(_key(user), str(uuid.uuid4()), 3 * SELDOM * lasts))


def kept_choices(user: User) -> QueueChoices:
    """Return what this reader's queue can be narrowed by, at most a minute old.

    Kept by the process: every page of the queue needs it, and it would be most of what it fetches.
    """
    if not settings.QUEUE_COUNTED_EVERY_SECONDS:
        return queue_choices(user)
    now = time.monotonic()
    read_at, choices = _choices.get(user.pk, (0.0, None))
    if choices is None or now - read_at > CHOICES_LAST:
        if len(_choices) > MOST_READERS:
            _choices.clear()
        choices = queue_choices(user)
        _choices[user.pk] = (now, choices)
    return choices


def _key(user: User) -> str:
    return f"queue-sizes:{'all' if shares_sizes(user) else user.pk}"
