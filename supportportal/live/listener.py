"""One open page, and what is on its way to it."""

import asyncio
import json
from collections.abc import Mapping
from typing import Self

from supportportal.live.responses import Wish
from supportportal.templatetags.people import initials
from tickets.presence import Here, Lookers

# So much may wait for a page that does not read; then its stream ends, and it asks anew.
MOST_WAITING = 50
# After a stream has ended the browser comes back in so long. Units: milliseconds.
RETRY = 3000


class Listener:
    """A stream of server-sent events, read by `async for` until it is closed.

    `is_seen` says that colleagues see that this person looks at the ticket.
    """

    def __init__(self, wish: Wish) -> None:
        self.wish = wish
        self.is_seen = False
        self._is_closed = False
        self._texts: asyncio.Queue[str] = asyncio.Queue()
        self._here: Here | None = None
        self._looks: list[dict[str, object]] = []
        self._say(f"retry: {RETRY}\nevent: listening\ndata: -\n\n")

    def tell(self, kind: str, data: object) -> None:
        """Send one event."""
        self._say(f"event: {kind}\ndata: {json.dumps(data)}\n\n")

    def comment(self) -> None:
        """Send what the page does not hear: a dead connection is found out by it."""
        self._say(":\n\n")

    def tell_who_is_here(self, here: Here, names: Mapping[int, str]) -> None:
        """Send who else looks at the ticket, when that is another than before."""
        mine = frozenset({self.wish.user})
        others = Here(here.looking - mine, here.typing - mine)
        if others == (self._here or Here(frozenset(), frozenset())):
            return
        self._here = others
        people = [
            {"name": names[key], "types": key in others.typing}
            for key in others.looking
            if key in names
        ]
        self.tell("here", sorted(people, key=lambda one: str(one["name"])))

    def tell_who_looks(
        self, lookers: Lookers, numbers: Mapping[int, int], names: Mapping[int, str]
    ) -> None:
        """Send to a queue who else looks at which ticket, when that is another than before.

        `numbers` are those of the tickets it may show, by key.
        """
        looks: list[dict[str, object]] = []
        for ticket, number in sorted(numbers.items()):
            others = sorted(
                names[key]
                for key in lookers.get(ticket, ())
                if key in names and key != self.wish.user
            )
            people = [{"name": name, "initials": initials(name)} for name in others]
            if people:
                looks.append({"ticket": number, "people": people})
        if looks != self._looks:
            self._looks = looks
            self.tell("looks", looks)

    def close(self) -> None:
        """End the stream after what is on its way."""
        self._is_closed = True
        self._texts.put_nowait("")

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        text = await self._texts.get()
        if not text:
            raise StopAsyncIteration
        return text

    def _say(self, text: str) -> None:
        if self._is_closed:
            return
        if self._texts.qsize() >= MOST_WAITING:
            self.close()
        else:
            self._texts.put_nowait(text)
