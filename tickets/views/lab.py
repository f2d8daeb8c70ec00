"""Asking the lab, and bringing a ticket back from it."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.forms.staff import LabAnswerForm, LabRequestForm
from tickets.operations.lab import pass_to_lab, return_from_lab
from tickets.views.carrying_out import carry_out
from tickets.views.staff import staff_only, staff_ticket
from tickets.views.ticket_staff import staff_ticket_page


@require_POST
@staff_only
def create_lab_request(request: SignedInRequest, number: int) -> HttpResponse:
    """Pass the ticket to the lab with a question."""
    ticket = staff_ticket(request, number)

    def act(typed: dict[str, Any]) -> str:
        pass_to_lab(ticket, reason=typed["reason"], seen_event=typed["seen_event"], by=request.user)
        return f"{ticket.reference} is with the lab. Its analysts are told."

    form = LabRequestForm(request.POST, auto_id="lab_request_%s")
    return carry_out(
        request, ticket, name="lab_request", form=form, act=act, page=staff_ticket_page
    )


@require_POST
@staff_only
def create_lab_answer(request: SignedInRequest, number: int) -> HttpResponse:
    """Bring the ticket back with what the lab found."""
    ticket = staff_ticket(request, number)

    def act(typed: dict[str, Any]) -> str:
        back = return_from_lab(
            ticket, finding=typed["finding"], seen_event=typed["seen_event"], by=request.user
        )
        whom = back.assignee or "the engineers on duty"
        return f"{ticket.reference} is back with {whom}."

    form = LabAnswerForm(request.POST, auto_id="lab_answer_%s")
    return carry_out(request, ticket, name="lab_answer", form=form, act=act, page=staff_ticket_page)
