"""The engineer's page of a ticket, and how it answers a form that was posted from it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.compiled import Compiled
from accounts.models import User, known_people
from notifications.operations import mark_path_read
from tickets.call_file import calls_to_come
from tickets.forms.arranged_call import CallTimeForm
from tickets.links import merged_in
from tickets.models import ArrangedCall, CustomerEscalation, Ticket, TicketEvent
from tickets.objectives import objective_lines
from tickets.operations.looks import look_at_ticket
from tickets.surroundings import surroundings_of
from tickets.views.ticket_clock import clock_and_ladder
from tickets.views.ticket_company import customer_side
from tickets.views.ticket_conversation import conversation, meanwhile
from tickets.views.ticket_facts import ticket_facts
from tickets.views.ticket_forms import ticket_forms
from tickets.views.ticket_links import link_forms, links_of
from tickets.views.ticket_relations import relations

_EVENTS = Compiled(
    lambda reader, ticket: TicketEvent.objects.visible_to(reader).filter(ticket=ticket)
)


def staff_ticket_page(
    request: HttpRequest,
    ticket: Ticket,
    *,
    failed: Mapping[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show a ticket to staff; `failed` holds forms that came back, by their names on the page."""
    user = request.user
    assert isinstance(user, User)
    now = timezone.now()
    context: dict[str, Any] = {}
    around = surroundings_of(ticket, user)
    if request.method == "GET":
        if around.looked_at is None or around.looked_at < ticket.updated_at:
            look_at_ticket(ticket, by=user, now=now)
        mark_path_read(ticket.get_absolute_url(), by=user, now=now)
    events = _EVENTS.all(user, ticket.pk)
    writers = known_people.get_all(one.by_id for one in events if one.by_id is not None)
    for event in events:
        event.by = writers.get(event.by_id) if event.by_id is not None else None
    links = links_of(ticket, user) if around.has_links else []
    context |= conversation(
        ticket, user, failed or {}, events, merged_in(links), has_files=around.has_files
    )
    context |= clock_and_ladder(ticket, user, now, events, has_records=around.has_step_records)
    context |= customer_side(ticket, user, now, around)
    context |= relations(ticket, user, around, failed or {})
    context |= link_forms(request, ticket, links, user=user, thread=context, failed=failed or {})
    context |= ticket_forms(
        request,
        ticket,
        user,
        now,
        failed=failed or {},
        newest_message=context["newest_message"],
        has_drafts=around.has_drafts,
    )
    context |= meanwhile(ticket, user, now, events, failed or {}, has_sendings=around.has_sendings)
    context |= {
        "ticket": ticket,
        "facts": ticket_facts(ticket),
        "around": around,
        "objectives": objective_lines(ticket, user, now) if around.has_objectives else [],
        "now": now,
        "zone": user.timezone,
        "arranged_calls": _arranged_calls(ticket, events, now, failed or {}),
        "escalations": (
            CustomerEscalation.objects.visible_to(user).open_on(ticket)
            if around.is_escalated
            else []
        ),
    }
    return render(request, "tickets/ticket_staff.html", context, status=status)


def _arranged_calls(
    ticket: Ticket,
    events: Sequence[TicketEvent],
    now: datetime,
    failed: Mapping[str, forms.Form],
) -> list[ArrangedCall]:
    """The calls to come, each with the form that moves it."""
    calls = calls_to_come(ticket, events, now)
    for call in calls:
        fresh = CallTimeForm(
            auto_id=f"move_{call.pk}_%s",
            initial={"starts_at": call.starts_at, "minutes": call.minutes},
        )
        call.move_form = failed.get(f"move-{call.pk}", fresh)  # type: ignore[attr-defined]  # for the template
    return calls
