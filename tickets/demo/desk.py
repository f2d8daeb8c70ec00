"""How the demo's desk looks at its queue: views the team shares, and what each has read."""

from collections.abc import Mapping
from datetime import datetime

from accounts.models import User
from tickets.models import Ticket, TicketLook
from tickets.operations.queue_views import save_queue_view
from tickets.permissions import LEADS, WORKS_TICKETS

SHARED_VIEWS = (
    ("Urgent and ours", "severity=1&severity=2&turn=us"),
    ("Nobody’s yet", "assignee=none&state=new"),
)


def furnish_desk(staff: Mapping[str, User], now: datetime) -> None:
    """Share two views, and let everybody have read two of three open tickets.

    Effects: QueueViews with their audit rows, TicketLooks.
    """
    desk = [user for user in staff.values() if user.has_role(*WORKS_TICKETS)]
    lead = next(user for user in desk if user.has_role(*LEADS))
    for name, query in SHARED_VIEWS:
        save_queue_view(name, query=query, is_shared=True, by=lead)
    TicketLook.objects.bulk_create(
        TicketLook(person=user, ticket=ticket, at=now)
        for place, user in enumerate(desk)
        for ticket in Ticket.objects.open().order_by("pk")
        if (ticket.number + place) % 3
    )
