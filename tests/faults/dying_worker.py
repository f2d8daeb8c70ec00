"""A Celery worker that is killed, as by `kill -9`, when it comes to a marked point.

Usage: python -m tests.faults.dying_worker POINT ARGUMENTS OF CELERY
The portal knows nothing of the points: each replaces one function by one that kills.
"""

import os
import signal
import sys
from collections.abc import Callable
from pkgutil import resolve_name
from typing import Any
from unittest.mock import patch

import celery.__main__
import django

BEFORE, AFTER = "before", "after"
# Which function, and whether death comes before it runs or when it has run.
POINTS = {
    "before the claim": ("tickets.operations.escalation.claim_steps", BEFORE),
    "after the claim, before the commit": ("tickets.operations.escalation.take_steps", AFTER),
    "after the commit, before the relay": ("notifications.operations.telling._kick_relay", BEFORE),
    "while sending a mail": ("notifications.relay.make_mail", BEFORE),
    "between sending and marking": (
        "django.core.mail.backends.smtp.EmailBackend.send_messages",
        AFTER,
    ),
}


def main(point: str, arguments: list[str]) -> None:
    """Run the worker until it is killed."""
    django.setup()
    name, when = POINTS[point]
    with patch(name, _deadly(name, when)):
        sys.argv = ["celery", *arguments]
        celery.__main__.main()


def _deadly(name: str, when: str) -> Callable[..., Any]:
    real: Callable[..., Any] = resolve_name(name)

    def run(*args: Any, **kwargs: Any) -> None:
        if when == AFTER:
            real(*args, **kwargs)
        os.kill(os.getpid(), signal.SIGKILL)

    return run


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
