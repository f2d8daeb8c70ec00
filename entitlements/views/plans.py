"""The public pages of the plans: the comparison, one plan in plain words, asking for it."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.kept_text import kept_initial
from accounts.rate_limit import client_address, is_within_limit
from entitlements.comparison import compare_plans, describe_plan
from entitlements.forms.plan_request import PlanRequestForm
from entitlements.models import Customer, Plan
from entitlements.operations.plan_requests import request_plan

# Requests for a plan from one address: more is no company making up its mind.
REQUESTS_PER_HOUR = 10
HOUR_SECONDS = 60 * 60


@require_GET
def show_plans(request: HttpRequest) -> HttpResponse:
    """Show the comparison to everybody."""
    return render(
        request,
        "entitlements/plan_list.html",
        {"comparison": compare_plans(), "base": _base(request)},
    )


@require_GET
def show_plan(request: HttpRequest, key: str) -> HttpResponse:
    """Show one plan in plain words to everybody."""
    plan = _plan(key)
    return render(
        request,
        "entitlements/plan.html",
        {"plan": plan, "words": describe_plan(plan), "base": _base(request)},
    )


@require_http_methods(["GET", "POST"])
def ask_for_plan(request: HttpRequest, key: str) -> HttpResponse:
    """Take a request for a plan from anybody, a few an hour from one address."""
    plan = _plan(key)
    if request.method != "POST":
        form = PlanRequestForm(initial=_known_about(request) | kept_initial(request))
        return _form_page(request, plan, form)
    form = PlanRequestForm(request.POST)
    if not form.is_valid():
        return _form_page(request, plan, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    # A field no person sees: whoever fills it in is a program, and is told nothing.
    if request.POST.get("website"):
        return redirect("plan_request_sent", key=plan.key)
    address = client_address(request)
    if not is_within_limit("plan-request", address, limit=REQUESTS_PER_HOUR, seconds=HOUR_SECONDS):
        return _form_page(request, plan, form, HTTPStatus.TOO_MANY_REQUESTS)
    request_plan(plan, **form.cleaned_data, customer=_customer_named(request, form))
    messages.success(request, _("Request sent."))
    return redirect("plan_request_sent", key=plan.key)


@require_GET
def show_request_sent(request: HttpRequest, key: str) -> HttpResponse:
    """Say what happens with a request."""
    return render(
        request,
        "entitlements/plan_request_sent.html",
        {"plan": _plan(key), "base": _base(request)},
    )


def _plan(key: str) -> Plan:
    offered = Plan.objects.filter(offered_edition__isnull=False)
    return get_object_or_404(offered.select_related("offered_edition__plan"), key=key)


def _form_page(
    request: HttpRequest,
    plan: Plan,
    form: PlanRequestForm,
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        "plan": plan,
        "form": form,
        "is_over_limit": status == HTTPStatus.TOO_MANY_REQUESTS,
        "base": _base(request),
    }
    return render(request, "entitlements/plan_request_new.html", context, status=status)


def _base(request: HttpRequest) -> str:
    """Choose the frame: a customer keeps their navigation, everybody else gets the public one."""
    user = request.user
    if user.is_authenticated and not user.is_staff_member:
        return "base_customer.html"
    return "base_public.html"


def _own_customers(request: HttpRequest) -> list[Customer]:
    user = request.user
    if not user.is_authenticated:
        return []
    return list(Customer.objects.filter(memberships__user=user, memberships__left_at__isnull=True))


def _known_about(request: HttpRequest) -> dict[str, Any]:
    user = request.user
    if not user.is_authenticated:
        return {}
    company = next((customer.name for customer in _own_customers(request)), "")
    return {"company": company, "name": user.name, "email": user.email, "phone": user.phone}


def _customer_named(request: HttpRequest, form: PlanRequestForm) -> Customer | None:
    """Find the sender's own customer by the company they wrote; a claim alone proves nothing."""
    written = form.cleaned_data["company"].strip().lower()
    return next((one for one in _own_customers(request) if one.name.lower() == written), None)
