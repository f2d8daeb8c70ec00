"""Contact seats: given, taken back and passed on, from the pages of both sides."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.requests import SignedInRequest
from entitlements.forms.customer import SeatForm
from entitlements.models import Contract, SeatHolding
from entitlements.operations.seats import give_seat, release_seat, swap_seat
from entitlements.permissions import can_manage_company
from entitlements.views.company_people import people_page
from entitlements.views.contracts import contract_page


@login_required
@require_POST
def give(request: SignedInRequest, number: str) -> HttpResponse:
    """Give a free seat to somebody of the company."""
    contract = _managed_contract(request, number)
    form = SeatForm(contract, request.POST)
    if form.is_valid():
        membership = form.cleaned_data["membership"]
        try:
            give_seat(contract, membership, by=request.user)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Seat given to %(user)s.") % {"user": membership.user})
            return _back(request, contract)
    return _refused(request, contract, seat_form=form)


@login_required
@require_POST
def take_back(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    """Take a seat back from its holder."""
    contract = _managed_contract(request, number)
    holding = release_seat(_holding(contract, pk), by=request.user)
    messages.success(
        request, _("Seat taken back from %(user)s.") % {"user": holding.membership.user}
    )
    return _back(request, contract)


@login_required
@require_POST
def pass_on(request: SignedInRequest, number: str, pk: int) -> HttpResponse:
    """Pass a seat from its holder to somebody else of the company."""
    contract = _managed_contract(request, number)
    holding = _holding(contract, pk)
    form = SeatForm(contract, request.POST)
    if form.is_valid():
        membership = form.cleaned_data["membership"]
        try:
            swap_seat(holding, membership, by=request.user)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, _("Seat passed on to %(user)s.") % {"user": membership.user})
            return _back(request, contract)
    return _refused(request, contract, swap_form=form, swapped=holding)


def _managed_contract(request: SignedInRequest, number: str) -> Contract:
    visible = Contract.objects.visible_to(request.user).select_related(
        "customer__tam", "customer__tam_team", "edition__plan__offered_edition"
    )
    contract = get_object_or_404(visible, number=number)
    if not can_manage_company(request.user, contract.customer):
        raise NotAllowed(_("Only the company manager or an administrator manages contact seats."))
    return contract


def _holding(contract: Contract, pk: int) -> SeatHolding:
    holdings = contract.seat_holdings.select_related("membership__user", "contract")
    return get_object_or_404(holdings, pk=pk)


def _back(request: SignedInRequest, contract: Contract) -> HttpResponse:
    """Lead back to the page of seats of the reader's own side."""
    if request.user.is_staff_member:
        return redirect("contract", number=contract.number)
    return redirect("company_people", slug=contract.customer.slug)


def _refused(request: SignedInRequest, contract: Contract, **forms: object) -> HttpResponse:
    if request.user.is_staff_member:
        return contract_page(request, contract, **forms)
    return people_page(request, contract.customer, of=contract, **forms)
