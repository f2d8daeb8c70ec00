"""What each listener may be told now: asked of the database again before anything is told."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User
from supportportal.live.responses import Wish
from tickets.models import Ticket, TicketEvent
from tickets.permissions import sees_as_staff
from tickets.querysets import SEES_ALL_TICKETS

# Stands for everybody who sees all tickets, where others have their key.
_ALL = 0


@dataclass(slots=True)
class Sight:
    """What one listener sees: their session still lives, these events, and colleagues or not."""

    events: frozenset[int] = frozenset()
    sees_colleagues: bool = False
    # Of the tickets that are looked at, those a queue may show it of, by key.
    numbers: Mapping[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Judged:
    """Who may be told what; whoever is missing in `sights` has no session any more."""

    sights: dict[Wish, Sight] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)


def judge(
    wishes: Collection[Wish],
    events: Mapping[int, int] | None = None,
    presences: Collection[int] = (),
    people: Collection[int] = (),
    looked_at: Collection[int] = (),
) -> Judged:
    """Say what each may be told: of `events` (keys, with their tickets), of who is at tickets.

    `presences` are tickets somebody came to or left, for who listens to them; `looked_at` those
    somebody looks at, for queues.

    Two queries for all sessions and people; whoever does not see all tickets costs one or two more,
    and only when they listen to a ticket something happened on; for queues one query more, and one
    for each who does not see all. `names` are those of `people`.
    """
    now = timezone.now()
    sessions = Session.objects.filter(session_key__in={wish.session for wish in wishes})
    living = set(sessions.filter(expire_date__gt=now).values_list("session_key", flat=True))
    users = User.objects.in_bulk({wish.user for wish in wishes} | set(people))
    judged = Judged(names={key: users[key].name for key in people if key in users})
    seen: dict[int, frozenset[int]] = {}
    numbers: dict[int, Mapping[int, int]] = {}
    for wish in wishes:
        user = users.get(wish.user)
        if wish.session not in living or user is None or not _is_theirs(wish, user):
            continue
        sight = judged.sights[wish] = Sight()
        about = {key for key, ticket in (events or {}).items() if wish.ticket in {None, ticket}}
        if about:
            if user.pk not in seen:
                seen[user.pk] = _seen_by(user, events or {})
            sight.events = seen[user.pk] & about
        if wish.ticket is not None and wish.ticket in presences:
            sight.sees_colleagues = _sees_colleagues(user, wish.ticket)
        if wish.ticket is None and looked_at:
            whose = _ALL if user.has_role(*SEES_ALL_TICKETS) else user.pk
            if whose not in numbers:
                numbers[whose] = _numbers(user, looked_at)
            sight.numbers = numbers[whose]
    return judged


def _is_theirs(wish: Wish, user: User) -> bool:
    return user.is_active and constant_time_compare(wish.proof, user.get_session_auth_hash())


def _seen_by(user: User, events: Mapping[int, int]) -> frozenset[int]:
    if user.has_role(*SEES_ALL_TICKETS):
        return frozenset(events)
    visible = TicketEvent.objects.visible_to(user).filter(pk__in=events)
    return frozenset(visible.values_list("pk", flat=True))


def _numbers(user: User, tickets: Collection[int]) -> Mapping[int, int]:
    """The numbers of the tickets this person sees as staff."""
    seen = Ticket.objects.visible_to(user).filter(pk__in=tickets)
    if user.has_role(*SEES_ALL_TICKETS):
        return dict(seen.values_list("pk", "number"))
    seen = seen.select_related("customer")
    return {ticket.pk: ticket.number for ticket in seen if sees_as_staff(user, ticket)}


def _sees_colleagues(user: User, ticket: int) -> bool:
    """Staff see staff: whoever sees this ticket as a customer learns nothing of us."""
    if user.has_role(*SEES_ALL_TICKETS):
        return True
    seen = Ticket.objects.visible_to(user).select_related("customer").filter(pk=ticket).first()
    return seen is not None and sees_as_staff(user, seen)
