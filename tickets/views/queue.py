"""The queue: what needs an answer, most urgent first, and taking the next ticket."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.requests import SignedInRequest
from sla.acknowledged import standing_acknowledgements
from tickets.choices import QueueColumn, QueueDensity, TicketState
from tickets.forms.queue import QueueFilter
from tickets.forms.selection import SelectionForm
from tickets.models import Ticket, TicketEvent
from tickets.operations.assignment import take_next_ticket
from tickets.operations.queue_layouts import layout_of
from tickets.permissions import WORKS_TICKETS
from tickets.querysets import TicketQuerySet
from tickets.queue_page import Place, QueuePage, queue_page
from tickets.queue_rows import QueueRow, queue_rows
from tickets.queue_sizes import kept_choices, kept_sizes
from tickets.saved_views import SavedView, saved_views
from tickets.search.asking import number_in
from tickets.urgency import Urgency
from tickets.views.queue_counts import queue_counts
from tickets.views.staff import staff_only

PAGE_SIZE = 50
# Where the session carries what became of a choice to the page that follows.
OUTCOME = "queue-outcome"

GROUP_NOTES = {
    Urgency.AT_RISK: "a quarter of the time or less is left",
    Urgency.RESTING: "answered, or no promised time",
}


@dataclass(frozen=True, slots=True)
class View:
    """A tab of the queue: its name, address and size."""

    key: str
    label: str
    url: str
    count: int


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading; `size` counts those on other pages too."""

    label: str
    note: str
    size: int
    rows: list[QueueRow]


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


@staff_only
@require_safe
def queue_changes(request: SignedInRequest) -> HttpResponse:
    """Say how many tickets came or changed since the page was drawn; it moves no row."""
    since = parse_datetime(request.GET.get("since", ""))
    if since is None or since.tzinfo is None:
        return HttpResponse(status=204)
    happened = TicketEvent.objects.filter(at__gt=since)
    touched = Ticket.objects.visible_to(request.user).filter(pk__in=happened.values("ticket"))
    new = touched.filter(filed_at__gt=since).count()
    changed = touched.filter(filed_at__lte=since).count()
    return render(request, "tickets/queue_changes.html", {"new": new, "changed": changed})


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


def view_at(path: str, query: QueryDict) -> str:
    """The view of the queue that stands at an address."""
    own = {reverse("my_tickets"): "mine", reverse("at_risk"): "at_risk"}
    asked = query.get("view", "")
    return own.get(path) or (asked if asked in {"unassigned", "waiting", "overdue"} else "open")


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
    visible = Ticket.objects.visible_to(user)
    if (number := number_in(form.words)) and (
        ticket := visible.filter(number=number).first()
    ) is not None:
        return redirect(ticket)
    shown_view = _saved_at(query, saved) if path == reverse("queue") else None
    in_view = _in_view(visible.open(), view, request, now)
    tickets = form.narrow(in_view)
    page = queue_page(
        tickets,
        size=PAGE_SIZE,
        now=now,
        after=Place.read(query.get("after", ""), now=now),
        before=Place.read(query.get("before", ""), now=now),
        few=bool(form.words),
    )
    counts = queue_counts(request)
    shown = f"{view}{user.pk if view == 'mine' else ''}?{form.canonical}"
    sizes = _sizes_of_whole(page) or kept_sizes(user, shown, lambda: tickets.counts_by_urgency(now))
    groups = _groups(page, sizes, user)
    facets = form.facets(kept_sizes(user, f"facets of {shown}", lambda: form.counts(in_view)))
    return render(
        request,
        "tickets/queue.html",
        {
            "now": now,
            "zone": user.timezone,
            "view": view,
            "views": _views(counts),
            "saved_views": saved,
            "saved": shown_view,
            "form": form,
            "facets": facets,
            "groups": groups,
            "page": page,
            "total": sum(sizes.values()),
            "query": _query_without_place(query),
            "path": path,
            "page_url": f"{path}?{query.urlencode()}" if query else path,
            "named_view": query.get("view", ""),
            "selection": selection or SelectionForm(choices=choices),
            "outcome": outcome,
            "chosen": frozenset(chosen),
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


def _sizes_of_whole(page: QueuePage) -> dict[int, int]:
    """The sizes of groups that stand on this one page whole; empty when there are more pages."""
    if page.before is not None or page.after is not None:
        return {}
    return dict(Counter(int(urgency) for urgency, _ in page.rows))


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


def _in_view(
    tickets: TicketQuerySet, view: str, request: SignedInRequest, now: datetime
) -> TicketQuerySet:
    narrowed = {
        "mine": lambda: tickets.filter(assignee=request.user),
        "unassigned": lambda: tickets.filter(assignee__isnull=True),
        "at_risk": lambda: tickets.at_risk(now),
        "overdue": lambda: tickets.overdue(now),
        "waiting": lambda: tickets.filter(Q(state=TicketState.WAITING_FOR_CUSTOMER)),
    }
    return narrowed[view]() if view in narrowed else tickets


def _views(counts: dict[str, int]) -> list[View]:
    queue_url = reverse("queue")
    return [
        View("open", "All open", f"{queue_url}?view=open", counts["open"]),
        View("mine", "Mine", reverse("my_tickets"), counts["mine"]),
        View("unassigned", "Unassigned", f"{queue_url}?view=unassigned", counts["unassigned"]),
        View("at_risk", "At risk", reverse("at_risk"), counts["at_risk"]),
        View("waiting", "Waiting for customer", f"{queue_url}?view=waiting", counts["waiting"]),
        View("overdue", "Overdue", f"{queue_url}?view=overdue", counts["overdue"]),
    ]


def _groups(page: QueuePage, sizes: dict[int, int], reader: User) -> list[Group]:
    urgencies = {key: urgency for urgency, key in page.rows}
    rows = queue_rows(list(urgencies), reader=reader)
    acknowledged = standing_acknowledgements(row.clock for row in rows if row.clock is not None)
    grouped: dict[Urgency, list[QueueRow]] = {}
    for row in rows:
        if row.clock is not None:  # What somebody has in hand: shown beside the subject.
            row.acknowledged = acknowledged.get(row.clock.pk, [])
        grouped.setdefault(urgencies[row.key], []).append(row)
    # A size may be a moment older than the rows: a group is never smaller than what it shows.
    return [
        Group(
            str(urgency.label),
            GROUP_NOTES.get(urgency, ""),
            max(sizes.get(urgency, 0), len(rows)),
            rows,
        )
        for urgency, rows in grouped.items()
    ]
