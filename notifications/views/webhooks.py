"""Webhooks of an owner: listed, added, looked at. Who may, the owner's app says."""

from dataclasses import dataclass
from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Max, Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.errors import DomainError
from accounts.forms import add_domain_error
from accounts.requests import SignedInRequest
from notifications.forms import WebhookForm
from notifications.models import Webhook, WebhookTry
from notifications.operations.webhooks import add_webhook, change_webhook
from notifications.permissions import can_manage_webhooks
from notifications.webhook_events import STAFF

CALLS_PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class Place:
    """Whose webhooks a page shows, and where it stands. An empty parent: it stands by itself."""

    owner: str
    new_url: str
    list_url: str
    lead: str
    parent_url: str = ""
    parent_label: str = ""


def _of_staff() -> Place:
    return Place(
        STAFF,
        new_url=reverse("webhook_new"),
        list_url=reverse("webhook_list"),
        lead="Programs of ours that are called for pages and what the escalation steps do.",
    )


@login_required
@require_safe
def staff_webhooks(request: SignedInRequest) -> HttpResponse:
    """List our own webhooks."""
    return show_webhooks(request, _of_staff())


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def new_staff_webhook(request: SignedInRequest) -> HttpResponse:
    """Add a webhook of our own."""
    return show_new_webhook(request, _of_staff())


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def webhook(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a webhook with the log of its calls, and save what is changed of it."""
    found = managed_webhook(request, pk)
    form = None
    if request.method == "POST":
        form = WebhookForm(request.POST, owner=found.owner)
        if form.is_valid():
            try:
                change_webhook(found, by=request.user, **form.cleaned_data)
            except DomainError as error:
                add_domain_error(form, error)
            else:
                return redirect(found)
    return show_webhook(request, found, form=form)


def show_webhooks(request: SignedInRequest, place: Place) -> HttpResponse:
    """List the webhooks of an owner. Raises: Http404 when they are managed by others."""
    _check(request, place.owner)
    webhooks = Webhook.objects.of(place.owner).annotate(last_at=Max("calls__delivered_at"))
    context = {"base": _base(request), "place": place, "webhooks": webhooks}
    return render(request, "notifications/webhook_list.html", context)


def show_new_webhook(request: SignedInRequest, place: Place) -> HttpResponse:
    """Add a webhook of an owner and show its secret, this once. Raises: Http404."""
    _check(request, place.owner)
    form = WebhookForm(request.POST or None, owner=place.owner)
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = add_webhook(owner=place.owner, by=request.user, **form.cleaned_data)
        except DomainError as error:
            add_domain_error(form, error)
        else:
            return show_webhook(request, made, secret=secret)
    context = {"base": _base(request), "place": place, "form": form}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if request.method == "POST" else HTTPStatus.OK
    return render(request, "notifications/webhook_new.html", context, status=status)


def show_webhook(
    request: SignedInRequest, found: Webhook, *, form: WebhookForm | None = None, secret: str = ""
) -> HttpResponse:
    """Show a webhook; a new secret is shown once."""
    calls = found.calls.prefetch_related(Prefetch("tries", WebhookTry.objects.order_by("at", "pk")))
    context = {
        "base": _base(request),
        "webhook": found,
        "form": form
        or WebhookForm(
            owner=found.owner,
            initial={"name": found.name, "url": found.url, "events": found.events},
        ),
        "secret": secret,
        "page_obj": Paginator(calls, CALLS_PER_PAGE).get_page(request.GET.get("page")),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form and form.errors else HTTPStatus.OK
    return render(request, "notifications/webhook.html", context, status=status)


def managed_webhook(request: SignedInRequest, pk: int) -> Webhook:
    """Return a webhook the reader manages. Raises: Http404 for any other."""
    found = get_object_or_404(Webhook, pk=pk)
    _check(request, found.owner)
    return found


def _check(request: SignedInRequest, owner: str) -> None:
    if not can_manage_webhooks(request.user, owner):
        raise Http404


def _base(request: SignedInRequest) -> str:
    return "base_staff.html" if request.user.is_staff_member else "base_customer.html"
