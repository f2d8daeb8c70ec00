"""Who follows a ticket: one of us, or the customer's people."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import SignedInRequest
from tickets.forms.relations import WatcherForm
from tickets.operations.watching import (
    add_watcher,
    remove_watcher,
    unwatch_ticket,
    watch_ticket,
)
from tickets.views.carrying_out import carry_out
from tickets.views.staff import staff_only, staff_ticket
from tickets.views.ticket_customer import customer_ticket, customer_ticket_page


@require_POST
@staff_only
def create_watching(request: SignedInRequest, number: int) -> HttpResponse:
    """Follow the ticket as staff."""
    ticket = watch_ticket(staff_ticket(request, number), by=request.user)
    messages.success(request, f"You watch {ticket.reference}.")
    return redirect(ticket)


@require_POST
@staff_only
def remove_watching(request: SignedInRequest, number: int) -> HttpResponse:
    """Follow the ticket no more."""
    ticket = unwatch_ticket(staff_ticket(request, number), by=request.user)
    messages.success(request, f"You no longer watch {ticket.reference}.")
    return redirect(ticket)


@login_required
@require_POST
def create_watcher(request: SignedInRequest, number: int) -> HttpResponse:
    """Give a colleague of the customer copies."""
    ticket = customer_ticket(request, number)

    def act(typed: dict[str, Any]) -> str:
        add_watcher(ticket, typed["person"], by=request.user)
        told = {"name": typed["person"], "ticket": ticket.reference}
        return _("%(name)s gets copies of %(ticket)s now.") % told

    form = WatcherForm(request.POST, ticket=ticket, auto_id="id_watcher_%s")
    return carry_out(request, ticket, name="watcher", form=form, act=act, page=customer_ticket_page)


@login_required
@require_POST
def remove_watcher_of_ticket(request: SignedInRequest, number: int, pk: int) -> HttpResponse:
    """Send somebody no more copies; whoever takes themselves off may lose sight of the ticket."""
    ticket = customer_ticket(request, number)
    person = get_object_or_404(ticket.watchers.all(), pk=pk)

    def act(typed: dict[str, Any]) -> str:
        remove_watcher(ticket, person, by=request.user)
        told = {"name": person, "ticket": ticket.reference}
        return _("%(name)s gets no more copies of %(ticket)s.") % told

    return carry_out(
        request,
        ticket,
        name="watcher",
        form=forms.Form(request.POST),
        act=act,
        page=customer_ticket_page,
    )
