"""How one's queue looks, and why a ticket stands where it stands in it."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.kept_text import page_of
from accounts.requests import SignedInRequest
from tickets.models import Ticket
from tickets.operations.queue_layouts import choose_queue_layout, forget_queue_layout
from tickets.urgency import place_words
from tickets.views.staff import staff_only


@require_POST
@staff_only
def change_layout(request: SignedInRequest) -> HttpResponse:
    """Keep the columns and the density for this person, on every device; or forget them."""
    if "standard" in request.POST:
        forget_queue_layout(by=request.user)
        messages.success(request, "The queue looks as your screen allows.")
    else:
        columns, density = request.POST.getlist("column"), request.POST.get("density", "")
        choose_queue_layout(columns, density, by=request.user)
        messages.success(request, "The queue looks as you chose.")
    page = page_of(request)
    is_queue = page.startswith(reverse("queue")) and page != request.path
    return redirect(page if is_queue else "queue")


@require_safe
@staff_only
def show_place(request: SignedInRequest, number: int) -> HttpResponse:
    """Say in one sentence why a ticket stands where it does; a script shows it beside the row."""
    seen = Ticket.objects.visible_to(request.user).open()
    ticket = get_object_or_404(seen, number=number)
    words = place_words(ticket, now=timezone.now(), zone=ZoneInfo(request.user.timezone))
    template = (
        "tickets/_place.html" if request.headers.get("HX-Request") else "tickets/queue_place.html"
    )
    return render(request, template, {"ticket": ticket, "words": words})
