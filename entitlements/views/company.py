"""A company as its own people see it: the plan; people and incidents have modules of their own."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from entitlements.account import contract_of_today
from entitlements.choices import ContractState
from entitlements.comparison import describe_edition
from entitlements.models import Contract, Customer, Membership, Plan
from entitlements.permissions import is_technical_contact, membership_of
from entitlements.promise import business_day, standard_edition


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
    """Show a company's plan in plain words to one of its people."""
    customer = seen_company(request, slug)
    membership = membership_of(request.user, customer)
    if membership is None:
        return redirect("customer", slug=customer.slug)
    now = timezone.now()
    contract = contract_of_today(customer, now)
    holds_seat = (
        contract is not None
        and not membership.is_manager
        and is_technical_contact(request.user, contract)
    )
    is_in_force = contract is not None and contract.suspended_at is None
    edition = contract.edition if contract and is_in_force else standard_edition()
    context = {
        "words": describe_edition(edition, zone=contract.zone if contract else ""),
        "days_left": days_left(contract, now),
        "upgrades": _upgrades(edition.plan) if membership.is_manager else [],
        "here": "plan",
        **frame_of(customer, membership, contract, now, holds_seat=holds_seat),
    }
    return render(request, "entitlements/company.html", context)


def seen_company(request: SignedInRequest, slug: str) -> Customer:
    """Fetch a company for its people's pages. Raises: Http404 when unseen."""
    visible = Customer.objects.visible_to(request.user).select_related("tam", "tam_team")
    return get_object_or_404(visible, slug=slug)


def frame_of(
    customer: Customer,
    membership: Membership,
    contract: Contract | None,
    now: datetime,
    *,
    holds_seat: bool,
) -> dict[str, Any]:
    """What each page of a company begins with: whose it is, its contract, the reader's rights."""
    return {
        "customer": customer,
        "contract": contract,
        "state": contract.state_at(now) if contract else None,
        "is_suspended": contract is not None and contract.suspended_at is not None,
        "is_expiring": contract is not None and contract.state_at(now) == ContractState.EXPIRING,
        "membership": membership,
        "is_manager": membership.is_manager,
        "reads_ledger": membership.is_manager or holds_seat,
        "now": now,
    }


def days_left(contract: Contract | None, now: datetime) -> int:
    """How many days of a contract are left after today."""
    return (contract.last_day - business_day(contract.zone, now)).days if contract else 0


def _upgrades(plan: Plan) -> list[Plan]:
    """The plans above the present one."""
    offered = Plan.objects.filter(offered_edition__isnull=False, order__gt=plan.order)
    return list(offered.order_by("order"))
