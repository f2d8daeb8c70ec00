"""Celery shells started by the beat table."""

from celery import shared_task

from notifications.operations.webhook_calls import forget_old_calls
from notifications.operations.webhooks import tell_of_webhooks_turned_off
from notifications.relay import database_now


@shared_task(name="notifications.periodic.tell_webhooks_turned_off")
def tell_webhooks_turned_off() -> int:
    """Tell people that a program of theirs is called no more."""
    return tell_of_webhooks_turned_off(now=database_now())


@shared_task(name="notifications.periodic.forget_webhook_calls")
def forget_webhook_calls() -> int:
    """Delete what webhooks were told a month ago."""
    return forget_old_calls(now=database_now())
