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


@dataclass(slots=True)
class Sight:
    """What one listener sees: their session still lives, these events, and colleagues or not."""

    events: frozenset[int] = frozenset()
    sees_colleagues: bool = False


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
) -> Judged:
    """Say what each may be told: of `events` (keys, with their tickets), of who is at tickets.

    Two queries for all sessions and people; whoever does not see all tickets costs one or two more,
    and only when they listen to a ticket something happened on. `names` are those of `people`.
    """
    now = timezone.now()
    sessions = Session.objects.filter(session_key__in={wish.session for wish in wishes})
    living = set(sessions.filter(expire_date__gt=now).values_list("session_key", flat=True))
    users = User.objects.in_bulk({wish.user for wish in wishes} | set(people))
    judged = Judged(names={key: users[key].name for key in people if key in users})
    seen: dict[int, frozenset[int]] = {}
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
    return judged


def _is_theirs(wish: Wish, user: User) -> bool:
    return user.is_active and constant_time_compare(wish.proof, user.get_session_auth_hash())


def _seen_by(user: User, events: Mapping[int, int]) -> frozenset[int]:
    if user.has_role(*SEES_ALL_TICKETS):
        return frozenset(events)
    visible = TicketEvent.objects.visible_to(user).filter(pk__in=events)
    return frozenset(visible.values_list("pk", flat=True))


def _sees_colleagues(user: User, ticket: int) -> bool:
    """Staff see staff: whoever sees this ticket as a customer learns nothing of us."""
    if user.has_role(*SEES_ALL_TICKETS):
        return True
    seen = Ticket.objects.visible_to(user).select_related("customer").filter(pk=ticket).first()
    return seen is not None and sees_as_staff(user, seen)
