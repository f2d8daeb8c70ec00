"""Where a page asks to be told: who asks, and whether they may see it, is decided here."""

from django.contrib.auth import HASH_SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from supportportal.live.responses import LiveResponse, Wish
from tickets.models import Ticket


@require_GET
def listen(request: HttpRequest) -> HttpResponse:
    """Let a page hear of one ticket (`ticket`), or of all its reader sees, for the queue.

    401 when signed out, for the script to poll and find out; 404 for what the reader does not see.
    """
    user = request.user
    if not user.is_authenticated or request.session.session_key is None:
        return HttpResponse(status=401)
    asked = request.GET.get("ticket", "")
    ticket = None
    if asked:
        number = int(asked) if asked.isdecimal() and len(asked) < 18 else 0
        ticket = get_object_or_404(Ticket.objects.visible_to(user).only("pk"), number=number).pk
    elif not user.is_staff_member:
        return HttpResponse(status=404)
    version = request.GET.get("version", "")
    return LiveResponse(
        Wish(
            session=request.session.session_key,
            user=user.pk,
            proof=request.session.get(HASH_SESSION_KEY, ""),
            ticket=ticket,
            version=int(version) if version.isdecimal() and len(version) < 18 else 0,
        )
    )
