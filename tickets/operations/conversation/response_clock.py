"""The clocks that an answer stops, and the answers that stop a clock."""

from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.compiled import Compiled
from accounts.models import User
from sla.models import Clock
from sla.operations import stop_clock
from tickets.choices import LinkKind
from tickets.errors import InvalidTransition
from tickets.models import Message, Ticket

_MERGED = Compiled(
    lambda target: Ticket.objects.filter(
        links_out__target=target, links_out__kind=LinkKind.MERGED, response_clock__isnull=False
    ).select_related("response_clock")
)


def stop_response_clock(ticket: Ticket, *, by: User, now: datetime) -> None:
    """Stop the first-response clock if it still runs; the ticket is no longer raised.

    The clocks of tickets merged into it stop with it: one answer is given to all of them.
    Call it with the ticket locked. Effects: the clocks' events; `escalation_level`.
    """
    for clock in _answered_clocks(ticket):
        if clock.stopped_at is not None:
            continue
        stopped = stop_clock(clock, at=now, by=by)
        if clock.pk != ticket.response_clock_id:
            continue
        ticket.response_clock = stopped
        if ticket.escalation_level:
            ticket.escalation_level = 0
            ticket.save(update_fields=["escalation_level"])


def answers_to(ticket: Ticket) -> QuerySet[Message]:
    """Qualified answers that stand, the first one first: each stops the ticket's clock.

    Those on a ticket that it was merged into are among them, from the time when it was.
    """
    said = Q(ticket=ticket)
    for merge in ticket.merges.all():
        there = Q(ticket=merge.target_id, at__gte=merge.at)
        said |= there if merge.undone_at is None else there & Q(at__lt=merge.undone_at)
    standing = Message.objects.filter(said, qualified=True, overturned_at__isnull=True)
    return standing.select_related("author").order_by("at", "pk")


def is_owed_on(target: Ticket, owed: Clock) -> bool:
    """Whether a ticket owes an answer no later than a clock: who works on it misses neither."""
    covering = target.response_clock
    return (
        covering is not None
        and covering.stopped_at is None
        and covering.due_at is not None
        and owed.due_at is not None
        and covering.due_at <= owed.due_at
    )


def require_merged_owed_on(ticket: Ticket) -> None:
    """Refuse to let a ticket be due after what is merged into it: that would go by unseen.

    Call it with the ticket locked and its clock as it will be. Raises: InvalidTransition.
    """
    for one in _MERGED.all(ticket.pk):
        owed = one.response_clock
        if owed is not None and owed.stopped_at is None and not is_owed_on(ticket, owed):
            raise InvalidTransition(
                f"{one.reference} is merged into it and would be due before it. Answer first, or "
                "undo that merge."
            )


def _answered_clocks(ticket: Ticket) -> list[Clock]:
    """The clocks that an answer on a ticket stops: its own, and of what is merged into it.

    In the order in which others lock several. The merged tickets are not locked, by the database
    neither: whoever locks two takes them in one order, and this one is locked already.
    """
    merged = [one.response_clock for one in _MERGED.all(ticket.pk)]
    clocks = [one for one in (ticket.response_clock, *merged) if one is not None]
    return sorted(clocks, key=lambda clock: clock.pk)
