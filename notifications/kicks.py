"""Starting a task right after a commit, where the beat would find its work a moment later."""

import threading
import time
from collections.abc import Callable

from django.conf import settings


class Kick:
    """Starts a task at once, and then at most every KICKED_EVERY_SECONDS by this process.

    Whoever asks meanwhile is served by one more start at the end of that while: it comes after
    their commit, so it finds what they have written. To start a task took as long as to write what
    it is about.
    """

    def __init__(self, start: Callable[[], object]) -> None:
        self._start = start
        self._lock = threading.Lock()
        self._started_at = float("-inf")
        self._is_coming = False

    def __call__(self) -> None:
        every = settings.KICKED_EVERY_SECONDS
        with self._lock:
            if self._is_coming:
                return
            wait = self._started_at + every - time.monotonic()
            if wait > 0:
                self._is_coming = True
            else:
                self._started_at = time.monotonic()
        if wait > 0:
            later = threading.Timer(wait, self._start_later)
            later.daemon = True  # A process that ends loses it; the beat finds the work.
            later.start()
        else:
            self._start()

    def _start_later(self) -> None:
        with self._lock:
            # First: who commits from here on asks for another.
            self._is_coming = False
            self._started_at = time.monotonic()
        self._start()
