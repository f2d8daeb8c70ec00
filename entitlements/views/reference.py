"""What the portal counts by, to read: plans with their editions."""

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from entitlements.calendar_versions import current_versions
from entitlements.contract_terms import answer_text, plain_terms
from entitlements.models import Edition
from entitlements.permissions import can_administer, can_read_terms


@login_required
@require_GET
def show_editions(request: SignedInRequest) -> HttpResponse:
    """Show each edition's terms; they are published, so there is nothing to change."""
    require_terms_reader(request)
    editions = list(
        Edition.objects.select_related("plan", "business_calendar")
        .prefetch_related("service_levels__ladder")
        .annotate(
            contract_count=Count("contracts", distinct=True),
            objective_count=Count("service_levels__objectives", distinct=True),
        )
        .order_by("plan__order", "key")
    )
    versions = current_versions(
        level.calendar_id for edition in editions for level in edition.service_levels.all()
    )
    rows = [
        (
            edition,
            [
                (level, answer_text(level, versions[level.calendar_id]))
                for level in edition.service_levels.all()
            ],
            plain_terms(edition),
        )
        for edition in editions
    ]
    context = {"editions": rows, "can_administer": can_administer(request.user)}
    return render(request, "entitlements/edition_list.html", context)


def require_terms_reader(request: SignedInRequest) -> None:
    """Raises: NotAllowed for people of customers."""
    if not can_read_terms(request.user):
        raise NotAllowed(_("This page is for our own people. Your plan stands under Company."))
