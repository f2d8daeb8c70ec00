"""The roster: the week, who is on duty, what is missing, and what was handed over."""

from datetime import date
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import InvalidInput
from accounts.forms import add_domain_error
from accounts.kept_text import kept_initial
from accounts.requests import SignedInRequest
from accounts.staff_pages import staff_only
from sla import roster_page
from sla.forms.roster import HandOverForm
from sla.models import RosterFeed, Shift
from sla.operations.hand_overs import write_hand_over
from sla.permissions import can_plan_roster


@require_safe
@staff_only
@never_cache
def show_roster(request: SignedInRequest) -> HttpResponse:
    """Show the week of `?week=2026-03-09`, or this one, in the reader's zone."""
    return roster_response(request)


@require_POST
@staff_only
def hand_over(request: SignedInRequest, pk: int) -> HttpResponse:
    """Leave a note for the next on duty."""
    shift = get_object_or_404(Shift.objects.planned(), pk=pk)
    form = HandOverForm(request.POST)
    if form.is_valid():
        try:
            write_hand_over(shift, by=request.user, **form.cleaned_data)
        except InvalidInput as error:
            add_domain_error(form, error)
        else:
            messages.success(request, "Handed over. The next on duty has your note.")
            return redirect("roster")
    return roster_response(request, form=form)


def roster_response(
    request: SignedInRequest, *, form: HandOverForm | None = None, secret: str = ""
) -> HttpResponse:
    """The roster's page; `secret` is the address of a feed just made, shown this once."""
    user, now = request.user, timezone.now()
    zone = timezone.get_current_timezone()
    today = now.astimezone(zone).date()
    mine = roster_page.own_shifts(user, now)
    context: dict[str, Any] = {
        "now": now,
        "today": today,
        "week": roster_page.week_of(_asked_week(request) or today, zone, now),
        "watches": roster_page.watches(now),
        "gaps": roster_page.coming_gaps(now),
        "looks_ahead": roster_page.LOOKS_AHEAD.days,
        "notes": roster_page.last_notes(),
        "own_shifts": mine,
        "to_hand_over": roster_page.shift_to_hand_over(user, now),
        "form": form or HandOverForm(initial=kept_initial(request)),
        "patterns": roster_page.patterns(today),
        "feed": RosterFeed.objects.live().filter(person=user).first(),
        "feed_url": secret,
        "can_plan": can_plan_roster(user),
    }
    failed = form is not None and bool(form.errors)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "sla/roster.html", context, status=status)


def _asked_week(request: SignedInRequest) -> date | None:
    """The week somebody leafed to; an address that makes no sense shows this one."""
    try:
        asked = date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        return None
    return asked if _FIRST_YEAR <= asked.year <= _LAST_YEAR else None


# Years that every zone's arithmetic on weeks stays inside.
_FIRST_YEAR, _LAST_YEAR = 2000, 2200
