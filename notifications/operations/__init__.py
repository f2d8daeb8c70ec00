"""Changes of notices, of how they reach people, and of webhooks."""

from notifications.operations.reading import (
    mark_all_read,
    mark_hidden_read,
    mark_path_read,
    mark_read,
)
from notifications.operations.telling import Matter, Telling, notify, notify_all

__all__ = [
    "Matter",
    "Telling",
    "mark_all_read",
    "mark_hidden_read",
    "mark_path_read",
    "mark_read",
    "notify",
    "notify_all",
]
