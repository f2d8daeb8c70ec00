"""Requests for plans, on our side."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from entitlements.forms.plan_request import OutcomeForm
from entitlements.models import PlanRequest
from entitlements.operations.plan_requests import handle_plan_request
from entitlements.permissions import can_administer, can_read_plan_requests

PAGE_SIZE = 50


@login_required
@require_GET
def show_requests(request: SignedInRequest) -> HttpResponse:
    """List requests for plans, the open ones unless asked for the rest."""
    if not can_read_plan_requests(request.user):
        raise NotAllowed("Plan requests are read by administrators, managers and TAMs.")
    visible = PlanRequest.objects.visible_to(request.user)
    wants_handled = request.GET.get("state") == "handled"
    rows = visible.filter(handled_at__isnull=False) if wants_handled else visible.open()
    page = Paginator(rows.select_related("plan", "customer", "handled_by"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "page_obj": page,
        "wants_handled": wants_handled,
        "open_count": visible.open().count(),
        "query": "state=handled" if wants_handled else "",
    }
    return render(request, "entitlements/plan_request_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def show_request(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a request, and take what came of it."""
    if not can_read_plan_requests(request.user):
        raise NotAllowed("Plan requests are read by administrators, managers and TAMs.")
    visible = PlanRequest.objects.visible_to(request.user)
    plan_request = get_object_or_404(
        visible.select_related("plan", "edition", "customer", "handled_by"), pk=pk
    )
    if request.method == "POST" and not can_administer(request.user):
        raise NotAllowed("Only an administrator handles plan requests.")
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        handle_plan_request(plan_request, by=request.user, **form.cleaned_data)
        messages.success(request, "Marked as handled.")
        return redirect("plan_request_list")
    context = {
        "plan_request": plan_request,
        "form": form,
        "can_handle": plan_request.handled_at is None and can_administer(request.user),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "entitlements/plan_request.html", context, status=status)
