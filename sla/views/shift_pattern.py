"""Weekly patterns: planned and ended."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.errors import InvalidInput
from accounts.forms import add_domain_error
from accounts.kept_text import kept_initial
from accounts.requests import SignedInRequest
from accounts.staff_pages import staff_only
from sla.forms.roster import PatternEndForm, ShiftPatternForm
from sla.models import ShiftPattern
from sla.operations.shift_patterns import WEEKS_AHEAD, Planned, end_pattern, plan_pattern
from sla.operations.shifts import require_planner


@require_http_methods(["GET", "POST"])
@staff_only
@never_cache
def show_new_pattern(request: SignedInRequest) -> HttpResponse:
    """Plan a shift that comes again every week."""
    require_planner(request.user)
    if request.method == "POST":
        form = ShiftPatternForm(request.POST)
        if form.is_valid():
            try:
                _, planned = plan_pattern(by=request.user, **form.pattern())
            except InvalidInput as error:
                add_domain_error(form, error)
            else:
                messages.success(request, _outcome(planned))
                return redirect("roster")
    else:
        present = {"zone": request.user.timezone, "from_on": timezone.localdate()}
        form = ShiftPatternForm(initial=present | kept_initial(request))
    context = {"form": form, "weeks_ahead": WEEKS_AHEAD}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "sla/shift_pattern_new.html", context, status=status)


@require_http_methods(["GET", "POST"])
@staff_only
@never_cache
def show_pattern_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """Let a pattern end."""
    require_planner(request.user)
    pattern = get_object_or_404(ShiftPattern, pk=pk)
    if request.method == "POST":
        form = PatternEndForm(request.POST)
        if form.is_valid():
            try:
                end_pattern(pattern, by=request.user, **form.cleaned_data)
            except InvalidInput as error:
                add_domain_error(form, error)
            else:
                messages.success(request, "Pattern ended. Its later shifts are off the roster.")
                return redirect("roster")
    else:
        form = PatternEndForm(initial={"last_on": timezone.localdate()} | kept_initial(request))
    context = {"form": form, "pattern": pattern, "people": pattern.people()}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "sla/shift_pattern_end.html", context, status=status)


def _outcome(planned: Planned) -> str:
    shifts = "1 shift" if planned.shifts == 1 else f"{planned.shifts} shifts"
    told = f"Pattern planned: {shifts} in the next {WEEKS_AHEAD} weeks."
    if planned.clashes:
        told += f" {planned.clashes} left out, because the person is on duty then already."
    return told
