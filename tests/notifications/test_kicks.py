"""A task is started at once, then seldom, and always once more for whoever came meanwhile."""

import threading
import time
from typing import Any

from notifications.kicks import Kick


def test_each_asks_for_a_start_of_its_own_where_nothing_is_to_be_saved(settings: Any) -> None:
    settings.KICKED_EVERY_SECONDS = 0
    started: list[str] = []
    kick = Kick(lambda: started.append("now"))

    for _ in range(3):
        kick()
    assert started == ["now"] * 3


def test_many_at_once_are_two_starts_and_the_second_comes_after_all_of_them(settings: Any) -> None:
    settings.KICKED_EVERY_SECONDS = 0.2
    started: list[float] = []
    done = threading.Event()

    def start() -> None:
        started.append(time.monotonic())
        if len(started) == 2:
            done.set()

    kick = Kick(start)
    for _ in range(20):
        kick()
    last = time.monotonic()
    assert len(started) == 1
    assert done.wait(10)
    assert started[1] - started[0] >= 0.2
    assert started[1] >= last
    # It is over: who comes now asks for another.
    done.clear()
    kick()
    deadline = time.monotonic() + 10
    while len(started) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert len(started) == 3
