"""Ladders: what they are, who climbs them, and their change by an administrator."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.errors import InvalidInput, NotAllowed
from accounts.kept_text import kept_initial
from accounts.requests import SignedInRequest
from accounts.staff_pages import staff_only
from entitlements.models import ServiceLevel
from sla.errors import LadderConflict
from sla.ladder_drawing import draw_ladder
from sla.models import Ladder, LadderVersion
from sla.operations import publish_ladder
from sla.permissions import can_edit_ladders
from sla.rungs import check_rungs
from tickets.forms.ladder import LadderForm
from tickets.ladder_page import (
    Effect,
    clocks_by_version,
    coming_tickets,
    effect_of,
    overviews,
    rungs_of,
)


@require_safe
@staff_only
@never_cache
def show_ladders(request: SignedInRequest) -> HttpResponse:
    """Show all ladders, each drawn along its target."""
    return render(request, "tickets/ladder_list.html", {"ladders": overviews()})


@require_safe
@staff_only
@never_cache
def show_ladder(request: SignedInRequest, key: str) -> HttpResponse:
    """Show one ladder: its steps, what uses it, who climbs it, and what it was before."""
    ladder = get_object_or_404(Ladder.objects.of_plans(), key=key)
    climbing = clocks_by_version(ladder)
    version = ladder.current
    rungs = rungs_of(version)
    levels = ServiceLevel.objects.filter(ladder=ladder).select_related("edition__plan")
    context = {
        "ladder": ladder,
        "version": version,
        "rungs": rungs,
        "drawing": draw_ladder(rungs),
        "levels": levels.order_by("edition__plan__order", "edition__key", "severity"),
        "open_clocks": sum(climbing.values()),
        "coming": coming_tickets(ladder, request.user),
        "versions": [
            (one, rungs_of(one), climbing.get(one.number, 0))
            for one in ladder.versions.select_related("by").prefetch_related("steps")
        ],
        "can_edit": can_edit_ladders(request.user),
        "now": timezone.now(),
    }
    return render(request, "tickets/ladder.html", context)


@require_http_methods(["GET", "POST"])
@staff_only
@never_cache
def show_ladder_edit(request: SignedInRequest, key: str) -> HttpResponse:
    """Change a ladder: first what it would do to open clocks, then the saving, with a reason."""
    if not can_edit_ladders(request.user):
        raise NotAllowed("Only an administrator changes ladders.")
    ladder = get_object_or_404(Ladder.objects.of_plans(), key=key)
    version = ladder.current
    if request.method != "POST":
        form = LadderForm.of(rungs_of(version), version.number, initial=kept_initial(request))
        return _page(request, ladder, version, form)
    form = LadderForm.sent(request.POST)
    if form.is_valid() and form.cleaned_data["based_on"] != version.number:
        return _stale_page(request, ladder, version, form)
    try:
        effect = _effect(request, ladder, version, form)
    except InvalidInput as error:
        form.add_refusal(error)
        effect = None
    if effect is None:
        return _page(request, ladder, version, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    wants_to_save = request.POST.get("then") == "save"
    has_seen = form.cleaned_data["seen"] == form.digest()
    if not wants_to_save or not has_seen:
        return _page(request, ladder, version, form, effect=effect, unseen=wants_to_save)
    try:
        saved = publish_ladder(
            ladder,
            rungs=form.rungs(),
            based_on=form.cleaned_data["based_on"],
            moves_open_clocks=form.moves_open_clocks,
            reason=form.cleaned_data["reason"],
            by=request.user,
        )
    except LadderConflict:
        return _stale_page(request, ladder, ladder.current, form)
    except InvalidInput as error:
        form.add_refusal(error)
        return _page(
            request, ladder, version, form, effect=effect, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    messages.success(request, f"Saved: {ladder} is version {saved.number} now.")
    return redirect("ladder", key=ladder.key)


def _effect(
    request: SignedInRequest, ladder: Ladder, version: LadderVersion, form: LadderForm
) -> Effect | None:
    """What saving would change; None for what cannot be read. Raises: InvalidInput."""
    if not form.is_valid():
        return None
    return effect_of(
        ladder,
        rungs_of(version),
        check_rungs(form.rungs()),
        moves_open_clocks=form.moves_open_clocks,
        reader=request.user,
        now=timezone.now(),
    )


def _stale_page(
    request: SignedInRequest, ladder: Ladder, version: LadderVersion, form: LadderForm
) -> HttpResponse:
    """Show what was typed beside what somebody else has saved meanwhile."""
    form.add_error(
        None,
        f"{version.by or 'Somebody'} changed this ladder meanwhile: version {version.number} holds "
        "now. What you typed is kept below. Compare it with the present steps, and look again at "
        "what it changes.",
    )
    return _page(request, ladder, version, form, status=HTTPStatus.CONFLICT)


def _page(
    request: SignedInRequest,
    ladder: Ladder,
    version: LadderVersion,
    form: LadderForm,
    *,
    status: int = HTTPStatus.OK,
    **context: Any,
) -> HttpResponse:
    """Show the form; from now on it is based on the version that stands beside it."""
    digest = form.digest() if context.get("effect") else ""
    context |= {
        "ladder": ladder,
        "version": version,
        "rungs": rungs_of(version),
        "form": form,
        "digest": digest,
        "now": timezone.now(),
    }
    return render(request, "tickets/ladder_edit.html", context, status=status)
