"""What another policy would have done: asking, waiting, and the result with its tickets."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import InvalidInput, NotAllowed
from accounts.forms import add_domain_error
from accounts.kept_text import kept_initial
from accounts.requests import SignedInRequest
from accounts.staff_pages import staff_only
from tickets.forms.policy_replay import PolicyReplayForm
from tickets.models import PolicyReplay
from tickets.operations.policy_replays import cancel_policy_replay, request_policy_replay
from tickets.permissions import can_replay_policy
from tickets.policy_words import policy_words
from tickets.replay_result import FLIPS, flips_of, result_of
from tickets.views.long_run import progress_response

REPLAYS_A_PAGE = 30
FLIPS_A_PAGE = 50


@require_safe
@staff_only
@never_cache
def show_replays(request: SignedInRequest) -> HttpResponse:
    """List what was asked, the newest first. Raises: NotAllowed."""
    _require_reader(request)
    rows = PolicyReplay.objects.select_related("by")
    page = Paginator(rows, REPLAYS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "tickets/policy_replay_list.html", {"page_obj": page})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def add_replay(request: SignedInRequest) -> HttpResponse:
    """Take a question; `fill` only puts a calendar's present hours into the form.

    Raises: NotAllowed.
    """
    _require_reader(request)
    if request.method != "POST":
        return _form_page(request, PolicyReplayForm(initial=kept_initial(request)))
    if request.POST.get("then") == "fill":
        typed = PolicyReplayForm.filled_in(request.POST.dict())
        return _form_page(request, PolicyReplayForm(initial=typed))
    form = PolicyReplayForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            replay = request_policy_replay(
                given["draft"], question=given["question"], by=request.user
            )
        except InvalidInput as error:
            add_domain_error(form, error)
        else:
            return redirect("policy_replay", pk=replay.pk)
    return _form_page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)


@require_safe
@staff_only
@never_cache
def show_replay(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show how far a replay is, or its result; `?flip=met-missed` narrows the tickets.

    Raises: NotAllowed.
    """
    _require_reader(request)
    replay = _replay(pk)
    flips = flips_of(replay, request.user, request.GET.get("flip", ""))
    page = Paginator(flips, FLIPS_A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "replay": replay,
        "run": replay,
        "now": timezone.now(),
        "words": policy_words(replay.draft),
        "result": result_of(replay),
        "page_obj": page,
        "flip": request.GET.get("flip", "") if request.GET.get("flip", "") in FLIPS else "",
        "query": f"flip={request.GET['flip']}" if request.GET.get("flip") in FLIPS else "",
    }
    return render(request, "tickets/policy_replay.html", context)


@require_safe
@staff_only
@never_cache
def show_progress(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say how far a replay is, for the page that waits for it. Raises: NotAllowed."""
    _require_reader(request)
    return progress_response(request, _replay(pk), noun="tickets")


@require_POST
@staff_only
def create_cancellation(request: SignedInRequest, pk: int) -> HttpResponse:
    """Stop a replay; what it has counted is kept. Raises: NotAllowed, InvalidTransition."""
    _require_reader(request)
    replay = cancel_policy_replay(_replay(pk), by=request.user)
    messages.success(request, "Cancelled. What it has counted is kept.")
    return redirect("policy_replay", pk=replay.pk)


def _replay(pk: int) -> PolicyReplay:
    return get_object_or_404(PolicyReplay.objects.select_related("by", "cancelled_by"), pk=pk)


def _form_page(
    request: SignedInRequest, form: PolicyReplayForm, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    return render(request, "tickets/policy_replay_new.html", {"form": form}, status=status)


def _require_reader(request: SignedInRequest) -> None:
    if not can_replay_policy(request.user):
        raise NotAllowed("Only administrators and support managers replay policies.")
