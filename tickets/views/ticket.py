"""A ticket's page: one address, the customer's page or the engineer's by who comes."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from accounts.models import User
from tickets.models import Ticket
from tickets.permissions import sees_as_staff
from tickets.views.ticket_customer import customer_ticket_page
from tickets.views.ticket_staff import staff_ticket_page


@login_required
@require_GET
def show_ticket(request: HttpRequest, number: int) -> HttpResponse:
    """Show a ticket to somebody who may see it; unseen and missing are both 404."""
    assert isinstance(request.user, User)
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user).with_clock(), number=number)
    if sees_as_staff(request.user, ticket):
        return staff_ticket_page(request, ticket)
    return customer_ticket_page(request, ticket)
