"""What came or changed since somebody's queue was drawn."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from accounts.models import User
from accounts.requests import SignedInRequest
from tickets.choices import EventKind
from tickets.forms.queue import QueueFilter
from tickets.models import Ticket, TicketEvent, TicketLook
from tickets.querysets import HOLDS_THE_WATCH
from tickets.queue_narrowing import VIEWS
from tickets.queue_sizes import kept_choices
from tickets.views.staff import staff_only

# A page that stood open for hours: whether these many changed or more is all the same.
MOST_TOUCHED = 500
# No queue was drawn before; and from the first of all years nothing can be taken away.
FIRST_YEAR = 2000


@staff_only
@require_safe
def queue_changes(request: SignedInRequest) -> HttpResponse:
    """Say how many tickets came into a list or changed since it was drawn; it moves no row.

    `in` and the filters are those of the list, `shown` the numbers of its page: one of these that
    has left it changed too. What the reader did is no news to them.
    """
    since = _instant(request.GET.get("since", ""))
    if since is None:
        return HttpResponse(status=204)
    touched = _touched(request.user, since)
    listed = _listed(request, touched) if touched else set()
    shown = set(request.GET.get("shown", "")[:2000].split(","))
    gone = {key for key, (number, _) in touched.items() if str(number) in shown} - listed
    left = Ticket.objects.visible_to(request.user).filter(pk__in=gone).count() if gone else 0
    new = sum(touched[key][1] > since for key in listed)
    changed = len(listed) - new + left
    return render(request, "tickets/queue_changes.html", {"new": new, "changed": changed})


def _instant(text: str) -> datetime | None:
    """An instant of an address; None for what no page of ours has written."""
    try:
        at = parse_datetime(text)
    except ValueError:  # of the form of one, and none
        return None
    return at if at is not None and at.tzinfo is not None and at.year > FIRST_YEAR else None


def _touched(reader: User, since: datetime) -> dict[int, tuple[int, datetime]]:
    """The tickets others did something to, by key: their numbers, and when they were filed.

    Read from the few events since, whatever the queue's length.
    """
    # An answer that was held has the time of its press; what it changed, that of its going out.
    looks = TicketLook.objects.filter(person=reader, ticket=OuterRef("ticket"))
    is_known = Exists(looks.filter(at__gte=OuterRef("ticket__updated_at")))
    went_out = Q(kind__in=(EventKind.ANSWERED, EventKind.NOTED)) & ~is_known
    happened = TicketEvent.objects.filter(
        Q(at__gt=since) | went_out, at__gt=since - HOLDS_THE_WATCH, ticket__updated_at__gt=since
    )
    others = happened.exclude(by=reader).order_by()
    rows = others.values_list("ticket_id", "ticket__number", "ticket__filed_at").distinct()
    return {key: (number, filed_at) for key, number, filed_at in rows[:MOST_TOUCHED]}


def _listed(request: SignedInRequest, touched: dict[int, tuple[int, datetime]]) -> set[int]:
    """Which of them stand in the list now: only these are looked up, by their keys."""
    asked, user = request.GET.get("in", ""), request.user
    form = QueueFilter(request.GET, choices=kept_choices(user), by=user)
    narrowed = form.narrowing(asked if asked in VIEWS else "open")
    found = narrowed.tickets(timezone.now()).filter(pk__in=list(touched))
    return set(found.order_by().values_list("pk", flat=True))
