"""Naming, sharing and forgetting views of the queue."""

from django.db import transaction
from django.http import QueryDict

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from tickets.models import QueueView
from tickets.permissions import can_change_queue_view, can_share_queue_view
from tickets.saved_views import forget_views

MOST_VIEWS = 20
# What an address carries besides the narrowing: where in the queue, and which view it came from.
PASSING = ("after", "before", "saved", "page")


@transaction.atomic
def save_queue_view(name: str, *, query: str, is_shared: bool, by: User) -> QueueView:
    """Keep the narrowing of an address under a name, for oneself or for the team.

    Raises: InvalidInput, NotAllowed. Effects: one QueueView; an audit row when it is shared.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    own = QueueView.objects.filter(owner=by)
    if is_shared and not can_share_queue_view(by):
        raise NotAllowed("Only engineers and leads share views with the team.")
    if own.count() >= MOST_VIEWS:
        raise InvalidInput(f"You keep {MOST_VIEWS} views already. Delete one first.", field="name")
    forget_views(by)
    view = QueueView(owner=by, query=_narrowing(query), is_shared=is_shared)
    _name(view, name)
    view.save()
    if is_shared:
        record_change("queue view shared", view, by=by, changes={"query": [None, view.query]})
    return view


@transaction.atomic
def change_queue_view(view: QueueView, *, name: str, is_shared: bool, by: User) -> QueueView:
    """Give a view another name, share it, or keep it for oneself again.

    Raises: InvalidInput, NotAllowed. Effects: the QueueView; an audit row when others see it, or
    saw it before.
    """
    view = QueueView.objects.select_for_update(of=("self",), no_key=True).get(pk=view.pk)
    _require_change(view, by)
    if is_shared and not view.is_shared and not can_share_queue_view(by):
        raise NotAllowed("Only engineers and leads share views with the team.")
    forget_views(by)
    before = (view.name, view.is_shared)
    _name(view, name)
    view.is_shared = is_shared
    view.save(update_fields=["name", "is_shared"])
    if before != (view.name, is_shared) and (is_shared or before[1]):
        changes = {"name": [before[0], view.name], "is_shared": [before[1], is_shared]}
        record_change("queue view changed", view, by=by, changes=changes)
    return view


@transaction.atomic
def delete_queue_view(view: QueueView, *, by: User) -> None:
    """Forget a view. Raises: NotAllowed. Effects: the QueueView; an audit row if it was shared."""
    _require_change(view, by)
    forget_views(by)
    if view.is_shared:
        record_change("queue view deleted", view, by=by, changes={"query": [view.query, None]})
    view.delete()


@transaction.atomic
def open_queue_with(view: QueueView | None, *, by: User) -> None:
    """Let one's queue begin with a view, or with all open tickets again.

    Effects: the person's mark on QueueViews.
    """
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    forget_views(by)
    QueueView.opens_for.through._default_manager.filter(user=by).delete()
    if view is not None:
        view.opens_for.add(by)


def _require_change(view: QueueView, by: User) -> None:
    if not can_change_queue_view(by, view):
        raise NotAllowed("Only its owner and leads change this view.")


def _name(view: QueueView, name: str) -> None:
    """Raises: InvalidInput for no name, or one the owner has given already."""
    view.name = " ".join(name.split())
    if not view.name:
        raise InvalidInput("Give the view a name.", field="name")
    others = QueueView.objects.filter(owner=view.owner_id, name=view.name).exclude(pk=view.pk)
    if others.exists():
        raise InvalidInput("There is a view of this name already.", field="name")


def _narrowing(query: str) -> str:
    """Raises: InvalidInput when nothing can be that long."""
    kept = QueryDict(query, mutable=True)
    for name in PASSING:
        kept.pop(name, None)
    narrowing = kept.urlencode()
    if len(narrowing) > 1000:
        raise InvalidInput("Too much is chosen for one view.", field="name")
    return narrowing
