"""What an engineer has before them: tickets by whose turn it is, and what they were given."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import User
from tickets.choices import EventKind, TicketState
from tickets.models import CustomerEscalation, Ticket, TicketEvent
from tickets.permissions import LEADS
from tickets.queue_choices import Choices
from tickets.urgency import Urgency

# More open tickets than these nobody works on; the queue shows all.
MOST_OWN = 100
# A hand-over is news for so long.
HANDED_OVER_WITHIN = timedelta(days=7)
MOST_HANDED_OVER = 8
# So many customers at once never wait.
MOST_LOOKED_AT = 100

_OTHERS_TURN = frozenset({TicketState.WAITING_FOR_CUSTOMER, TicketState.WAITING_FOR_LAB})


@dataclass(frozen=True, slots=True)
class OwnTickets:
    """A person's open tickets, each in one list, in the queue's order."""

    breaking_today: list[Ticket]
    own_turn: list[Ticket]
    others_turn: list[Ticket]

    @property
    def size(self) -> int:
        return len(self.breaking_today) + len(self.own_turn) + len(self.others_turn)


@dataclass(frozen=True, slots=True)
class Load:
    """How many open tickets somebody has, by urgency."""

    key: str
    name: str
    sizes: dict[Urgency, int]

    @property
    def total(self) -> int:
        return sum(self.sizes.values())


def own_tickets(user: User, now: datetime) -> OwnTickets:
    """Sort a person's open tickets: what breaks its promise today first, then by whose turn it is.

    Today ends at midnight where the person is. One query.
    """
    ends = end_of_day(now)
    mine = Ticket.objects.visible_to(user).open().filter(assignee=user).with_clock()
    lists = OwnTickets([], [], [])
    for ticket in mine.order_by("rank")[:MOST_OWN]:
        due = ticket.answer_due_at
        if due is not None and due < ends:
            lists.breaking_today.append(ticket)
        elif ticket.state in _OTHERS_TURN:
            lists.others_turn.append(ticket)
        else:
            lists.own_turn.append(ticket)
    return lists


def end_of_day(now: datetime) -> datetime:
    """The next midnight of the reader's zone."""
    local = timezone.localtime(now)
    return (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)


def handed_over(user: User, now: datetime) -> list[TicketEvent]:
    """What others gave this person lately and they still have, the newest first. One query.

    Each ticket once, however often it went to and fro.
    """
    given = TicketEvent.objects.visible_to(user).filter(
        kind=EventKind.ASSIGNED,
        at__gte=now - HANDED_OVER_WITHIN,
        details__assignee__1=user.pk,
        ticket__in=Ticket.objects.open().filter(assignee=user),
    )
    last = given.exclude(by=user).order_by("ticket_id", "-at", "-pk").distinct("ticket_id")
    newest = TicketEvent.objects.filter(pk__in=last.values("pk")).order_by("-at", "-pk")
    return list(newest.select_related("ticket", "by")[:MOST_HANDED_OVER])


def escalations_before(
    user: User, now: datetime
) -> tuple[list[CustomerEscalation], list[CustomerEscalation]]:
    """Open escalations this person owns; and for leads those whose customer should have heard.

    The nearest next word first; the second whoever owns them. One query.
    """
    seen = CustomerEscalation.objects.visible_to(user).open()
    wanted = Q(owner=user) | Q(next_word_at__lt=now) if user.has_role(*LEADS) else Q(owner=user)
    found = list(seen.filter(wanted).for_lists()[:MOST_LOOKED_AT])
    own = [one for one in found if one.owner_id == user.pk]
    unheard = [one for one in found if one.is_overdue(now)] if user.has_role(*LEADS) else []
    return own, unheard


def team_load(holders: Choices, now: datetime) -> list[Load]:
    """What each of them has open, the most pressed first; who has nothing stands last. One query.

    `holders` are keys as text and names.
    """
    held = Ticket.objects.open().filter(assignee__isnull=False).order_by()
    counted = held.values("assignee").annotate(
        **{f"of_{urgency.value}": Count("state", filter=urgency.holds(now)) for urgency in Urgency}
    )
    columns = [f"of_{urgency.value}" for urgency in Urgency]
    sizes = {
        str(key): dict(zip(Urgency, counts, strict=True))
        for key, *counts in counted.values_list("assignee", *columns)
    }
    loads = [Load(key, name, sizes.get(key, dict.fromkeys(Urgency, 0))) for key, name in holders]
    return sorted(loads, key=lambda one: ([-size for size in one.sizes.values()], one.name))
