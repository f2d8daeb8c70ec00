"""What is done to a webhook with one button."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.errors import InvalidInput
from accounts.requests import SignedInRequest
from notifications.models import WebhookCall
from notifications.operations.webhook_calls import redeliver_call, send_test_call
from notifications.operations.webhooks import (
    remove_webhook,
    replace_secret,
    turn_webhook_off,
    turn_webhook_on,
)
from notifications.views.webhooks import managed_webhook, show_webhook


@login_required
@never_cache
@require_POST
def secret(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give a webhook a new secret and show it, this once."""
    found, fresh = replace_secret(managed_webhook(request, pk), by=request.user)
    return show_webhook(request, found, secret=fresh)


@login_required
@require_POST
def test(request: SignedInRequest, pk: int) -> HttpResponse:
    """Send a test."""
    found = managed_webhook(request, pk)
    send_test_call(found, by=request.user)
    messages.success(request, _("The test is on its way. How it went stands in the log."))
    return redirect(found)


@login_required
@require_POST
def state(request: SignedInRequest, pk: int) -> HttpResponse:
    """Turn a webhook on or off."""
    found = managed_webhook(request, pk)
    if request.POST.get("state") == "on":
        turn_webhook_on(found, by=request.user)
        messages.success(request, _("“%(name)s” is called again.") % {"name": found.name})
    else:
        turn_webhook_off(found, by=request.user)
        messages.success(request, _("“%(name)s” is called no more.") % {"name": found.name})
    return redirect(found)


@login_required
@require_POST
def removal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Remove a webhook with its log."""
    found = managed_webhook(request, pk)
    name, is_for_staff = found.name, found.is_for_staff
    remove_webhook(found, by=request.user)
    messages.success(request, _("“%(name)s” is removed.") % {"name": name})
    return redirect("webhook_list" if is_for_staff else "company")


@login_required
@require_POST
def redelivery(request: SignedInRequest, pk: int, call: int) -> HttpResponse:
    """Send a call again."""
    found = managed_webhook(request, pk)
    try:
        redeliver_call(get_object_or_404(WebhookCall, pk=call, webhook=found), by=request.user)
    except InvalidInput as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("It is on its way again."))
    return redirect(found)
