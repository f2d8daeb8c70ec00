"""The search page: tickets by words and operators; for staff people and companies too."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.requests import SignedInRequest
from tickets.search.answering import answer_question
from tickets.search.asking import LONGEST, read_question
from tickets.search.finding import Place
from tickets.search.operators import operators_for


@login_required
@require_safe
def search(request: SignedInRequest) -> HttpResponse:
    """Show what answers the question, best first; what was not understood is said above it."""
    by, now = request.user, timezone.now()
    asked = read_question(request.GET.get("q", ""))
    after = Place.read(request.GET.get("after", ""))
    context = {
        "asked": asked,
        "answer": answer_question(asked, by=by, now=now, after=after),
        "is_first": after is None,
        "operators": operators_for(by),
        "longest": LONGEST,
        "audience": "staff" if by.is_staff_member else "customer",
        "now": now,
        "base": "base_staff.html" if by.is_staff_member else "base_customer.html",
    }
    return render(request, "tickets/search.html", context)
