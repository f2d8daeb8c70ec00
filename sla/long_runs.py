"""Long work in slices: who may do the next one, and how a stretch is committed.

A worker has few threads and the watch needs one each second, so long work never keeps one for
more than a slice. Whatever dies, the next look of the beat table goes on from the last stretch.
"""

import logging
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import Error as DatabaseFailure
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from sla.models.long_run import LongRun

logger = logging.getLogger(__name__)

# Longer than any stretch takes; after it a killed worker's run is anybody's.
LEASE = timedelta(seconds=60)
SLICE_SECONDS = 0.5
# A stretch that fails so often in a row will not come right by itself.
MOST_FAILURES = 5


class LeaseLost(Exception):
    """Somebody else does the work now, or it was cancelled."""


def work_slice[R: LongRun](
    run: R, stretch: Callable[[R], None], *, seconds: float = SLICE_SECONDS
) -> bool:
    """Do stretches of a run for so long, and say whether it should be gone on with at once.

    `stretch` does the next one and commits it with `commit_stretch` or `end_run`. A stretch that
    raises is tried again by the next slice, and the run is given up after several failures.
    Returns False when it has ended, or when somebody else is at it.
    """
    if not _take(run):
        return False
    until = time.monotonic() + seconds
    try:
        while run.is_running and time.monotonic() < until:
            stretch(run)
    except LeaseLost:
        return False
    except Exception as error:
        _note_failure(run, error)
        if isinstance(error, DatabaseFailure):
            raise
        logger.exception("%s has failed.", run)
        return False
    _give_back(run)
    return run.is_running


def commit_stretch(run: LongRun, *, position: int, done: int, **counts: int) -> None:
    """Move a run on, inside the transaction that writes what the stretch found.

    `counts` are added to further columns. Raises: LeaseLost, and then nothing of it may stay.
    """
    added = {name: F(name) + count for name, count in counts.items()}
    _update_held(
        run,
        position=position,
        done=F("done") + done,
        leased_until=Now() + LEASE,
        failures=0,
        **added,
    )
    run.position = position
    run.done += done
    for name, count in counts.items():
        setattr(run, name, getattr(run, name) + count)


def end_run(run: LongRun) -> None:
    """Say that all is done. Raises: LeaseLost."""
    _update_held(run, ended_at=Now(), lease=None, leased_until=None)
    run.refresh_from_db(fields=["ended_at"])


def _take(run: LongRun) -> bool:
    """Take the lease when nobody has it. Effects: the run, as it is now, is in hand."""
    lease = uuid.uuid4()
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=Now())
    taken = _rows(run).filter(free, ended_at__isnull=True)
    if not taken.update(lease=lease, leased_until=Now() + LEASE):
        return False
    run.refresh_from_db()
    return run.lease == lease


def _give_back(run: LongRun) -> None:
    _rows(run).filter(lease=run.lease).update(lease=None, leased_until=None)


def _note_failure(run: LongRun, error: Exception) -> None:
    with transaction.atomic():
        _rows(run).filter(lease=run.lease).update(
            failures=F("failures") + 1, lease=None, leased_until=None
        )
        _rows(run).filter(failures__gte=MOST_FAILURES, ended_at__isnull=True).update(
            ended_at=Now(), trouble=f"{type(error).__name__}: {error}"[:500]
        )


def _update_held(run: LongRun, **values: Any) -> None:
    held = _rows(run).filter(lease=run.lease, position=run.position, ended_at__isnull=True)
    if not held.update(**values):
        raise LeaseLost


def _rows(run: LongRun) -> Any:
    return type(run)._default_manager.filter(pk=run.pk)
