"""Resolving a ticket."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.forms.staff import ResolutionForm
from tickets.operations.lifecycle import resolve_ticket
from tickets.views.carrying_out import carry_out
from tickets.views.staff import staff_only, staff_ticket
from tickets.views.ticket_staff import staff_ticket_page


@require_POST
@staff_only
def create_resolution(request: SignedInRequest, number: int) -> HttpResponse:
    """Resolve a ticket with what solved it."""
    ticket = staff_ticket(request, number)

    def act(typed: dict[str, Any]) -> str:
        resolve_ticket(
            ticket,
            resolution=typed["resolution"],
            seen_message=typed["seen_message"],
            seen_event=typed["seen_event"],
            by=request.user,
        )
        return f"{ticket.reference} is resolved. The customer confirms or reopens within 14 days."

    form = ResolutionForm(request.POST)
    return carry_out(request, ticket, name="resolution", form=form, act=act, page=staff_ticket_page)
