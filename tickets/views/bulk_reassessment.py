"""Open clocks that would differ on today's terms: shown, decided together, what became of them."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.requests import SignedInRequest
from accounts.staff_pages import staff_only
from entitlements.models import Contract
from sla.models import Calendar, CalendarVersion
from tickets.calendar_effects import Effects, effects_of, effects_of_contract
from tickets.choices import ReassessmentOutcome
from tickets.errors import InvalidTransition
from tickets.forms.bulk_reassessment import BulkReassessmentForm
from tickets.models import BulkReassessment
from tickets.operations.bulk_reassessment import (
    cancel_bulk_reassessment,
    reassess_calendar,
    reassess_contract,
)
from tickets.permissions import can_reassess_any
from tickets.views.long_run import progress_response

# Named on the page; the others are counted.
MOST_MOVED = 50
LINES_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Looking:
    """What is looked at: a calendar on its version of today, or a contract on its terms."""

    subject: Calendar | Contract
    seen: int
    effects: Effects
    version: CalendarVersion | None = None


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def calendar_tickets(request: SignedInRequest, key: str) -> HttpResponse:
    """List the open tickets that would be due at another moment; have them all re-assessed."""
    calendar = get_object_or_404(Calendar, key=key)
    version = calendar.current
    effects = effects_of(version, reader=request.user, now=timezone.now())
    return _page(request, Looking(calendar, version.number, effects, version))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def contract_tickets(request: SignedInRequest, number: str) -> HttpResponse:
    """List a contract's open tickets that would be due otherwise; have them all re-assessed."""
    contracts = Contract.objects.visible_to(request.user).select_related(
        "customer", "edition__plan"
    )
    contract = get_object_or_404(contracts, number=number)
    effects = effects_of_contract(contract, reader=request.user, now=timezone.now())
    return _page(request, Looking(contract, contract.amendments.count(), effects))


@require_safe
@staff_only
@never_cache
def show_run(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show how far a bulk re-assessment is, and what became of each ticket. Raises: NotAllowed."""
    run = _run(request, pk)
    lines = run.lines.select_related("ticket__customer", "ticket__response_clock")
    context = {
        "run": run,
        "now": timezone.now(),
        "page_obj": Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page")),
        "outcomes": ReassessmentOutcome,
    }
    return render(request, "tickets/bulk_reassessment.html", context)


@require_safe
@staff_only
@never_cache
def show_progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say how far it is, for the page that waits for it. Raises: NotAllowed."""
    return progress_response(request, _run(request, pk), noun="tickets")


@require_POST
@staff_only
def create_cancellation(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop it; what is re-assessed stays so. Raises: NotAllowed, InvalidTransition."""
    run = cancel_bulk_reassessment(_run(request, pk), by=request.user)
    messages.success(request, "Cancelled. What was re-assessed until now stays so.")
    return redirect(run)


def _page(request: SignedInRequest, looking: Looking) -> HttpResponse:
    form, status = BulkReassessmentForm(initial={"seen": looking.seen}), HTTPStatus.OK
    if request.method == "POST":
        form = BulkReassessmentForm(request.POST)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                return redirect(_begin(request, looking.subject, **form.cleaned_data))
            except NotAllowed:
                raise
            except DomainError as error:
                add_domain_error(form, error)
                if isinstance(error, InvalidTransition):
                    status = HTTPStatus.CONFLICT
    of_contract = isinstance(looking.subject, Contract)
    context: dict[str, Any] = {
        "calendar": None if of_contract else looking.subject,
        "contract": looking.subject if of_contract else None,
        "version": looking.version,
        "effects": looking.effects,
        "moved": looking.effects.moved[:MOST_MOVED],
        "later": (later := sum(one.is_later for _, one in looking.effects.moved)),
        "earlier": len(looking.effects.moved) - later,
        "now": timezone.now(),
        "can_reassess": can_reassess_any(request.user),
        "form": form,
        "seen": looking.seen,
        "running": _running(looking.subject),
    }
    return render(request, "tickets/calendar_tickets.html", context, status=status)


def _begin(
    request: SignedInRequest, subject: Calendar | Contract, *, seen: int, reason: str
) -> BulkReassessment:
    if isinstance(subject, Contract):
        return reassess_contract(subject, seen=seen, reason=reason, by=request.user)
    return reassess_calendar(subject, seen=seen, reason=reason, by=request.user)


def _running(subject: Calendar | Contract) -> BulkReassessment | None:
    word = "contract" if isinstance(subject, Contract) else "calendar"
    return BulkReassessment.objects.filter(ended_at__isnull=True, **{word: subject}).first()


def _run(request: SignedInRequest, pk: int) -> BulkReassessment:
    if not can_reassess_any(request.user):
        raise NotAllowed("Only a duty lead or support manager re-assesses deadlines.")
    runs = BulkReassessment.objects.select_related(
        "by", "cancelled_by", "calendar", "contract__customer"
    )
    return get_object_or_404(runs, pk=pk)
