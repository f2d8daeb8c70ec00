"""All tickets a customer may see."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from tickets.forms.customer import TicketFilterForm
from tickets.models import Ticket
from tickets.ticket_lines import ticket_lines
from tickets.views.company import place_of

PER_PAGE = 25


@login_required
@require_safe
def ticket_list(request: SignedInRequest) -> HttpResponse:
    """List the tickets of the reader's companies, narrowed and in pages."""
    if request.user.is_staff_member:
        return redirect("queue")
    place = place_of(request)
    if place is None:
        return render(request, "tickets/no_company.html")
    now = timezone.now()
    companies = [membership.customer for membership in place.memberships]
    form = TicketFilterForm(request.GET, companies=companies, reader=request.user)
    seen = Ticket.objects.visible_to(request.user)
    page = Paginator(form.narrow(seen).for_customer_list(), PER_PAGE).get_page(
        request.GET.get("page")
    )
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "place": place,
        "form": form,
        "page_obj": page,
        "lines": ticket_lines(list(page.object_list), now=now),
        "query": query.urlencode(),
        "now": now,
    }
    return render(request, "tickets/ticket_list.html", context)
