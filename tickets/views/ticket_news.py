"""What happened on a ticket since its page was drawn: told quietly, and moving nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_POST

from accounts.kept_text import by_script
from accounts.models import User
from accounts.requests import SignedInRequest
from tickets.changes import events_since
from tickets.choices import EventKind
from tickets.models import Message, Note, Ticket, TicketEvent
from tickets.permissions import sees_as_staff
from tickets.presence import note_typing
from tickets.views.customer_lines import customer_line
from tickets.views.staff import staff_only, staff_ticket
from tickets.views.staff_lines import staff_line

# So many are told one by one; of more only how many. So much of a text is told. Units: characters.
MOST, EXCERPT = 5, 160


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened, in a line."""

    text: SafeString
    at: datetime
    is_note: bool = False


@login_required
@require_GET
def show_news(request: SignedInRequest, number: int) -> HttpResponse:
    """Tell what others did since the event `since`; it moves nothing and marks nothing as read."""
    seen = Ticket.objects.visible_to(request.user).select_related("customer", "response_clock")
    ticket = get_object_or_404(seen, number=number)
    since = request.GET.get("since", "")
    if not since.isdecimal() or len(since) > 18:
        return HttpResponse(status=204)
    events = list(events_since(ticket, int(since), reader=request.user).select_related("by"))
    context = news_context(ticket, events, reader=request.user)
    return render(request, "tickets/_ticket_news.html", context)


@require_POST
@by_script
@staff_only
def say_typing(request: SignedInRequest, number: int) -> HttpResponse:
    """Let colleagues who look at the ticket know that one types, or has stopped (`stopped`)."""
    ticket = staff_ticket(request, number)
    note_typing(ticket.pk, request.user.pk, stopped="stopped" in request.POST)
    return HttpResponse(status=204)


def news_context(
    ticket: Ticket, events: Sequence[TicketEvent], *, reader: User, is_conflict: bool = False
) -> dict[str, Any]:
    """What _ticket_news.html shows of events the reader may see: at most two queries."""
    as_staff = sees_as_staff(reader, ticket)
    of_texts = [event for event in events if event.kind in _TEXTS]
    keys = {name: [event.details.get(name) for event in of_texts] for name in ("message", "note")}
    bodies: dict[str, dict[int, str]] = {"message": {}, "note": {}}
    if any(keys["message"]):
        said = Message.objects.visible_to(reader).filter(pk__in=filter(None, keys["message"]))
        bodies["message"] = dict(said.values_list("pk", "body"))
    if any(keys["note"]):
        notes = Note.objects.visible_to(reader).filter(pk__in=filter(None, keys["note"]))
        bodies["note"] = dict(notes.values_list("pk", "body"))
    lines = []
    for event in events:
        if event.kind in _TEXTS:
            lines.append(_text_line(event, bodies))
        elif (line := staff_line(event) if as_staff else customer_line(event, reader)) is not None:
            lines.append(News(line.text, line.at))
    return {
        "news_lines": lines[-MOST:],
        "more": max(len(lines) - MOST, 0),
        "is_conflict": is_conflict,
    }


_TEXTS = {
    EventKind.CUSTOMER_WROTE: gettext_noop("<b>%(who)s</b> wrote"),
    EventKind.ANSWERED: gettext_noop("<b>%(who)s</b> answered"),
    EventKind.NOTED: "<b>%(who)s</b> wrote a note",
}


def _text_line(event: TicketEvent, bodies: dict[str, dict[int, str]]) -> News:
    is_note = event.kind == EventKind.NOTED
    kind = "note" if is_note else "message"
    body = bodies[kind].get(event.details.get(kind, 0), "")
    excerpt = Truncator(" ".join(body.split())).chars(EXCERPT)
    who = escape(event.by.name if event.by else _("Somebody"))
    told = SafeString(_(_TEXTS[EventKind(event.kind)]) % {"who": who})
    return News(format_html("{}: {}", told, excerpt) if excerpt else told, event.at, is_note)
