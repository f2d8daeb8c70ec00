"""What the portal counts by, to read: plans with their editions, and their ladders."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from entitlements.calendar_versions import current_versions
from entitlements.contract_terms import answer_text, plain_terms
from entitlements.models import Edition
from entitlements.permissions import can_read_terms
from sla import wording
from sla.choices import Audience, Counting
from sla.models import Ladder, LadderStep


@login_required
@require_GET
def show_editions(request: SignedInRequest) -> HttpResponse:
    """Show each edition's terms; they are published, so there is nothing to change."""
    require_terms_reader(request)
    editions = list(
        Edition.objects.select_related("plan", "business_calendar")
        .prefetch_related("service_levels__ladder")
        .annotate(contract_count=Count("contracts"))
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
    ladders = [
        (ladder, step, _when(step), _people(step.audience))
        for ladder in Ladder.objects.prefetch_related("steps")
        for step in ladder.steps.all()
    ]
    context = {"editions": rows, "ladders": ladders}
    return render(request, "entitlements/edition_list.html", context)


def _when(step: LadderStep) -> str:
    """Say when a step of a ladder comes."""
    if step.delay is not None:
        span = wording.span_words(step.delay)
        covered = " of covered time" if step.counting == Counting.COVERED else ""
        # "Every hour", not "every 1 hour".
        words = f"Every {span.removeprefix('1 ')}" if step.repeats else f"After {span}"
        return f"{words}{covered} past the deadline"
    return "At the deadline" if step.is_deadline else f"At {step} of the time"


def _people(audience: Sequence[str]) -> str:
    """Name whom a step tells as one list: only its first word takes a capital."""
    first, *others = (str(Audience(one).label) for one in audience)
    return "; ".join([first, *(label[:1].lower() + label[1:] for label in others)])


def require_terms_reader(request: SignedInRequest) -> None:
    """Raises: NotAllowed for people of customers."""
    if not can_read_terms(request.user):
        raise NotAllowed(
            "This page is for our own people. Your plan stands under Plan and contacts."
        )
