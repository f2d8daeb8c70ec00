"""Our own objectives on a ticket, as its page for staff tells them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from sla.explanation import Explanation, explain_clock
from tickets.models import Ticket, TicketObjective

# A next response is owed again and again: so many of those that ended are shown.
ENDED_SHOWN = 3


def tickets_of_clocks(clocks: Collection[int], reader: User) -> dict[int, Ticket]:
    """The visible ticket of each clock, by the clock's key: the promised one's or an objective's.

    Two queries.
    """
    promised = Ticket.objects.visible_to(reader).filter(response_clock__in=clocks)
    found = {one.response_clock_id: one for one in promised if one.response_clock_id is not None}
    ours = TicketObjective.objects.visible_to(reader).filter(clock__in=clocks)
    return found | {one.clock_id: one.ticket for one in ours.select_related("ticket")}


@dataclass(frozen=True, slots=True)
class ObjectiveLine:
    """An objective and why its deadline is when it is."""

    objective: TicketObjective
    explanation: Explanation


def objective_lines(ticket: Ticket, reader: User, now: datetime) -> list[ObjectiveLine]:
    """What runs, then the latest that ended; one query, and one for each clock that rested."""
    rows = TicketObjective.objects.visible_to(reader).filter(ticket=ticket)
    found = list(rows.select_related("clock__calendar_version").order_by("-pk")[:20])
    running = [one for one in found if one.ended_at is None]
    ended = [one for one in found if one.ended_at is not None][:ENDED_SHOWN]
    return [
        ObjectiveLine(one, explain_clock(one.clock, now=now, zone=reader.timezone))
        for one in [*reversed(running), *ended]
    ]
