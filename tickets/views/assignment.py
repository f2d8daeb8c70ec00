"""Who works on a ticket: taken, handed over, put back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.forms.staff import AssignmentForm, SeenForm
from tickets.operations.assignment import assign_ticket, release_ticket, take_ticket
from tickets.views.carrying_out import carry_out
from tickets.views.staff import staff_only, staff_ticket
from tickets.views.ticket_staff import staff_ticket_page


@require_POST
@staff_only
def create_assignment(request: SignedInRequest, number: int) -> HttpResponse:
    """Take a ticket, or with `to` give it to somebody with a word where it stands."""
    ticket = staff_ticket(request, number)
    if "to" not in request.POST:
        take_ticket(ticket, by=request.user)
        messages.success(request, f"You took {ticket.reference}.")
        return redirect(ticket)

    def act(typed: dict[str, Any]) -> str:
        assign_ticket(
            ticket,
            to=typed["to"],
            reason=typed["reason"],
            seen_event=typed["seen_event"],
            by=request.user,
        )
        return f"{typed['to']} has {ticket.reference} now."

    form = AssignmentForm(request.POST, auto_id="assignment_%s")
    return carry_out(request, ticket, name="assignment", form=form, act=act, page=staff_ticket_page)


@require_POST
@staff_only
def remove_assignment(request: SignedInRequest, number: int) -> HttpResponse:
    """Put a ticket back into the queue."""
    ticket = staff_ticket(request, number)

    def act(typed: dict[str, Any]) -> str:
        release_ticket(ticket, seen_event=typed["seen_event"], by=request.user)
        return f"{ticket.reference} is back in the queue for anybody."

    form = SeenForm(request.POST)
    return carry_out(
        request, ticket, name="old-assignment", form=form, act=act, page=staff_ticket_page
    )
