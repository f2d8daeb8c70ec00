"""Choosing how one's queue looks."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from accounts.errors import InvalidInput
from accounts.models import User
from tickets.choices import QueueColumn, QueueDensity

# The queue's word in User.looks.
QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a queue is drawn. `is_own`: chosen by its reader, and not by the width of the screen."""

    columns: frozenset[str] = frozenset(QueueColumn.values)
    density: str = QueueDensity.COMFORTABLE.value
    is_own: bool = False

    @property
    def css(self) -> str:
        """The classes of the table."""
        hidden = [f" queue--no-{name}" for name in QueueColumn.values if name not in self.columns]
        own = " queue--own" if self.is_own else ""
        dense = " queue--compact" if self.density == QueueDensity.COMPACT else ""
        return f"queue{own}{dense}{''.join(hidden)}"


def choose_queue_layout(columns: Collection[str], density: str, *, by: User) -> Layout:
    """Keep how one wants the queue to look. Raises: InvalidInput. Effects: the person's `looks`."""
    unknown = set(columns) - set(QueueColumn.values)
    if unknown or density not in QueueDensity.values:
        raise InvalidInput("Choose from the columns that are there.", field="columns")
    # In the order of the queue, each once.
    chosen = [name for name in QueueColumn.values if name in columns]
    _keep({"columns": chosen, "density": density}, by)
    return layout_of(by)


def forget_queue_layout(*, by: User) -> None:
    """Let the screen decide again. Effects: the person's `looks`."""
    _keep(None, by)


def layout_of(user: User) -> Layout:
    """How a reader's queue looks; what is there no more is left out. No query."""
    kept = user.looks.get(QUEUE)
    if kept is None:
        return Layout()
    columns = frozenset(kept["columns"]) & frozenset(QueueColumn.values)
    is_known = kept["density"] in QueueDensity.values
    density = kept["density"] if is_known else QueueDensity.COMFORTABLE.value
    return Layout(columns, density, is_own=True)


@transaction.atomic
def _keep(layout: dict[str, object] | None, by: User) -> None:
    looks = User.objects.select_for_update(no_key=True).get(pk=by.pk).looks
    looks.pop(QUEUE, None)
    by.looks = looks if layout is None else looks | {QUEUE: layout}
    by.save(update_fields=["looks"])
