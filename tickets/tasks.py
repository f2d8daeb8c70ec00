"""Celery shells started by operations."""

from celery import shared_task

from tickets.measuring import refresh_measures
from tickets.policy_replay import continue_replays


@shared_task(name="tickets.tasks.continue_policy_replays")
def continue_policy_replays() -> None:
    """Do a slice of a replay, and queue up again behind the watch while more waits."""
    if continue_replays():
        continue_policy_replays.delay()


@shared_task(name="tickets.tasks.continue_measuring")
def continue_measuring() -> None:
    """Measure a slice of what came or changed, and queue up again while more waits."""
    if refresh_measures():
        continue_measuring.delay()
