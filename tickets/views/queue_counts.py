"""The sizes of the queue's views: for its tabs and for the navigation, asked once a request."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils import timezone

from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.queue_sizes import several_kept_sizes, shares_sizes

# Where a request carries the sizes once they were asked.
_KEY = "tickets.queue_counts"


def queue_counts(request: HttpRequest) -> dict[str, int]:
    """Count the open tickets this person sees, by view; at most two queries a request."""
    user = request.user
    assert user.is_authenticated
    counts: dict[str, int] | None = request.META.get(_KEY)
    if counts is None:
        # Put together only where it is counted anew.
        def visible() -> TicketQuerySet:
            return Ticket.objects.visible_to(user)

        wanted: dict[str, Callable[[], dict[str, int]]] = {
            "views": lambda: visible().counts_by_view(user, timezone.now())
        }
        if shares_sizes(user):
            wanted[f"mine:{user.pk}"] = lambda: {
                "mine": visible().open().filter(assignee=user).count()
            }
        counts = {}
        for found in several_kept_sizes(user, wanted):
            counts |= found
        request.META[_KEY] = counts
    return counts
