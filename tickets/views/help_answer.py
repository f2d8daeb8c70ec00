"""Answering a customer's escalation."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.forms.staff import HelpAnswerForm
from tickets.operations.customer_escalation import answer_help
from tickets.views.staff import staff_only, staff_ticket
from tickets.views.ticket_staff import carry_out


@require_POST
@staff_only
def create_help_answer(request: SignedInRequest, number: int) -> HttpResponse:
    """Answer the escalation; the customer gets the text."""
    ticket = staff_ticket(request, number)

    def act(typed: dict[str, Any]) -> str:
        answer_help(ticket, answer=typed["answer"], by=request.user)
        return "Escalation answered. The customer is told."

    form = HelpAnswerForm(request.POST, auto_id="help_%s")
    return carry_out(request, ticket, name="help_answer", form=form, act=act)
