"""The queue: what needs an answer, most urgent first, and taking the next ticket."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from tickets.choices import QueueColumn, QueueDensity
from tickets.forms.queue import QueueFilter
from tickets.forms.selection import SelectionForm
from tickets.models import Ticket
from tickets.operations.assignment import take_next_ticket
from tickets.operations.queue_layouts import layout_of
from tickets.permissions import WORKS_TICKETS
from tickets.queue_page import Place, queue_page
from tickets.queue_sizes import KeptSizes, kept_choices
from tickets.saved_views import SavedView, saved_views
from tickets.search.asking import number_in
from tickets.views.queue_counts import counted_for, queue_counts
from tickets.views.queue_groups import groups_of, sizes_of_whole
from tickets.views.queue_tabs import LABELS, address_of, tabs, view_at
from tickets.views.staff import staff_only

PAGE_SIZE = 50
# Where the session carries what became of a choice to the page that follows.
OUTCOME = "queue-outcome"


@staff_only
@require_safe
def queue(request: SignedInRequest) -> HttpResponse:
    """Show the open tickets, or one of the views named in the address."""
    return _queue_page(request)


@staff_only
@require_safe
def my_tickets(request: SignedInRequest) -> HttpResponse:
    """Show the open tickets this person has."""
    return _queue_page(request)


@staff_only
@require_safe
def at_risk(request: SignedInRequest) -> HttpResponse:
    """Show the tickets whose promise is about to break, or broken."""
    return _queue_page(request)


@require_POST
@staff_only
def take_next(request: SignedInRequest) -> HttpResponse:
    """Take the most urgent ticket nobody has, and open it."""
    ticket = take_next_ticket(by=request.user)
    if ticket is None:
        messages.info(request, "Nothing waits for an owner. The queue is yours to watch.")
        return redirect("queue")
    messages.success(request, f"You took {ticket.reference}.")
    return redirect(ticket)


def _queue_page(request: SignedInRequest) -> HttpResponse:
    saved = saved_views(request.user)
    if request.path == reverse("queue") and not request.GET:
        begins = next((one for one in saved if one.begins), None)
        if begins is not None:
            return redirect(f"{request.path}?{begins.address}")
    outcome: dict[str, Any] = request.session.pop(OUTCOME, {})
    return show_queue(
        request,
        path=request.path,
        query=request.GET,
        saved=saved,
        outcome=outcome,
        chosen=[one["number"] for one in outcome.get("refused", [])],
    )


def show_queue(
    request: SignedInRequest,
    *,
    path: str,
    query: QueryDict,
    saved: Sequence[SavedView] = (),
    selection: SelectionForm | None = None,
    outcome: dict[str, Any] | None = None,
    chosen: Sequence[int] = (),
    status: int = 200,
) -> HttpResponse:
    """Show the queue that stands at an address, with rows chosen and a form that came back."""
    user, now = request.user, timezone.now()
    view = view_at(path, query)
    choices = kept_choices(user)
    form = QueueFilter(query, choices=choices, by=user)
    if (number := number_in(form.words)) and (
        ticket := Ticket.objects.visible_to(user).filter(number=number).first()
    ) is not None:
        return redirect(ticket)
    shown_view = _saved_at(query, saved) if path == reverse("queue") else None
    narrowed = form.narrowing(view)
    after, before = (Place.read(query.get(name, ""), now=now) for name in ("after", "before"))
    if after or before:
        page = queue_page(
            narrowed.tickets(now),
            size=PAGE_SIZE,
            now=now,
            after=after,
            before=before,
            few=bool(narrowed.terms),
        )
    else:
        page = narrowed.first_page(size=PAGE_SIZE, now=now)
    shown = f"{view}{user.pk if view == 'mine' else ''}?{form.canonical}"
    by_facet = f"facets of {shown}"
    kept = KeptSizes(user, [*counted_for(user), shown, by_facet])
    counts = queue_counts(request, kept)
    sizes = sizes_of_whole(page) or kept.of(
        shown, lambda: narrowed.tickets(now).counts_by_urgency(now)
    )
    groups = groups_of(page, sizes, user)
    found = kept.of(by_facet, lambda: form.counts(view, now), seldom=True)
    facets = form.facets(found, view)
    return render(
        request,
        "tickets/queue.html",
        {
            "now": now,
            "drawn_at": timezone.localtime(now).isoformat(),
            "title": shown_view.name if shown_view else LABELS[view],
            "zone": user.timezone,
            "view": view,
            "views": tabs(counts),
            "saved_views": saved,
            "saved": shown_view,
            "form": form,
            "facets": facets,
            "groups": groups,
            "page": page,
            "total": sum(sizes.values()),
            "query": _query_without_place(query),
            "path": path,
            "whole_view": address_of(view),
            "all_open_tickets": address_of("open"),
            "page_url": f"{path}?{query.urlencode()}" if query else path,
            "named_view": query.get("view", ""),
            "selection": selection,
            # Made only where the form nobody has sent is not drawn yet.
            "blank_selection": partial(SelectionForm, choices=choices),
            "engineers": choices.engineers,
            "outcome": outcome,
            "chosen": frozenset(chosen),
            "is_still_chosen": any(row.number in chosen for group in groups for row in group.rows),
            "whole_page": ",".join(str(row.number) for group in groups for row in group.rows),
            "first": groups[0].rows[0] if groups and page.before is None else None,
            "first_urgency": page.rows[0][0] if page.rows else None,
            "can_work": user.has_role(*WORKS_TICKETS),
            "layout": layout_of(user),
            "all_columns": QueueColumn.choices,
            "all_densities": QueueDensity.choices,
            "has_filters": bool(form.chosen or form.words),
            "all_open": counts["open"],
            "view_size": counts[view],
        },
        status=status,
    )


def _query_without_place(given: QueryDict) -> str:
    query = given.copy()
    for name in ("after", "before", "page"):
        query.pop(name, None)
    return query.urlencode()


def _saved_at(query: QueryDict, views: Sequence[SavedView]) -> SavedView | None:
    """The saved view that an address shows, while nothing else is chosen there."""
    asked = query.get("saved", "")
    view = next((one for one in views if str(one.key) == asked), None)
    given = query.copy()
    for name in ("after", "before", "page", "saved"):
        given.pop(name, None)
    return view if view is not None and QueryDict(view.query) == given else None
