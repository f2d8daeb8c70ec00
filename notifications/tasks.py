"""Celery shells started by operations."""

from celery import shared_task

from notifications.relay import send_due_deliveries


@shared_task(name="notifications.tasks.relay_deliveries")
def relay_deliveries() -> int:
    """Send what is due, right after a commit."""
    return send_due_deliveries()
