"""The premium incidents of a company: what moved the balance, and when it runs out."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.kept_text import kept_initial
from accounts.requests import SignedInRequest
from entitlements.account import contract_of_today, incidents_of
from entitlements.forms.top_up import TopUpForm
from entitlements.models import Contract, ContractYear, Customer, TopUpRequest
from entitlements.operations.top_ups import request_top_up, withdraw_top_up
from entitlements.permissions import is_technical_contact, membership_of
from entitlements.promise import business_day
from entitlements.run_out import project
from entitlements.statement import statement_of
from entitlements.views.company import frame_of, seen_company

# Answered requests that are shown; the history has them all.
ANSWERED_SHOWN = 3


@login_required
@require_GET
def show_incidents(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show a contract year's ledger, today's unless another is asked for, and the outlook."""
    return _page(request, seen_company(request, slug))


@login_required
@require_POST
def ask_for_top_up(request: SignedInRequest, slug: str) -> HttpResponse:
    """Take a company manager's request for more premium incidents."""
    customer = seen_company(request, slug)
    contract = contract_of_today(customer, timezone.now())
    form = TopUpForm(request.POST)
    if contract is None:
        form.add_error(None, _("No contract is in force, so there is nothing to add to."))
    elif form.is_valid():
        try:
            request_top_up(contract, by=request.user, **form.cleaned_data)
        except NotAllowed:
            raise
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(
                request, _("Sent. We answer here and by e-mail, and add nothing without you.")
            )
            return redirect("company_incidents", slug=slug)
    return _page(request, customer, form)


@login_required
@require_POST
def take_top_up_back(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Withdraw a request that has not been answered."""
    customer = seen_company(request, slug)
    asked = get_object_or_404(TopUpRequest, pk=pk, contract__customer=customer)
    withdraw_top_up(asked, by=request.user)
    messages.success(request, _("Your request is withdrawn."))
    return redirect("company_incidents", slug=slug)


def _page(
    request: SignedInRequest, customer: Customer, form: TopUpForm | None = None
) -> HttpResponse:
    membership = membership_of(request.user, customer)
    if membership is None:
        return redirect("customer", slug=customer.slug)
    now = timezone.now()
    contract = contract_of_today(customer, now)
    reads = membership.is_manager or (
        contract is not None and is_technical_contact(request.user, contract)
    )
    if not reads:
        raise NotAllowed(
            _("Premium incidents are shown to company managers and technical contacts.")
        )
    context = {
        "here": "incidents",
        **frame_of(customer, membership, contract, now, holds_seat=True),
        **(_figures(request, contract, now) if contract else {}),
        "form": form or TopUpForm(initial={"amount": 6} | kept_initial(request)),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form is not None else HTTPStatus.OK
    return render(request, "entitlements/company_incidents.html", context, status=status)


def _figures(request: SignedInRequest, contract: Contract, now: datetime) -> dict[str, Any]:
    """The balance, the ledger of the chosen year, the outlook and the requests of a contract."""
    prefetch_related_objects([contract], "years")
    years = sorted(contract.years.all(), key=lambda one: one.starts_on, reverse=True)
    incidents = incidents_of(contract, now)
    today = business_day(contract.zone, now)
    this_year = next((one for one in years if one.starts_on <= today <= one.ends_on), None)
    year = _asked_year(request, years) or this_year
    outlook = None
    if this_year is not None and incidents.left is not None:
        outlook = project(
            used=this_year.used,
            left=this_year.balance,
            since=this_year.starts_on,
            until=this_year.ends_on,
            today=today,
        )
    requests = list(contract.top_up_requests.select_related("asked_by", "amendment")[:20])
    return {
        "incidents": incidents,
        "outlook": outlook,
        "years": years,
        "year": year,
        "statement": statement_of(year) if year else [],
        "open_request": next((one for one in requests if one.is_open), None),
        "answered": [one for one in requests if not one.is_open][:ANSWERED_SHOWN],
    }


def _asked_year(request: SignedInRequest, years: list[ContractYear]) -> ContractYear | None:
    asked = request.GET.get("year", "")
    return next((one for one in years if str(one.starts_on.year) == asked), None)
