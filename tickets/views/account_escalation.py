"""Escalating a whole account: by its manager, its account manager, or a lead."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.kept_text import kept_initial
from accounts.requests import SignedInRequest
from entitlements.models import Customer
from tickets.forms.escalation import AccountEscalationForm
from tickets.models import Ticket
from tickets.operations.customer_escalation import escalate_account
from tickets.permissions import can_escalate_account


@login_required
@require_http_methods(["GET", "POST"])
def account_escalation_new(request: SignedInRequest, slug: str) -> HttpResponse:
    """Show what an escalation of the account does, and take the reason.

    Raises: Http404 for a company the reader does not see; NotAllowed.
    """
    visible = Customer.objects.visible_to(request.user).select_related("tam", "tam_team")
    customer = get_object_or_404(visible, slug=slug)
    if not can_escalate_account(request.user, customer):
        raise NotAllowed(
            _("Only a company manager, its account manager or a lead escalates an account.")
        )
    present = customer.escalations.open().of_accounts().first()
    if request.method != "POST" and present is not None:
        return redirect(present)
    form = AccountEscalationForm(
        request.POST if request.method == "POST" else None, initial=kept_initial(request)
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                escalation = escalate_account(
                    customer, reason=form.cleaned_data["reason"], by=request.user
                )
            except NotAllowed:
                raise
            except DomainError as error:
                add_domain_error(form, error)
                status = error.status
            else:
                messages.success(request, _("%(company)s is escalated.") % {"company": customer})
                return redirect(escalation)
    context = {
        "customer": customer,
        "form": form,
        "present": present,
        "open_tickets": Ticket.objects.filter(customer=customer).open().count(),
    }
    return render(request, "tickets/account_escalation_new.html", context, status=status)
