"""Celery shells started by the beat table."""

from celery import shared_task

from tickets.operations.escalation import escalate_due_tickets
from tickets.operations.lifecycle import close_resolved_tickets as close_tickets


@shared_task(name="tickets.periodic.watch_clocks")
def watch_clocks() -> int:
    """Act on ladder steps that are due."""
    return escalate_due_tickets()


@shared_task(name="tickets.periodic.close_resolved_tickets")
def close_resolved_tickets() -> int:
    """Close what was resolved 14 days ago."""
    return close_tickets()
