"""What came or changed since somebody's queue was drawn."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from tickets.models import Ticket, TicketEvent
from tickets.querysets import HOLDS_THE_WATCH
from tickets.views.staff import staff_only


@staff_only
@require_safe
def queue_changes(request: SignedInRequest) -> HttpResponse:
    """Say how many tickets came or changed since the page was drawn; it moves no row."""
    since = parse_datetime(request.GET.get("since", ""))
    if since is None or since.tzinfo is None:
        return HttpResponse(status=204)
    # An answer that was held has the time of its press; what it changed, that of its going out.
    happened = TicketEvent.objects.filter(at__gt=since - HOLDS_THE_WATCH)
    touched = Ticket.objects.visible_to(request.user).filter(
        pk__in=happened.values("ticket"), updated_at__gt=since
    )
    new = touched.filter(filed_at__gt=since).count()
    changed = touched.filter(filed_at__lte=since).count()
    return render(request, "tickets/queue_changes.html", {"new": new, "changed": changed})
