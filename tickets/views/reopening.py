"""Reopening a solved ticket."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.forms.customer import ReopeningForm
from tickets.operations.lifecycle import reopen_ticket
from tickets.views.carrying_out import carry_out
from tickets.views.ticket_customer import customer_ticket, customer_ticket_page


@login_required
@require_POST
def create_reopening(request: SignedInRequest, number: int) -> HttpResponse:
    """Take a resolution back for the ticket's customer."""
    ticket = customer_ticket(request, number)
    form = ReopeningForm(request.POST, auto_id="id_reopening_%s")

    def act(typed: dict[str, Any]) -> str:
        reopen_ticket(ticket, reason=typed["reason"], by=request.user)
        return _("%(ticket)s is open again, with what you wrote.") % {"ticket": ticket.reference}

    return carry_out(
        request, ticket, name="reopening", form=form, act=act, page=customer_ticket_page
    )
