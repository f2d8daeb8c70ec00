"""Figures for leads, the tickets behind each, and each as a file for spreadsheets."""

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from entitlements.choices import Severity
from entitlements.models import Customer, Plan
from tickets.insight.asking import AGES, KINDS, PERIODS, Question
from tickets.insight.figures import all_figures
from tickets.insight.listing import tickets_of
from tickets.insight.load import hour_words
from tickets.insight.sheet import Figure, short_day
from tickets.insight.spreadsheet import sheet_text
from tickets.models import MeasureProgress, Product
from tickets.permissions import can_read_figures, reads_all_figures
from tickets.queue_sizes import kept_choices
from tickets.views.staff import staff_only

# Figures change only when tickets are measured anew; a name keeps an older count apart.
KEPT_SECONDS = 600


@staff_only
@require_safe
def show_insight(request: SignedInRequest) -> HttpResponse:
    """Show the figures of what this person leads, as of the last measuring."""
    asked, as_of = _asked(request), _as_of(request)
    context = _filters(request, asked) | {
        "asked": asked,
        "as_of": as_of,
        "now": timezone.now(),
        "reads_all": reads_all_figures(request.user),
        "figures": _figures(request, asked, as_of) if as_of is not None else [],
    }
    return render(request, "tickets/insight.html", context)


@staff_only
@require_safe
def show_insight_tickets(request: SignedInRequest) -> HttpResponse:
    """List the tickets a figure counted."""
    asked, as_of = Question.read(request.GET), _as_of(request)
    asked = asked if asked.of else replace(asked, of="filed")
    before = request.GET.get("before", "")
    now = timezone.now()
    context = {
        "asked": asked,
        "as_of": as_of,
        "now": now,
        "back": asked.page.query,
        "title": KINDS[asked.of],
        "narrowed": _narrowed(request, asked),
        "listing": tickets_of(
            asked,
            by=request.user,
            as_of=as_of or now,
            before=int(before) if before.isdecimal() and len(before) < 18 else None,
        ),
    }
    return render(request, "tickets/insight_tickets.html", context)


@staff_only
@require_safe
def insight_csv(request: SignedInRequest, figure: str) -> HttpResponse:
    """Give a figure's table as a file for spreadsheets."""
    asked, as_of = _asked(request), _as_of(request)
    found = _figures(request, asked, as_of or timezone.now())
    chosen = next((one for one in found if one.key == figure), None)
    if chosen is None:
        raise Http404
    response = HttpResponse(sheet_text(chosen), content_type="text/csv; charset=utf-8")
    day = timezone.localdate()
    response["Content-Disposition"] = f'attachment; filename="{chosen.key}-{day}.csv"'
    return response


def _asked(request: SignedInRequest) -> Question:
    """The filters of the page; a cut is a list's."""
    return Question.read(request.GET).page


def _as_of(request: SignedInRequest) -> datetime | None:
    if not can_read_figures(request.user):
        raise NotAllowed("Figures are for duty leads, support managers and account managers.")
    progress = MeasureProgress.objects.first()
    return progress.measured_at if progress is not None else None


def _figures(request: SignedInRequest, asked: Question, as_of: datetime) -> list[Figure]:
    """Count, or take what was counted from the same measures for whoever sees the same."""
    user = request.user
    scope = "all" if reads_all_figures(user) else str(user.pk)
    told = sha256(f"{as_of.timestamp()} {asked.query}".encode()).hexdigest()
    key = f"insight:{scope}:{told}"
    kept: list[Figure] | None = cache.get(key)
    if kept is None:
        kept = all_figures(asked, by=user, as_of=as_of)
        cache.set(key, kept, KEPT_SECONDS)
    return kept


def _filters(request: SignedInRequest, asked: Question) -> dict[str, Any]:
    choices = kept_choices(request.user)
    customers = choices.customers
    named = None
    if asked.customer:
        seen = Customer.objects.visible_to(request.user)
        named = (
            seen.filter(slug=asked.customer.lower()).first()
            or seen.filter(name__iexact=asked.customer).first()
        )
    return {
        "periods": PERIODS,
        "plans": Plan.objects.all(),
        "products": choices.products,
        "customers": customers,
        "customer_name": named.name if named is not None else asked.customer,
        "is_unknown_customer": bool(asked.customer) and named is None,
    }


def _narrowed(request: SignedInRequest, asked: Question) -> list[tuple[str, str]]:
    """What narrows a list, in words."""
    words = [] if asked.of == "open" else [("Period", f"{asked.weeks} weeks")]
    for key in filter(None, sorted({asked.plan, asked.of_plan})):
        plan = Plan.objects.filter(key=key).first()
        words.append(("Plan", plan.name if plan is not None else key))
    if asked.customer:
        words.append(("Customer", str(_filters(request, asked)["customer_name"])))
    if asked.product:
        product = Product.objects.filter(pk=int(asked.product)).first()
        words.append(("Product", product.name if product is not None else asked.product))
    if asked.severity:
        words.append(("Severity", str(Severity(int(asked.severity)).label)))
    if asked.week:
        words.append(("Week of", short_day(datetime.fromisoformat(asked.week).date())))
    if asked.age:
        words.append(("Filed", f"{AGES[asked.age][0]} ago"))
    if asked.hour:
        words.append(("Hour", hour_words(int(asked.hour))))
    return words
