"""Notices to people and programs: the outbox, what carries it, and who wants it how."""

from notifications.models.delivery import Delivery
from notifications.models.notice import Notice
from notifications.models.preferences import Preferences
from notifications.models.webhook import (
    MOST_OF_AN_OWNER,
    Webhook,
    WebhookCall,
    WebhookTry,
)

__all__ = [
    "MOST_OF_AN_OWNER",
    "Delivery",
    "Notice",
    "Preferences",
    "Webhook",
    "WebhookCall",
    "WebhookTry",
]
