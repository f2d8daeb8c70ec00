"""The saved views beside the queue's tabs, kept for a minute; one's own change shows at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from tickets.models import QueueView

# Others' changes of shared views show after so long. Units: seconds.
VIEWS_LAST = 60


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view somebody can choose. `begins`: their queue begins with it."""

    key: int
    name: str
    query: str
    is_shared: bool
    begins: bool

    @property
    def address(self) -> str:
        """The part of the queue's address behind the "?"."""
        return f"saved={self.key}&{self.query}" if self.query else f"saved={self.key}"


def saved_views(user: User) -> Sequence[SavedView]:
    """Return this reader's views and the team's, in the order of their names."""
    kept: list[SavedView] | None = None
    if settings.QUEUE_COUNTED_EVERY_SECONDS:
        kept = cache.get(_key(user))
    if kept is None:
        kept = _read(user)
        if settings.QUEUE_COUNTED_EVERY_SECONDS:
            cache.set(_key(user), kept, VIEWS_LAST)
    return kept


def forget_views(user: User) -> None:
    """Let this reader's next page read the views anew, once the transaction is committed."""
    transaction.on_commit(lambda: cache.delete(_key(user)))


def _read(user: User) -> list[SavedView]:
    mine = QueueView.opens_for.through._default_manager.filter(queueview=OuterRef("pk"), user=user)
    rows = QueueView.objects.visible_to(user).annotate(begins=Exists(mine))
    columns = ("pk", "name", "query", "is_shared", "begins")
    return [SavedView(*row) for row in rows.values_list(*columns)]


def _key(user: User) -> str:
    return f"queue-views:{user.pk}"
