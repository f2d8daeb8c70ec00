"""Closing a ticket: "yes, it works", or withdrawing it."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.operations.lifecycle import close_ticket
from tickets.views.carrying_out import carry_out
from tickets.views.ticket_customer import customer_ticket, customer_ticket_page


@login_required
@require_POST
def create_closure(request: SignedInRequest, number: int) -> HttpResponse:
    """Close the ticket for its customer."""
    ticket = customer_ticket(request, number)

    def act(typed: dict[str, Any]) -> str:
        close_ticket(ticket, by=request.user)
        return _("%(ticket)s is closed.") % {"ticket": ticket.reference}

    return carry_out(
        request,
        ticket,
        name="closure",
        form=forms.Form(request.POST),
        act=act,
        page=customer_ticket_page,
    )
