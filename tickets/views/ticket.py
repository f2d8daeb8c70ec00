"""A ticket's page: one address, the customer's page or the engineer's by who comes."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from accounts.compiled import Compiled
from accounts.models import User
from tickets.models import Ticket
from tickets.permissions import sees_as_staff
from tickets.views.ticket_customer import customer_ticket_page
from tickets.views.ticket_staff import staff_ticket_page

_TICKET = Compiled(
    lambda reader, number: (
        Ticket.objects.visible_to(reader).with_clock().filter(number=number).order_by()
    )
)


@login_required
@require_GET
def show_ticket(request: HttpRequest, number: int) -> HttpResponse:
    """Show a ticket to somebody who may see it; unseen and missing are both 404."""
    assert isinstance(request.user, User)
    ticket = _TICKET.first(request.user, number)
    if ticket is None:
        raise Http404
    if sees_as_staff(request.user, ticket):
        return staff_ticket_page(request, ticket)
    return customer_ticket_page(request, ticket)
