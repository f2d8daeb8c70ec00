"""Acknowledging an escalation, from the ticket's page or from the notice."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.operations.acknowledgement import acknowledge_escalation
from tickets.views.staff import staff_only, staff_ticket


@require_POST
@staff_only
def create_acknowledgement(request: SignedInRequest, number: int) -> HttpResponse:
    """Acknowledge the step named by `record`, or the newest that told this person."""
    ticket = staff_ticket(request, number)
    record = request.POST.get("record", "")
    acknowledge_escalation(
        ticket,
        by=request.user,
        record=int(record) if record.isdecimal() and len(record) < 18 else None,
    )
    messages.success(request, "Acknowledged. You are told again only of a higher step.")
    return redirect(ticket)
