"""A malware sample's page: what it is, who may open it, and the download with its record."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.requests import SignedInRequest
from tickets.models import Attachment
from tickets.operations.downloads import open_file
from tickets.operations.samples import PASSWORD, mark_as_sample
from tickets.permissions import can_fetch_samples, can_mark_sample
from tickets.views.attachment import hand_out, leads_away, led_away


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def attachment_sample(request: SignedInRequest, number: int, pk: int) -> HttpResponseBase:
    """Show what a sample is, and hand it to the lab in a ZIP with a password (POST).

    Raises: Http404 for what is unseen; NotAllowed for whoever is not of the lab.
    """
    found = _found(request, number, pk)
    if request.method != "POST":
        context = {
            "file": found,
            "ticket": found.ticket,
            "may_fetch": (
                can_fetch_samples(request.user) and found.is_sample and found.removed_at is None
            ),
            "may_mark": can_mark_sample(request.user, found) and not found.is_sample,
            "password": PASSWORD,
            "base": "base_staff.html" if request.user.is_staff_member else "base_customer.html",
        }
        return render(request, "tickets/attachment_sample.html", context)
    if leads_away(request):
        return led_away(found, request.user)
    return hand_out(open_file(found, by=request.user), request)


@login_required
@require_POST
def create_sample_mark(request: SignedInRequest, number: int, pk: int) -> HttpResponse:
    """Say of a file that it is malware on purpose."""
    found = mark_as_sample(_found(request, number, pk), by=request.user)
    messages.success(
        request,
        _("%(name)s is a malware sample now: only our lab opens it.") % {"name": found.name},
    )
    return redirect(found.ticket)


def _found(request: SignedInRequest, number: int, pk: int) -> Attachment:
    visible = Attachment.objects.visible_to(request.user).select_related("ticket", "uploaded_by")
    return get_object_or_404(visible, pk=pk, ticket__number=number)
