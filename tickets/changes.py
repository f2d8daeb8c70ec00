"""What others did on a ticket since somebody opened it."""

from django.db.models import QuerySet

from accounts.models import User
from tickets.choices import EventKind
from tickets.models import Ticket, TicketEvent

# What may make another answer of what somebody is writing: words, whose turn it is, how urgent.
CHANGES_AN_ANSWER = frozenset(
    {
        EventKind.CUSTOMER_WROTE,
        EventKind.ANSWERED,
        EventKind.NOTED,
        EventKind.CALLED,
        EventKind.SEVERITY_CHANGED,
        EventKind.SEVERITY_CONTESTED,
        EventKind.STATE_CHANGED,
        EventKind.RESOLVED,
        EventKind.CLOSED,
        EventKind.REOPENED,
        EventKind.MERGED,
        EventKind.MERGED_IN,
        EventKind.HELP_REQUESTED,
    }
)


def events_since(ticket: Ticket, seen_event: int, *, reader: User) -> "QuerySet[TicketEvent]":
    """The events after `seen_event` that a reader may see and did not cause, oldest first."""
    newer = TicketEvent.objects.visible_to(reader).filter(ticket=ticket, pk__gt=seen_event)
    return newer.exclude(by=reader).order_by("pk")


def changes_since(ticket: Ticket, seen_event: int, *, reader: User) -> "QuerySet[TicketEvent]":
    """Those of the events since that may change an answer."""
    return events_since(ticket, seen_event, reader=reader).filter(kind__in=CHANGES_AN_ANSWER)
