"""Single shifts: added, given away, swapped, removed."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, time, timedelta
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import InvalidInput
from accounts.forms import add_domain_error
from accounts.kept_text import kept_initial
from accounts.requests import SignedInRequest
from accounts.staff_pages import staff_only
from sla.forms.roster import GivingForm, ReasonForm, ShiftForm, SwapForm
from sla.models import Shift
from sla.operations.shifts import (
    add_shift,
    give_shift,
    remove_shift,
    require_planner,
    swap_shifts,
)
from sla.permissions import can_plan_roster

OPENS, CLOSES = timedelta(hours=8), timedelta(hours=16)


@require_http_methods(["GET", "POST"])
@staff_only
@never_cache
def show_new_shift(request: SignedInRequest) -> HttpResponse:
    """Put somebody on duty once."""
    require_planner(request.user)
    if request.method == "POST":
        form = ShiftForm(request.POST)
        if form.is_valid():
            try:
                shift = add_shift(by=request.user, **form.shift())
            except InvalidInput as error:
                add_domain_error(form, error)
            else:
                messages.success(request, f"Shift added for {shift.person}.")
                return _to_week_of(shift)
    else:
        form = ShiftForm(initial=_suggested(request) | kept_initial(request))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "sla/shift_new.html", {"form": form}, status=status)


@require_safe
@staff_only
@never_cache
def show_shift(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a shift, and to planners what they can do with it."""
    return _page(request, _planned_shift(pk))


@require_POST
@staff_only
def give(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give a shift to somebody else."""
    require_planner(request.user)
    shift = _planned_shift(pk)
    form = GivingForm(shift, request.POST, prefix="give")
    return _change(
        request,
        shift,
        {"giving": form},
        lambda: give_shift(shift, by=request.user, **form.cleaned_data),
        "Shift given.",
    )


@require_POST
@staff_only
def swap(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let two people take each other's shifts."""
    require_planner(request.user)
    shift = _planned_shift(pk)
    form = SwapForm(shift, timezone.now(), request.POST, prefix="swap")
    return _change(
        request,
        shift,
        {"swapping": form},
        lambda: swap_shifts(shift, by=request.user, **form.cleaned_data),
        "Shifts swapped.",
    )


@require_POST
@staff_only
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a shift off the roster, or end it now."""
    require_planner(request.user)
    shift = _planned_shift(pk)
    form = ReasonForm(request.POST, prefix="removal")
    return _change(
        request,
        shift,
        {"removing": form},
        lambda: remove_shift(shift, by=request.user, **form.cleaned_data),
        "Shift ended." if shift.is_on(timezone.now()) else "Shift removed.",
    )


def _change(
    request: SignedInRequest,
    shift: Shift,
    sent: dict[str, forms.Form],
    change: Callable[[], object],
    done: str,
) -> HttpResponse:
    """Do what a form of the shift's page asks, or show the page with what is wrong beside it."""
    (form,) = sent.values()
    if form.is_valid():
        try:
            change()
        except InvalidInput as error:
            add_domain_error(form, error)
        else:
            messages.success(request, done)
            return _to_week_of(shift)
    return _page(request, shift, **sent)


def _page(request: SignedInRequest, shift: Shift, **failed: forms.Form) -> HttpResponse:
    now = timezone.now()
    context: dict[str, Any] = {
        "shift": shift,
        "now": now,
        "is_on": shift.is_on(now),
        "is_over": shift.ends_at <= now,
        "notes": shift.hand_overs.select_related("author"),
        "can_plan": can_plan_roster(request.user),
        "giving": GivingForm(shift, prefix="give"),
        "swapping": SwapForm(shift, now, prefix="swap"),
        "removing": ReasonForm(prefix="removal"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "sla/shift.html", context | failed, status=status)


def _planned_shift(pk: int) -> Shift:
    return get_object_or_404(Shift.objects.planned().select_related("person", "pattern"), pk=pk)


def _to_week_of(shift: Shift) -> HttpResponse:
    week = timezone.localtime(shift.starts_at).date().isoformat()
    return redirect(f"{reverse('roster')}?{urlencode({'week': week})}")


def _suggested(request: SignedInRequest) -> dict[str, Any]:
    """The gap that the address names, or else a day shift tomorrow, in the planner's zone."""
    tomorrow = datetime.combine(timezone.localdate() + timedelta(days=1), time())
    start, end = tomorrow + OPENS, tomorrow + CLOSES
    # No gap named, an address that makes no sense, or a time without its zone.
    with suppress(ValueError, OverflowError):
        start, end = (
            timezone.localtime(datetime.fromisoformat(request.GET.get(name, "")))
            for name in ("from", "to")
        )
    return {
        "duty": request.GET.get("duty", ""),
        "starts_on": start.date(),
        "starts": start.time(),
        "ends_on": end.date(),
        "ends": end.time(),
        "zone": request.user.timezone,
    }
