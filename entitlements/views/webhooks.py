"""The webhooks of a company, managed by its manager or an administrator."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.errors import NotAllowed
from accounts.requests import SignedInRequest
from entitlements.models import Customer
from entitlements.permissions import can_manage_company
from notifications.views.webhooks import Place, show_new_webhook, show_webhooks
from notifications.webhook_events import customer_owner


@login_required
@require_safe
def company_webhooks(request: SignedInRequest, slug: str) -> HttpResponse:
    """List the company's webhooks."""
    return show_webhooks(request, _place(request, slug))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new_company_webhook(request: SignedInRequest, slug: str) -> HttpResponse:
    """Add a webhook of the company."""
    return show_new_webhook(request, _place(request, slug))


def _place(request: SignedInRequest, slug: str) -> Place:
    customer = get_object_or_404(Customer.objects.visible_to(request.user), slug=slug)
    if not can_manage_company(request.user, customer):
        raise NotAllowed(_("Webhooks are managed by the company manager."))
    page = "customer" if request.user.is_staff_member else "company"
    return Place(
        customer_owner(customer.pk),
        new_url=reverse("company_webhook_new", args=[slug]),
        list_url=reverse("company_webhooks", args=[slug]),
        lead=_("Programs of %(customer)s that are called when something happens on its tickets.")
        % {"customer": customer},
        parent_url=reverse(page, args=[slug]),
        parent_label=str(customer),
    )
