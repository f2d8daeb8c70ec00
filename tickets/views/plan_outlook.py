"""Another plan beside the one a company has: its promises on last year's tickets."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from entitlements.account import contract_of_today
from entitlements.models import Customer, Plan
from entitlements.permissions import membership_of
from entitlements.promise import standard_edition
from tickets.plan_outlook import compare_with


@login_required
@require_GET
def plan_outlook(request: SignedInRequest, slug: str, key: str) -> HttpResponse:
    """Show a company's manager what another plan would have promised last year.

    Raises: Http404 for a company unseen and a plan not offered; NotAllowed for others.
    """
    customer = get_object_or_404(Customer.objects.visible_to(request.user), slug=slug)
    membership = membership_of(request.user, customer)
    if membership is None:
        return redirect("customer", slug=slug)
    if not membership.is_manager:
        raise NotAllowed(_("Plans are compared and asked for by the company manager."))
    offered = Plan.objects.filter(offered_edition__isnull=False).exclude(key=Plan.STANDARD_KEY)
    plan = get_object_or_404(offered.select_related("offered_edition__plan"), key=key)
    assert plan.offered_edition is not None, "only offered plans are found"
    now = timezone.now()
    contract = contract_of_today(customer, now)
    context = {
        "customer": customer,
        "plan": plan,
        "edition": plan.offered_edition,
        "present": contract.edition if contract is not None else standard_edition(),
        "outlook": compare_with(customer, plan.offered_edition, now=now),
    }
    return render(request, "tickets/plan_outlook.html", context)
