"""Plan and contacts, as the company's own people see them."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from entitlements.account import account_of
from entitlements.comparison import describe_edition
from entitlements.forms.customer import SeatForm
from entitlements.models import Contract, Customer, SeatHolding
from entitlements.permissions import can_manage_company, can_read_ledger, membership_of
from entitlements.promise import business_day, standard_edition
from entitlements.statement import statement_of


@login_required
@require_GET
def show_own_companies(request: SignedInRequest) -> HttpResponse:
    """Lead to the reader's company; somebody of several chooses, staff go to the customers."""
    if request.user.is_staff_member:
        return redirect("customer_list")
    companies = list(
        Customer.objects.filter(memberships__user=request.user, memberships__left_at__isnull=True)
    )
    if len(companies) == 1:
        return redirect("company", slug=companies[0].slug)
    return render(request, "entitlements/company_choice.html", {"companies": companies})


@login_required
@require_GET
def show_company(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show a company's plan, incidents, seats and people to one of its people."""
    customer = get_object_or_404(
        Customer.objects.visible_to(request.user).select_related("tam", "tam_team"), slug=slug
    )
    if request.user.is_staff_member and membership_of(request.user, customer) is None:
        return redirect("customer", slug=customer.slug)
    return company_page(request, customer)


def company_page(request: SignedInRequest, customer: Customer, **forms: Any) -> HttpResponse:
    """Draw the company's page, with a refused form in its place and 422 when one is given."""
    now = timezone.now()
    account = account_of(customer, now)
    contract = account.contract
    is_manager = can_manage_company(request.user, customer)
    reads_ledger = can_read_ledger(request.user, customer)
    year = contract.years.order_by("-starts_on").first() if contract and reads_ledger else None
    in_force = contract.edition if contract and not account.is_on_standard else standard_edition()
    seats = _seats(contract)
    context = {
        "customer": customer,
        "account": account,
        "contract": contract,
        "now": now,
        "days_left": (contract.last_day - business_day(contract.zone, now)).days if contract else 0,
        "words": describe_edition(in_force, zone=contract.zone if contract else ""),
        "membership": membership_of(request.user, customer),
        "is_manager": is_manager,
        "reads_ledger": reads_ledger,
        "year": year,
        "statement": statement_of(year) if year else [],
        "seats": seats,
        "holders": {holding.membership_id for holding in seats},
        "people": customer.memberships.current().select_related("user").order_by("user__name"),
        "seat_form": SeatForm(contract) if contract and is_manager else None,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if forms else HTTPStatus.OK
    return render(request, "entitlements/company.html", context | forms, status=status)


def redirect_to_seats(request: SignedInRequest, contract: Contract) -> HttpResponse:
    """Lead back to the page of seats of the reader's own side."""
    if request.user.is_staff_member:
        return redirect("contract", number=contract.number)
    return redirect("company", slug=contract.customer.slug)


def _seats(contract: Contract | None) -> list[SeatHolding]:
    if contract is None:
        return []
    return list(contract.seat_holdings.current().select_related("membership__user"))
