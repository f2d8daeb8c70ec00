"""Notices to people and programs: the outbox, what carries it, and who wants it how."""

from notifications.models.delivery import Delivery
from notifications.models.notice import Notice
from notifications.models.preferences import Preferences

__all__ = ["Delivery", "Notice", "Preferences"]
