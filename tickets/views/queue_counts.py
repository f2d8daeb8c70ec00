"""The sizes of the queue's views: for its tabs and for the navigation, asked once a request."""

from django.http import HttpRequest
from django.utils import timezone

from accounts.compiled import Compiled
from accounts.models import User
from tickets.models import Ticket
from tickets.querysets import TicketQuerySet
from tickets.queue_sizes import KeptSizes, shares_sizes

_MINE = Compiled(
    lambda reader: Ticket.objects.visible_to(reader).open().filter(assignee=reader).order_by()
)
# Where a request carries the sizes once they were asked.
_KEY = "tickets.queue_counts"


def counted_for(user: User) -> list[str]:
    """Name what is counted for a reader, as it is kept."""
    return ["views", *([f"mine:{user.pk}"] if shares_sizes(user) else [])]


def queue_counts(request: HttpRequest, kept: KeptSizes | None = None) -> dict[str, int]:
    """Count the open tickets this person sees, by view; at most two queries a request."""
    counts: dict[str, int] | None = request.META.get(_KEY)
    if counts is None:
        user = request.user
        assert user.is_authenticated
        kept = kept or KeptSizes(user, counted_for(user))

        # Put together only where it is counted anew.
        def visible() -> TicketQuerySet:
            return Ticket.objects.visible_to(user)

        counts = dict(kept.of("views", lambda: visible().counts_by_view(user, timezone.now())))
        if shares_sizes(user):  # One count for all: whose is whose is counted apart.
            counts["mine"] = kept.of(f"mine:{user.pk}", lambda: _MINE.count(user))
        request.META[_KEY] = counts
    return counts
