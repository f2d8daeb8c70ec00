"""What each plan would promise: for a ticket that was filed, and before one is."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from entitlements.choices import Severity
from entitlements.plan_promises import promises_of_plans
from entitlements.promise import contract_in_force
from tickets.choices import TicketKind
from tickets.models import Ticket
from tickets.permissions import sees_as_staff
from tickets.plan_promises import counts_from, promises_for_ticket
from tickets.views.company import place_of


@login_required
@require_safe
def ticket_plan_promises(request: SignedInRequest, number: int) -> HttpResponse:
    """Show what each plan would have promised for a ticket; unseen and missing are both 404."""
    visible = Ticket.objects.visible_to(request.user).with_clock()
    ticket = get_object_or_404(visible.select_related("contract__edition__plan"), number=number)
    is_staff = sees_as_staff(request.user, ticket)
    context = {
        "ticket": ticket,
        "customer": ticket.customer,
        "severity": ticket.severity,
        "start": counts_from(ticket),
        "promises": promises_for_ticket(ticket, reader_zone=request.user.timezone),
        "is_on_standard_terms": ticket.kind != TicketKind.PREMIUM,
        "can_ask": not is_staff,
        "base": "base_staff.html" if is_staff else "base_customer.html",
    }
    return render(request, "tickets/plan_promises.html", context)


@login_required
@require_safe
def plan_promises(request: SignedInRequest) -> HttpResponse:
    """Show what each plan would promise for a premium incident filed now.

    Raises: Http404 for a severity that is none, or a company that is not the reader's.
    """
    if request.user.is_staff_member:
        return redirect("queue")
    place = place_of(request, request.GET.get("company", ""))
    if place is None:
        return render(request, "tickets/no_company.html")
    given = request.GET.get("severity", "")
    if given not in {str(severity.value) for severity in Severity}:
        raise Http404
    now, customer = timezone.now(), place.membership.customer
    severity = Severity(int(given))
    context = {
        "customer": customer,
        "severity": severity.value,
        "start": now,
        "promises": promises_of_plans(
            severity,
            now,
            contract=contract_in_force(customer, now),
            reader_zone=request.user.timezone,
        ),
        "severities": [one.value for one in Severity],
        "can_ask": True,
        "base": "base_customer.html",
    }
    return render(request, "tickets/plan_promises.html", context)
