"""Nobody decides past somebody: what others did since a page was drawn refuses what it sends."""

from collections.abc import Collection

from accounts.models import User
from tickets.changes import CHANGES_A_DECISION, events_since
from tickets.errors import InvalidTransition
from tickets.models import Sending, Ticket


def require_no_changes(
    ticket: Ticket,
    seen_event: int | None,
    *,
    by: User,
    kinds: Collection[str] = CHANGES_A_DECISION,
    field: str = "",
) -> None:
    """Refuse when others did one of `kinds` after `seen_event`, the newest event `by` had seen.

    None, as programs send it, asks nothing. Call it with the ticket locked, after asking whether
    it is open and before what depends on what changed. Raises: InvalidTransition.
    """
    if seen_event is None:
        return
    if events_since(ticket, seen_event, reader=by).filter(kind__in=kinds).exists():
        raise InvalidTransition(
            "The ticket changed while you were writing. Look above, then send again.", field=field
        )


def require_nothing_on_its_way(ticket: Ticket, *, by: User, field: str = "") -> None:
    """Refuse to answer or end a ticket past what somebody else has sent and is still held.

    Raises: InvalidTransition, naming who. Source: docs/decisions, 0027.
    """
    others = Sending.objects.filter(ticket=ticket).exclude(author=by).select_related("author")
    if (first := others.first()) is not None:
        raise InvalidTransition(
            f"{first.author} sent something that goes out in a few seconds. Read it above, then "
            "send again.",
            field=field,
        )


def require_no_answer_on_its_way(ticket: Ticket, *, by: User, field: str = "") -> None:
    """Refuse what stops a clock, or moves one, past a colleague's qualified answer that is held.

    That one counts from when it was sent, which may have been in time. Call it with the ticket
    locked. Raises: InvalidTransition, naming who. Source: docs/decisions, 0027.
    """
    held = Sending.objects.filter(ticket=ticket, qualified=True).exclude(author=by)
    if (first := held.select_related("author").first()) is not None:
        raise InvalidTransition(
            f"{first.author} sent an answer on {ticket.reference} that goes out in a few seconds. "
            "Read it there, then send again.",
            field=field,
        )
