"""Keeping what somebody types: saved by the page's script, thrown away by a button."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.errors import DomainError
from accounts.kept_text import by_script
from accounts.requests import SignedInRequest
from entitlements.models import Customer
from tickets.choices import DraftKind
from tickets.errors import DraftChanged
from tickets.forms.draft import DraftForm
from tickets.models import Ticket
from tickets.operations.drafts import Place, discard_draft, save_draft
from tickets.views.company import place_of
from tickets.views.drafts import draft_words


@require_POST
@by_script
def save_ticket_draft(request: SignedInRequest, number: int) -> HttpResponse:
    """Keep what stands in a composer."""
    return _save(request, _ticket(request, number))


@require_POST
@by_script
def save_filing_draft(request: SignedInRequest) -> HttpResponse:
    """Keep what stands in the form of a new ticket."""
    return _save(request, _customer(request))


@login_required
@require_POST
def remove_ticket_draft(request: SignedInRequest, number: int) -> HttpResponse:
    """Throw a composer's draft away and lead back to the ticket."""
    ticket = _ticket(request, number)
    return _remove(request, ticket, ticket.get_absolute_url())


@login_required
@require_POST
def remove_filing_draft(request: SignedInRequest) -> HttpResponse:
    """Throw the draft of a new ticket away and lead back to its form, empty."""
    customer = _customer(request)
    asked = {"company": customer.slug, "about": request.POST.get("draft", "")}
    if follows := request.POST.get("follows"):
        asked["follows"] = follows
    return _remove(request, customer, f"{reverse('ticket_new')}?{urlencode(asked)}")


def _save(request: SignedInRequest, place: Place) -> HttpResponse:
    """Answer with the revision and the time; 409 with the newer words of another window."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"said": "This draft cannot be kept."}, status=422)
    now = timezone.now()
    try:
        draft = save_draft(
            form.cleaned_data["draft"],
            place,
            fields=dict(request.POST.lists()),
            by=request.user,
            form=form.cleaned_data["submission_key"],
            seen=form.cleaned_data["draft_seen"],
            revision=form.cleaned_data["draft_revision"],
            now=now,
        )
    except DraftChanged as error:
        return JsonResponse(draft_words(error.newer, request.user, now), status=error.status)
    except DomainError as error:
        return JsonResponse({"said": error.message}, status=error.status)
    return JsonResponse(draft_words(draft, request.user, now) if draft else {"revision": ""})


def _remove(request: SignedInRequest, place: Place, page: str) -> HttpResponse:
    kind = request.POST.get("draft", "")
    if kind not in DraftKind.values:
        raise Http404
    discard_draft(DraftKind(kind), place, by=request.user)
    messages.success(request, _("Draft discarded."))
    return redirect(page)


def _ticket(request: SignedInRequest, number: int) -> Ticket:
    seen = Ticket.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("customer"), number=number)


def _customer(request: SignedInRequest) -> Customer:
    """Find the company the form is for. Raises: Http404 for one that is not the reader's."""
    place = place_of(request, request.POST.get("company", ""))
    if place is None:
        raise Http404
    return place.membership.customer
