"""Contracts, on our side."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.kept_text import kept_initial
from accounts.requests import SignedInRequest
from entitlements.account import incidents_of
from entitlements.choices import ENDED_STATES, AmendmentKind, ContractState
from entitlements.contract_terms import terms_of
from entitlements.forms.contract import ContractForm, CreditForm
from entitlements.forms.customer import SeatForm
from entitlements.history import history_of
from entitlements.models import Contract, Customer
from entitlements.operations.signing import sign_contract
from entitlements.permissions import can_administer, can_credit_incident, can_read_customers
from entitlements.promise import business_day
from entitlements.statement import statement_of
from entitlements.term_ribbon import term_ribbon

PAGE_SIZE = 50


@login_required
@require_GET
def show_contracts(request: SignedInRequest) -> HttpResponse:
    """List contracts by state, those that end first on top."""
    _require_reader(request)
    now = timezone.now()
    contracts = Contract.objects.visible_to(request.user)
    wanted = request.GET.get("state", "")
    if wanted in ContractState.values:
        contracts = contracts.in_state(ContractState(wanted), now)
    else:
        wanted = ""
    rows = (
        contracts.ending_first()
        .select_related("customer", "edition__plan")
        .prefetch_related("years")
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": [(one, one.state_at(now), incidents_of(one, now)) for one in page.object_list],
        "states": ContractState.choices,
        "wanted": wanted,
        "query": urlencode({"state": wanted}) if wanted else "",
        "now": now,
    }
    return render(request, "entitlements/contract_list.html", context)


@login_required
@require_GET
def show_contract(request: SignedInRequest, number: str) -> HttpResponse:
    """Show a contract: term, terms, ledger, seats and history."""
    return contract_page(request, seen_contract(request, number))


@login_required
@require_http_methods(["GET", "POST"])
def add_contract(request: SignedInRequest, slug: str) -> HttpResponse:
    """Sign a contract for a customer."""
    customer = get_object_or_404(Customer.objects.visible_to(request.user), slug=slug)
    if not can_administer(request.user):
        raise NotAllowed("Only an administrator signs contracts.")
    if request.method == "POST":
        form = ContractForm(request.POST)
        if form.is_valid():
            try:
                contract = sign_contract(customer, by=request.user, **form.cleaned_data)
            except DomainError as error:
                add_domain_error(form, error)
            else:
                messages.success(request, f"Contract {contract} signed.")
                return redirect("contract", number=contract.number)
    else:
        form = ContractForm(initial={"zone": customer.timezone} | kept_initial(request))
    context = {"form": form, "customer": customer}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "entitlements/contract_new.html", context, status=status)


def seen_contract(request: SignedInRequest, number: str) -> Contract:
    """Find a contract the reader may see; somebody of the company is sent no staff page."""
    contract = get_object_or_404(
        Contract.objects.visible_to(request.user).select_related(
            "customer__tam", "edition__plan__offered_edition"
        ),
        number=number,
    )
    _require_reader(request)
    return contract


def contract_page(request: SignedInRequest, contract: Contract, **forms: Any) -> HttpResponse:
    """Draw the contract's page, with a refused form in its place and 422 when one is given."""
    now = timezone.now()
    years = list(contract.years.order_by("-starts_on"))
    year = next((one for one in years if str(one.starts_on.year) == request.GET.get("year")), None)
    year = year or next(iter(years), None)
    seats = contract.seat_holdings.select_related("membership__user", "given_by", "ended_by")
    terms = terms_of(contract, now)
    state = contract.state_at(now)
    context = {
        "contract": contract,
        "state": state,
        "now": now,
        "ribbon": term_ribbon(contract, now),
        "terms": terms,
        "override_count": sum(term.is_override for term in terms),
        "incidents": incidents_of(contract, now),
        "years": years,
        "year": year,
        "statement": statement_of(year) if year else [],
        "seats": seats.current(),
        "is_to_come": state == ContractState.UPCOMING,
        "past_seats": seats.filter(held_until__isnull=False).order_by("-held_until"),
        "amendments": contract.amendments.select_related("by", "edition"),
        "history": history_of(contract),
        "can_administer": can_administer(request.user),
        "can_credit": can_credit_incident(request.user),
        "kinds": possible_amendments(contract, now),
        "seat_form": SeatForm(contract),
        "credit_form": CreditForm(contract),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if forms else HTTPStatus.OK
    return render(request, "entitlements/contract.html", context | forms, status=status)


def possible_amendments(contract: Contract, now: datetime) -> list[AmendmentKind]:
    """List the kinds of amendment that make sense at `now`; none once the contract has ended."""
    if contract.state_at(now) in ENDED_STATES:
        return []
    has_begun = contract.starts_on <= business_day(contract.zone, now)
    is_suspended = contract.suspended_at is not None
    left_out = {AmendmentKind.SUSPENSION if is_suspended else AmendmentKind.RESUMPTION}
    if has_begun:
        left_out.add(AmendmentKind.CANCELLATION)
    return [kind for kind in AmendmentKind if kind not in left_out]


def _require_reader(request: SignedInRequest) -> None:
    if not can_read_customers(request.user):
        raise NotAllowed("Contracts are read by support, account managers and administrators.")
