"""When beat fires, whatever somebody does to its machine's clock.

Celery counts an interval on the wall clock: a clock put back ten minutes would keep the watch from
looking for ten minutes.
"""

import time
from datetime import UTC, datetime, timedelta

from celery.beat import PersistentScheduler
from celery.schedules import schedule

_BEGAN = datetime.now(UTC) - timedelta(seconds=time.monotonic())


def steady_now() -> datetime:
    """Return the time by the clock as it was at the start, and by what has passed since."""
    return _BEGAN + timedelta(seconds=time.monotonic())


def every(seconds: float) -> schedule:
    """Make an interval of steady time."""
    return schedule(timedelta(seconds=seconds), nowfun=steady_now)


class SteadyScheduler(PersistentScheduler):
    """Remembers what it fired, but not a time that is still to come.

    That is what a beat wrote whose clock was ahead: this one would wait for it.
    """

    def setup_schedule(self) -> None:
        super().setup_schedule()
        now = steady_now()
        for entry in self.schedule.values():
            entry.last_run_at = min(entry.last_run_at or now, now)
