"""Our own objectives of an edition: an administrator's page."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.requests import SignedInRequest
from entitlements.forms.objectives import ObjectivesForm
from entitlements.history import history_of
from entitlements.models import Edition, Objective
from entitlements.operations.objectives import set_objectives
from entitlements.permissions import can_administer


@login_required
@require_http_methods(["GET", "POST"])
def edit_objectives(request: SignedInRequest, key: str) -> HttpResponse:
    """Switch objectives on and off, by severity."""
    if not can_administer(request.user):
        raise NotAllowed("Only an administrator changes objectives.")
    edition = get_object_or_404(Edition.objects.select_related("plan"), key=key)
    form = ObjectivesForm(edition, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            changed = set_objectives(edition, form.wanted, by=request.user)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            if changed:
                messages.success(request, f"Objectives of {edition} changed.")
            return redirect("edition_list")
    context = {
        "edition": edition,
        "form": form,
        "obligations": Objective.OBLIGATIONS,
        "history": history_of(edition),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "entitlements/objectives.html", context, status=status)
