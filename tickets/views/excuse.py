"""Excusing a missed deadline."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.forms.staff import ReasonForm
from tickets.operations.excuses import excuse_breach
from tickets.views.carrying_out import carry_out
from tickets.views.staff import staff_only, staff_ticket
from tickets.views.ticket_staff import staff_ticket_page


@require_POST
@staff_only
def create_excuse(request: SignedInRequest, number: int) -> HttpResponse:
    """Excuse a missed deadline, with a reason; reports count it apart."""
    ticket = staff_ticket(request, number)

    def act(typed: dict[str, Any]) -> str:
        excuse_breach(ticket, reason=typed["reason"], by=request.user)
        return "The missed deadline is excused. Reports count it apart."

    form = ReasonForm(request.POST, auto_id="excuse_%s")
    return carry_out(request, ticket, name="excuse", form=form, act=act, page=staff_ticket_page)
