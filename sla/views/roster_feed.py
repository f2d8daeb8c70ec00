"""The calendar feed: made and ended by its person, read by their calendar program."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from accounts.staff_pages import staff_only
from sla.models import RosterFeed, Shift
from sla.operations.roster_feeds import make_roster_feed, revoke_roster_feed
from sla.roster_calendar import roster_calendar
from sla.views.roster import roster_response

# What calendar programs keep of the past; they drop what a feed no longer has.
LOOKS_BACK = timedelta(days=60)


@require_POST
@staff_only
def make_feed(request: SignedInRequest) -> HttpResponse:
    """Make a feed and show its address, this once; one made before ends."""
    _, secret = make_roster_feed(by=request.user)
    address = request.build_absolute_uri(reverse("roster_feed", args=[secret]))
    return roster_response(request, secret=address)


@require_POST
@staff_only
def revoke_feed(request: SignedInRequest) -> HttpResponse:
    """End the person's own feed, at once."""
    feed = get_object_or_404(RosterFeed.objects.live(), person=request.user)
    revoke_roster_feed(feed, by=request.user)
    messages.success(request, "The calendar feed is dead from now on.")
    return redirect("roster")


@require_safe
def show_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give a calendar program the shifts of the person whose secret it holds; no session needed.

    Raises: Http404 for a wrong or revoked secret, and for people who left.
    """
    digest = RosterFeed.digest_of(token)
    feed = RosterFeed.objects.live().filter(digest=digest).select_related("person").first()
    if feed is None:
        raise Http404
    now = timezone.now()
    shifts = Shift.objects.manned().filter(person=feed.person, ends_at__gt=now - LOOKS_BACK)
    text = roster_calendar(
        feed.person, shifts, vendor=settings.VENDOR_NAME, host=request.get_host().split(":")[0]
    )
    return HttpResponse(
        text,
        content_type="text/calendar; charset=utf-8",
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": 'inline; filename="roster.ics"',
            # The address is a secret; a link followed from the feed must not carry it along.
            "Referrer-Policy": "no-referrer",
        },
    )
