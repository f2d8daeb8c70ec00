"""Logging a customer's phone call."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.forms.staff import CallForm
from tickets.operations.phone import log_phone_call
from tickets.views.carrying_out import carry_out
from tickets.views.staff import staff_only, staff_ticket
from tickets.views.ticket_staff import staff_ticket_page


@require_POST
@staff_only
def create_call(request: SignedInRequest, number: int) -> HttpResponse:
    """Log a call, checked by the caller's PIN; it starts a clock that waits for one."""
    ticket = staff_ticket(request, number)
    waited = ticket.response_clock is not None and ticket.response_clock.waits_for_call

    def act(typed: dict[str, Any]) -> str:
        fresh = log_phone_call(
            ticket, caller_pin=typed["caller_pin"], at=typed["at"], by=request.user
        )
        clock = fresh.response_clock
        started = waited and clock is not None and not clock.waits_for_call
        return "Call logged." + (" The clock runs from it." if started else "")

    form = CallForm(request.POST, filed_at=ticket.filed_at, auto_id="call_%s")
    return carry_out(request, ticket, name="call", form=form, act=act, page=staff_ticket_page)
