"""Celery shells started by operations."""

from celery import shared_task

from notifications.relay import send_due_deliveries
from notifications.webhook_relay import CUSTOMERS, STAFF_FIRST, call_due_webhooks


@shared_task(name="notifications.tasks.relay_deliveries")
def relay_deliveries() -> int:
    """Send what is due, right after a commit."""
    return send_due_deliveries()


@shared_task(name="notifications.tasks.relay_pages")
def relay_pages() -> int:
    """Call our own programs; nothing of a customer's is waited for."""
    return call_due_webhooks(STAFF_FIRST)


@shared_task(name="notifications.tasks.relay_webhooks")
def relay_webhooks() -> int:
    """Call customers' programs."""
    return call_due_webhooks(CUSTOMERS)
