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
# What may make another decision of severity, state, owner, merge or split: those, and who has it.
CHANGES_A_DECISION = CHANGES_AN_ANSWER | {
    EventKind.TAKEN,
    EventKind.ASSIGNED,
    EventKind.RELEASED,
    EventKind.UNMERGED,
    EventKind.SPLIT,
}
CHANGES_TAGS = frozenset({EventKind.TAGGED})


def events_since(ticket: Ticket, seen_event: int, *, reader: User) -> "QuerySet[TicketEvent]":
    """The events after `seen_event` that a reader may see and did not cause, oldest first."""
    newer = TicketEvent.objects.visible_to(reader).filter(ticket=ticket, pk__gt=seen_event)
    return newer.exclude(by=reader).order_by("pk")
