"""Celery shells started by operations."""

from celery import shared_task

from sla.clock_audit import continue_audits


@shared_task(name="sla.tasks.continue_clock_audits")
def continue_clock_audits() -> None:
    """Do a slice of the audit of clocks, and queue up again behind the watch while more waits."""
    if continue_audits():
        continue_clock_audits.delay()
