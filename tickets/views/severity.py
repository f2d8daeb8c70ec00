"""Changing a ticket's severity."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from entitlements.choices import Severity
from tickets.forms.staff import SeverityForm
from tickets.operations.severity import change_severity
from tickets.views.carrying_out import carry_out
from tickets.views.staff import staff_only, staff_ticket
from tickets.views.ticket_staff import staff_ticket_page


@require_POST
@staff_only
def create_severity_change(request: SignedInRequest, number: int) -> HttpResponse:
    """Change the severity, with a reason the customer sees."""
    ticket = staff_ticket(request, number)

    def act(typed: dict[str, Any]) -> str:
        severity = Severity(typed["severity"])
        change_severity(
            ticket,
            severity=severity,
            reason=typed["reason"],
            seen_event=typed["seen_event"],
            by=request.user,
        )
        return f"{ticket.reference} is {severity.label} now. The customer sees why."

    form = SeverityForm(request.POST, auto_id="severity_%s")
    return carry_out(request, ticket, name="severity", form=form, act=act, page=staff_ticket_page)
