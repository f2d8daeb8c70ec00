"""A customer's own escalation."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.forms.customer import HelpRequestForm
from tickets.operations.customer_escalation import request_help
from tickets.views.ticket_customer import carry_out, customer_ticket


@login_required
@require_POST
def create_help_request(request: SignedInRequest, number: int) -> HttpResponse:
    """Ask for a manager, with a reason."""
    ticket = customer_ticket(request, number)
    form = HelpRequestForm(request.POST, auto_id="id_help_%s")

    def act(typed: dict[str, Any]) -> str:
        request_help(ticket, reason=typed["reason"], by=request.user)
        return "The duty lead and your account manager were told. You get an answer here."

    return carry_out(request, ticket, name="help", form=form, act=act)
