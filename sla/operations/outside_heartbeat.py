"""Telling somebody outside that the watch looks, so that its silence is their alarm.

The outside shares nothing with the portal: a broken broker, database or mail server here silences
the watch, and must not silence the alarm with it.
"""

import logging
import time
from datetime import timedelta
from http.client import HTTPException
from threading import Thread
from urllib.request import urlopen

from django.conf import settings
from django.db.models.functions import Now

from sla.models import Heartbeat

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 5.0


class _Pause:
    """Until when this process need not ask the database whose turn it is. Monotonic seconds."""

    until = 0.0


def ping_outside() -> bool:
    """Tell the outside that the watch has looked, at most every HEARTBEAT_SECONDS.

    Any number of workers may call this as often as they look: the database lets one through.
    Nobody waits for the answer, and what goes wrong is only logged.

    Returns whether it is told now. Effects: the Heartbeat of the outside; a GET in a thread.
    """
    url = settings.HEARTBEAT_URL
    if not url or time.monotonic() < _Pause.until or not _is_our_turn():
        return False
    Thread(target=_ping, args=(url,), name="outside-heartbeat", daemon=True).start()
    return True


def _is_our_turn() -> bool:
    interval = timedelta(seconds=settings.HEARTBEAT_SECONDS)
    beats = Heartbeat.objects.filter(name=Heartbeat.OUTSIDE)
    ours = beats.filter(at__lte=Now() - interval).update(at=Now()) > 0
    if not ours:
        _, ours = Heartbeat.objects.get_or_create(name=Heartbeat.OUTSIDE, defaults={"at": Now()})
    # Another worker may have been told a moment ago: soon enough to take over when it dies.
    _Pause.until = time.monotonic() + (settings.HEARTBEAT_SECONDS if ours else 1.0)
    return ours


def _ping(url: str) -> None:
    try:
        with urlopen(url, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 - the settings let only https and http through
            answer.read(1024)
    except (OSError, HTTPException, ValueError) as error:
        # Its address holds a secret: not into the log.
        logger.warning("The outside heartbeat was not heard: %s", type(error).__name__)
