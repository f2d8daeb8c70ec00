"""Names for the queue's filters: customers and tags while somebody types, tags with counts."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from entitlements.models import Customer
from tickets.forms.queue import QueueFilter
from tickets.queue_narrowing import VIEWS
from tickets.queue_sizes import kept_choices
from tickets.search.people import find_companies
from tickets.tag_suggestions import suggested_tags
from tickets.views.staff import staff_only

MOST = 12


@staff_only
@require_safe
def customer_names(request: SignedInRequest) -> HttpResponse:
    """Suggest customers this person sees; the first by name where nothing is typed yet."""
    typed = request.GET.getlist("customer")
    words = typed[-1].replace("\x00", "").strip()[:200] if typed else ""
    if words:
        found = find_companies(words, by=request.user, most=MOST)
    else:
        found = list(Customer.objects.visible_to(request.user).order_by("name")[:MOST])
    return render(request, "tickets/customer_names.html", {"customers": found})


@staff_only
@require_safe
def tag_names(request: SignedInRequest) -> HttpResponse:
    """Suggest known tags; the browser shows those that go on with what is typed."""
    return render(request, "tickets/tag_names.html", {"names": suggested_tags()})


@staff_only
@require_safe
def queue_tags(request: SignedInRequest) -> HttpResponse:
    """Count the tags of a queue's tickets: fetched when somebody opens that filter."""
    asked, user, now = request.GET.get("in", ""), request.user, timezone.now()
    view = asked if asked in VIEWS else "open"
    form = QueueFilter(request.GET, choices=kept_choices(user), by=user)
    options = form.tag_options(view, now)
    return render(request, "tickets/queue_tags.html", {"options": options})
