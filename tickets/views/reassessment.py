"""Re-assessing a ticket's deadline."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.choices import Basis
from tickets.forms.staff import ReassessmentForm
from tickets.operations.reassessment import reassess_ticket
from tickets.reassessment import outlooks
from tickets.views.carrying_out import carry_out
from tickets.views.staff import staff_only, staff_ticket
from tickets.views.ticket_staff import staff_ticket_page


@require_POST
@staff_only
def create_reassessment(request: SignedInRequest, number: int) -> HttpResponse:
    """Put the clock on today's terms, as they were shown, with a reason the customer sees."""
    ticket = staff_ticket(request, number)

    def act(typed: dict[str, Any]) -> str:
        reassess_ticket(
            ticket,
            basis=Basis(typed["basis"]),
            reason=typed["reason"],
            seen_due_at=typed["seen_due_at"],
            by=request.user,
        )
        return "The deadline is re-assessed. The customer is told why; the one before stays here."

    form = ReassessmentForm(
        request.POST, outlooks=outlooks(ticket, timezone.now()), auto_id="reassess_%s"
    )
    return carry_out(
        request, ticket, name="reassessment", form=form, act=act, page=staff_ticket_page
    )
