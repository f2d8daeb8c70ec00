"""The self-audits of clocks: what they found, with the tickets, and having one made."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from accounts.staff_pages import staff_only
from sla.errors import AuditConflict
from sla.models import AuditFinding, ClockAudit
from sla.operations.clock_audits import request_clock_audit
from sla.permissions import can_audit
from tickets.models import Ticket
from tickets.objectives import tickets_of_clocks
from tickets.views.long_run import progress_response

AUDITS_A_PAGE = 30
FINDINGS_A_PAGE = 100


@require_safe
@staff_only
@never_cache
def show_audits(request: SignedInRequest) -> HttpResponse:
    """List the audits, the newest first. Raises: NotAllowed."""
    _require_reader(request)
    page = Paginator(ClockAudit.objects.select_related("by"), AUDITS_A_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page_obj": page,
        "running": next((one for one in page.object_list if one.is_running), None),
    }
    return render(request, "tickets/clock_audit_list.html", context)


@require_POST
@staff_only
def create_audit(request: SignedInRequest) -> HttpResponse:
    """Have all clocks checked now; when that is under way, lead there. Raises: NotAllowed."""
    try:
        audit = request_clock_audit(by=request.user)
    except AuditConflict as error:
        messages.info(request, error.message)
        running = ClockAudit.objects.running().first()
        return redirect("clock_audit", pk=running.pk) if running else redirect("clock_audit_list")
    return redirect("clock_audit", pk=audit.pk)


@require_safe
@staff_only
@never_cache
def show_audit(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show an audit: how far it is, or what it found. Raises: NotAllowed."""
    _require_reader(request)
    audit = get_object_or_404(ClockAudit.objects.select_related("by"), pk=pk)
    findings = Paginator(audit.findings.all(), FINDINGS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "audit": audit,
        "run": audit,
        "now": timezone.now(),
        "page_obj": findings,
        "rows": _with_tickets(request, list(findings.object_list)),
        "is_cut": findings.paginator.count >= ClockAudit.MOST_FINDINGS,
    }
    return render(request, "tickets/clock_audit.html", context)


@require_safe
@staff_only
@never_cache
def show_progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say how far an audit is, for the page that waits for it. Raises: NotAllowed."""
    _require_reader(request)
    audit = get_object_or_404(ClockAudit, pk=pk)
    return progress_response(request, audit, noun="clocks")


def _with_tickets(
    request: SignedInRequest, findings: list[AuditFinding]
) -> list[tuple[AuditFinding, Ticket | None]]:
    """Put the ticket beside each finding; None for a clock that is no ticket's."""
    by_clock = tickets_of_clocks({one.clock_id for one in findings}, request.user)
    return [(one, by_clock.get(one.clock_id)) for one in findings]


def _require_reader(request: SignedInRequest) -> None:
    if not can_audit(request.user):
        raise NotAllowed("Only duty leads, support managers and administrators see audits.")
