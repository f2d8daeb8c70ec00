"""Premium incidents given back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.requests import SignedInRequest
from entitlements.forms.contract import CreditForm
from entitlements.operations.incidents import credit_incident
from entitlements.permissions import can_credit_incident
from entitlements.views.contracts import contract_page, seen_contract


@login_required
@require_POST
def give_back(request: SignedInRequest, number: str) -> HttpResponse:
    """Give the incident of a ticket back to its contract year, with a reason."""
    contract = seen_contract(request, number)
    if not can_credit_incident(request.user):
        raise NotAllowed("Only a duty lead or support manager gives an incident back.")
    form = CreditForm(contract, request.POST)
    if form.is_valid():
        try:
            entry = credit_incident(
                ticket_number=form.cleaned_data["ticket"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=timezone.now(),
            )
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, f"Incident of TK-{entry.ticket_number} given back.")
            return redirect("contract", number=contract.number)
    return contract_page(request, contract, credit_form=form)
