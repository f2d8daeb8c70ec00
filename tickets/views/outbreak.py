"""Outbreaks: the list, a new one, and one with all its tickets."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError, NotAllowed
from accounts.requests import SignedInRequest
from tickets.forms.outbreaks import (
    BroadcastForm,
    EndForm,
    JoiningForm,
    OutbreakForm,
    OutbreakOwnerForm,
)
from tickets.models import Outbreak, OutbreakTicket, Ticket
from tickets.operations.outbreaks import (
    Outcome,
    broadcast_answer,
    end_outbreak,
    give_outbreak,
    join_outbreak,
    leave_outbreak,
    open_outbreak,
)
from tickets.permissions import can_lead_outbreaks, sees_outbreaks
from tickets.views.carrying_out import add_refusal
from tickets.views.queue_selection import chosen_numbers
from tickets.views.staff import staff_only

MOST_ENDED = 20
# Folded forms: what they lack is told above all; what the broadcast lacks, in its own panel.
_AT_SIDE = frozenset({"joining", "owner", "end"})


@staff_only
@require_safe
def outbreak_list(request: SignedInRequest) -> HttpResponse:
    """List open outbreaks, and those that ended last."""
    _require_sight(request)
    outbreaks = Outbreak.objects.visible_to(request.user).with_sizes()
    return render(
        request,
        "tickets/outbreak_list.html",
        {
            "outbreaks": list(outbreaks.open()),
            "ended": list(outbreaks.ended().order_by("-ended_at")[:MOST_ENDED]),
            "can_lead": can_lead_outbreaks(request.user),
            "now": timezone.now(),
        },
    )


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def outbreak_new(request: SignedInRequest) -> HttpResponse:
    """Open an outbreak, with tickets typed or chosen in the queue."""
    if not can_lead_outbreaks(request.user):
        raise NotAllowed("Only engineers lead an outbreak.")
    if request.method != "POST":
        initial = {"tickets": request.GET.get("tickets", ""), "submission_key": uuid.uuid4()}
        form = OutbreakForm(by=request.user, initial=initial)
        return render(request, "tickets/outbreak_new.html", {"form": form})
    form = OutbreakForm(request.POST, by=request.user)
    if not form.is_valid():
        return render(request, "tickets/outbreak_new.html", {"form": form}, status=422)
    outbreak, outcome = open_outbreak(
        title=form.cleaned_data["title"],
        summary=form.cleaned_data["summary"],
        tickets=form.cleaned_data["tickets"],
        submission_key=form.cleaned_data["submission_key"],
        by=request.user,
    )
    _say(request, outcome, "joined")
    return redirect(outbreak)


@require_POST
@staff_only
def choose_for_outbreak(request: SignedInRequest) -> HttpResponse:
    """Lead from tickets chosen in the queue to a new outbreak of them."""
    numbers = ",".join(map(str, chosen_numbers(request.POST)))
    return redirect(f"{reverse('outbreak_new')}?tickets={numbers}")


@staff_only
@require_safe
def show_outbreak(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show an outbreak with the progress of each ticket."""
    return _page(request, _outbreak(request, pk))


@require_POST
@staff_only
def create_joining(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let tickets join."""
    outbreak = _outbreak(request, pk)

    def act(typed: dict[str, Any]) -> None:
        outcome = join_outbreak(outbreak, typed["tickets"], by=request.user)
        _say(request, outcome, "joined")

    form = JoiningForm(request.POST, by=request.user, auto_id="joining_%s")
    return _carry_out(request, outbreak, "joining", form, act)


@require_POST
@staff_only
def remove_from_outbreak(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """Take a ticket out."""
    outbreak = _outbreak(request, pk)
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user), number=number)

    def act(typed: dict[str, Any]) -> None:
        leave_outbreak(outbreak, ticket, by=request.user)
        messages.success(request, f"{ticket.reference} is no longer part of it.")

    return _carry_out(request, outbreak, "leaving", forms.Form(request.POST), act)


@require_POST
@staff_only
def create_broadcast(request: SignedInRequest, pk: int) -> HttpResponse:
    """Answer all customers, each in their own thread."""
    outbreak = _outbreak(request, pk)

    def act(typed: dict[str, Any]) -> None:
        _, outcome = broadcast_answer(
            outbreak,
            body=typed["body"],
            qualified=typed["answer_kind"] == BroadcastForm.QUALIFIED,
            submission_key=typed["submission_key"],
            by=request.user,
        )
        _say(request, outcome, "answered")

    form = BroadcastForm(request.POST, auto_id="broadcast_%s")
    return _carry_out(request, outbreak, "broadcast", form, act)


@require_POST
@staff_only
def change_outbreak_owner(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give the outbreak to somebody else."""
    outbreak = _outbreak(request, pk)

    def act(typed: dict[str, Any]) -> None:
        give_outbreak(outbreak, to=typed["to"], by=request.user)
        messages.success(request, f"{typed['to']} leads it now.")

    form = OutbreakOwnerForm(request.POST, auto_id="owner_%s")
    return _carry_out(request, outbreak, "owner", form, act)


@require_POST
@staff_only
def create_outbreak_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Resolve all of its tickets and end it."""
    outbreak = _outbreak(request, pk)

    def act(typed: dict[str, Any]) -> None:
        outcome = end_outbreak(outbreak, resolution=typed["resolution"], by=request.user)
        _say(request, outcome, "resolved")

    form = EndForm(request.POST, auto_id="end_%s")
    return _carry_out(request, outbreak, "end", form, act)


def _require_sight(request: SignedInRequest) -> None:
    if not sees_outbreaks(request.user):
        raise NotAllowed("Outbreaks are for those who see all tickets.")


def _outbreak(request: SignedInRequest, pk: int) -> Outbreak:
    """Fetch an outbreak. Raises: NotAllowed for staff who see some customers only; Http404."""
    _require_sight(request)
    return get_object_or_404(
        Outbreak.objects.visible_to(request.user).select_related("owner", "ended_by"), pk=pk
    )


def _carry_out(
    request: SignedInRequest,
    outbreak: Outbreak,
    name: str,
    form: forms.Form,
    act: Callable[[dict[str, Any]], None],
) -> HttpResponse:
    """Do the act and lead back, or show the page with what was typed."""
    if not form.is_valid():
        return _page(request, outbreak, failed={name: form}, status=422)
    try:
        act(form.cleaned_data)
    except NotAllowed:
        raise
    except DomainError as error:
        add_refusal(form, error)
        fresh = _outbreak(request, outbreak.pk)
        return _page(request, fresh, failed={name: form}, status=error.status)
    return redirect(outbreak)


def _page(
    request: SignedInRequest,
    outbreak: Outbreak,
    *,
    failed: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    parts = list(OutbreakTicket.objects.of(outbreak).for_page())
    can_lead = can_lead_outbreaks(request.user) and outbreak.is_open
    still_open = [part for part in parts if part.ticket.is_open]
    page_forms: dict[str, forms.Form] = {}
    if can_lead:
        page_forms = {
            "joining": JoiningForm(by=request.user, auto_id="joining_%s"),
            "broadcast": BroadcastForm(
                auto_id="broadcast_%s", initial={"submission_key": uuid.uuid4()}
            ),
            "owner": OutbreakOwnerForm(auto_id="owner_%s"),
            "end": EndForm(auto_id="end_%s"),
        }
        page_forms |= {name: form for name, form in (failed or {}).items() if name in page_forms}
    lost = [form for name, form in (failed or {}).items() if name not in page_forms]
    at_side = [
        form for name, form in (failed or {}).items() if name in _AT_SIDE & page_forms.keys()
    ]
    clocks = [part.ticket.response_clock for part in parts]
    told = sum(part.told_at is not None for part in parts)  # type: ignore[attr-defined]  # annotated
    promised = [clock for clock in clocks if clock is not None]
    owed = sum(clock.stopped_at is None for clock in promised)
    context = {
        "outbreak": outbreak,
        "parts": parts,
        "broadcasts": list(outbreak.broadcasts.select_related("author").order_by("-at", "-pk")),
        "forms": page_forms,
        "lost": lost[0] if lost else None,
        "came_back": at_side[0] if at_side else None,
        "can_lead": can_lead,
        "open_count": len(still_open),
        "customer_count": len({part.ticket.customer_id for part in parts}),
        "told_count": told,
        "owed_count": owed,
        "progress": (
            ("Told", told, len(parts)),
            # Only where one is promised.
            *([("First answer given", len(promised) - owed, len(promised))] if promised else []),
            ("Solved", len(parts) - len(still_open), len(parts)),
        ),
        "now": timezone.now(),
    }
    return render(request, "tickets/outbreak.html", context, status=status)


def _say(request: SignedInRequest, outcome: Outcome, verb: str) -> None:
    """Say how many were done and which were refused, with why."""
    done = f"{len(outcome.done)} {verb}"
    if outcome.refused:
        why = " ".join(f"{ticket.reference}: {reason}" for ticket, reason in outcome.refused)
        messages.warning(request, f"{done}, {len(outcome.refused)} refused: {why}")
    elif outcome.done:
        messages.success(request, f"{done}.")
