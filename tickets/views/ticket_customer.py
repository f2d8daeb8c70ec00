"""A ticket as its customer sees it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tickets.models import Ticket


def customer_ticket_page(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """Show the ticket to somebody of the customer's side."""
    return render(request, "tickets/ticket_customer.html", {"ticket": ticket})
