"""Calls with a customer: arranged on our side, in both sides' calendars."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import SignedInRequest
from tickets.call_file import call_file
from tickets.forms.arranged_call import ArrangedCallForm, CallTimeForm
from tickets.models import ArrangedCall, Ticket
from tickets.operations.arranged_calls import arrange_call, cancel_call, move_call
from tickets.views.carrying_out import carry_out
from tickets.views.staff import staff_only, staff_ticket
from tickets.views.ticket_staff import staff_ticket_page


@require_POST
@staff_only
def create_arranged_call(request: SignedInRequest, number: int) -> HttpResponse:
    """Arrange a call from the ticket's page."""
    ticket = staff_ticket(request, number)
    form = ArrangedCallForm(request.POST, auto_id="arranged_%s")

    def act(typed: dict[str, Any]) -> str:
        arrange_call(ticket, by=request.user, **typed)
        return "Arranged. The customer’s people are told, with an entry for their calendars."

    return carry_out(
        request, ticket, name="arranged_call", form=form, act=act, page=staff_ticket_page
    )


@require_POST
@staff_only
def move_arranged_call(request: SignedInRequest, number: int, pk: int) -> HttpResponse:
    """Put a call at another time."""
    ticket = staff_ticket(request, number)
    call = _call(ticket, pk)
    form = CallTimeForm(request.POST, auto_id=f"move_{pk}_%s")

    def act(typed: dict[str, Any]) -> str:
        move_call(call, by=request.user, **typed)
        return "The call has another time. The customer’s people are told."

    return carry_out(request, ticket, name=f"move-{pk}", form=form, act=act, page=staff_ticket_page)


@require_POST
@staff_only
def cancel_arranged_call(request: SignedInRequest, number: int, pk: int) -> HttpResponse:
    """Call a call off."""
    ticket = staff_ticket(request, number)
    call = _call(ticket, pk)

    def act(typed: dict[str, Any]) -> str:
        cancel_call(call, by=request.user)
        return "The call is cancelled. The customer’s people are told."

    return carry_out(
        request,
        ticket,
        name=f"cancel-{pk}",
        form=forms.Form(request.POST),
        act=act,
        page=staff_ticket_page,
    )


@login_required
@require_GET
def arranged_call_file(request: SignedInRequest, number: int, pk: int) -> HttpResponse:
    """Hand out a call for a calendar; to whoever sees its ticket."""
    seen = ArrangedCall.objects.visible_to(request.user).select_related("ticket")
    call = get_object_or_404(seen, pk=pk, ticket__number=number)
    name = f"{call.ticket.reference}-call.ics"
    return HttpResponse(
        call_file(call, host=request.get_host().partition(":")[0]),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _call(ticket: Ticket, pk: int) -> ArrangedCall:
    call = get_object_or_404(ArrangedCall, pk=pk, ticket=ticket)
    call.ticket = ticket
    return call
