"""The engineer's page of a ticket."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tickets.models import Ticket


def staff_ticket_page(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """Render the page."""
    return render(request, "tickets/ticket_staff.html", {"ticket": ticket})
