"""Linking, merging and splitting tickets from their page."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.requests import SignedInRequest
from tickets.forms.links import LinkForm, MergeForm, SplitForm
from tickets.forms.staff import SeenForm
from tickets.models import Ticket, TicketEvent, TicketLink
from tickets.operations.links import link_tickets, unlink_tickets
from tickets.operations.merging import merge_ticket, undo_merge
from tickets.operations.splitting import split_message
from tickets.permissions import can_work
from tickets.views.carrying_out import carry_out
from tickets.views.staff import staff_only, staff_ticket
from tickets.views.ticket_links import LINK, MERGE, SPLIT, Deed, fresh_deed
from tickets.views.ticket_staff import staff_ticket_page


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def create_link(request: SignedInRequest, number: int) -> HttpResponse:
    """Link the ticket to another."""
    ticket = staff_ticket(request, number)
    if request.method != "POST":
        return _form(request, ticket, LINK)

    def act(typed: dict[str, Any]) -> str:
        link_tickets(ticket, typed["other"], kind=typed["kind"], by=request.user)
        return f"{ticket.reference} and {typed['other'].reference} are linked."

    form = LinkForm(request.POST, by=request.user, auto_id="link_%s")
    return carry_out(request, ticket, name="new-link", form=form, act=act, page=staff_ticket_page)


@require_POST
@staff_only
def remove_link(request: SignedInRequest, number: int, pk: int) -> HttpResponse:
    """Take a link away."""
    ticket = staff_ticket(request, number)
    link = get_object_or_404(TicketLink.objects.of(ticket, request.user), pk=pk)

    def act(typed: dict[str, Any]) -> str:
        unlink_tickets(link, by=request.user)
        return "The link is gone."

    form = forms.Form(request.POST)
    return carry_out(request, ticket, name="old-link", form=form, act=act, page=staff_ticket_page)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def create_merge(request: SignedInRequest, number: int) -> HttpResponse:
    """Merge the ticket into another, and lead there."""
    ticket = staff_ticket(request, number)
    if request.method != "POST":
        return _form(request, ticket, MERGE)
    form = MergeForm(request.POST, by=request.user, auto_id="merge_%s")
    if form.is_valid():
        typed = form.cleaned_data
        target = typed["into"]
        try:
            merge_ticket(
                ticket,
                into=target,
                reason=typed["reason"],
                seen_event=typed["seen_event"],
                by=request.user,
            )
        except NotAllowed:
            raise
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(request, f"{ticket.reference} is merged into this ticket.")
            return redirect(target)
    return staff_ticket_page(
        request, staff_ticket(request, number), failed={"new-merge": form}, status=422
    )


@require_POST
@staff_only
def remove_merge(request: SignedInRequest, number: int) -> HttpResponse:
    """Undo the merge of the ticket into another."""
    ticket = staff_ticket(request, number)

    def act(typed: dict[str, Any]) -> str:
        undo_merge(ticket, by=request.user)
        return f"{ticket.reference} stands by itself again."

    form = forms.Form(request.POST)
    return carry_out(request, ticket, name="old-merge", form=form, act=act, page=staff_ticket_page)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def create_split(request: SignedInRequest, number: int) -> HttpResponse:
    """File a message of the ticket as a ticket of its own, and lead there."""
    ticket = staff_ticket(request, number)
    if request.method != "POST":
        return _form(request, ticket, SPLIT)
    form = SplitForm(request.POST, ticket=ticket, auto_id="split_%s")
    if form.is_valid():
        typed = form.cleaned_data
        try:
            new = split_message(
                typed["message"],
                subject=typed["subject"],
                submission_key=typed["submission_key"],
                seen_event=typed["seen_event"],
                by=request.user,
            )
        except NotAllowed:
            raise
        except DomainError as error:
            add_domain_error(form, error)
        else:
            messages.success(
                request, f"{new.reference} is filed from a message of {ticket.reference}."
            )
            return redirect(new)
    return staff_ticket_page(request, ticket, failed={"new-split": form}, status=422)


def _form(request: SignedInRequest, ticket: Ticket, deed: Deed) -> HttpResponse:
    """Show the form that is folded away on the ticket's page: a part of it, or a page.

    The page asking tells the newest event it shows; who comes from elsewhere has seen all there is.
    """
    if not can_work(request.user, ticket):
        raise NotAllowed("Those who work on tickets link, merge and split them.")
    context = {
        "ticket": ticket,
        "deed": deed,
        "form": fresh_deed(deed, ticket, request.user),
        "action": reverse(deed.url_name, args=[ticket.number]),
        "newest_event": _seen(request, ticket),
    }
    is_part = "HX-Request" in request.headers
    template = "tickets/_ticket_deed.html" if is_part else "tickets/ticket_deed.html"
    return render(request, template, context)


def _seen(request: SignedInRequest, ticket: Ticket) -> int:
    told = SeenForm(request.GET)
    if told.is_valid() and told.cleaned_data["seen_event"] is not None:
        return int(told.cleaned_data["seen_event"])
    events = TicketEvent.objects.visible_to(request.user).filter(ticket=ticket)
    return events.order_by("-pk").values_list("pk", flat=True).first() or 0
