"""Tickets like the one somebody works on: a part of its page, and a page of its own."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from tickets.permissions import sees_as_staff
from tickets.search.similar import similar_tickets
from tickets.views.staff import staff_only, staff_ticket


@staff_only
@require_safe
def show_similar(request: SignedInRequest, number: int) -> HttpResponse:
    """Show tickets like this one, of all customers this person sees."""
    ticket = staff_ticket(request, number)
    if not sees_as_staff(request.user, ticket):
        raise Http404
    context = {"ticket": ticket, "similar": similar_tickets(ticket, by=request.user)}
    is_part = "HX-Request" in request.headers
    template = "tickets/_similar.html" if is_part else "tickets/ticket_similar.html"
    return render(request, template, context)
