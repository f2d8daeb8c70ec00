"""What a view answers when the browser shall go on listening."""

from dataclasses import dataclass

from django.http import HttpResponse


@dataclass(frozen=True, slots=True)
class Wish:
    """Who listens, by which session, and to what: one ticket by its key, or the queue (None).

    `proof` is the session's own, from the password: another password ends the session. `version`
    is the newest event the page knows of the ticket.
    """

    session: str
    user: int
    proof: str
    ticket: int | None = None
    version: int = 0


class LiveResponse(HttpResponse):
    """Says that the server shall hold this answer open and tell the browser what happens.

    Under a server that cannot (runserver, tests) it is an answer that says so, and the page polls.
    """

    def __init__(self, wish: Wish) -> None:
        super().__init__(
            b"event: unheld\ndata: -\n\n",
            content_type="text/event-stream",
            # A proxy shall pass on what is told at once.
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )
        self.wish = wish
