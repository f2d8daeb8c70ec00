"""Celery shells started by operations."""

from celery import shared_task

from tickets.policy_replay import continue_replays


@shared_task(name="tickets.tasks.continue_policy_replays")
def continue_policy_replays() -> None:
    """Do a slice of a replay, and queue up again behind the watch while more waits."""
    if continue_replays():
        continue_policy_replays.delay()
