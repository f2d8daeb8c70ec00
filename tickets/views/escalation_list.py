"""The lists of customers' escalations: all a person may see, by side."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from tickets.models import CustomerEscalation

PAGE_SIZE = 50
# What has ended lately stands below the open ones for so long.
ENDED_WITHIN = timedelta(days=30)
MOST_ENDED = 10


@login_required
@require_safe
def escalation_list(request: SignedInRequest) -> HttpResponse:
    """List open escalations, the one whose next word is due first on top, and what ended lately."""
    user, now = request.user, timezone.now()
    visible = CustomerEscalation.objects.visible_to(user).for_lists()
    page = Paginator(visible.open(), PAGE_SIZE).get_page(request.GET.get("page"))
    ended = visible.ended().filter(ended_at__gte=now - ENDED_WITHIN).order_by("-ended_at", "-pk")
    context = {
        "page_obj": page,
        "rows": [(one, one.is_overdue(now)) for one in page],
        "ended": list(ended[:MOST_ENDED]),
        "base": "base_staff.html" if user.is_staff_member else "base_customer.html",
        "now": now,
    }
    return render(request, "tickets/escalation_list.html", context)
