"""Requests for more premium incidents, on our side."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.kept_text import kept_initial
from accounts.requests import SignedInRequest
from entitlements.account import incidents_of
from entitlements.forms.top_up import TopUpAnswerForm
from entitlements.models import TopUpRequest
from entitlements.operations.top_ups import decline_top_up, grant_top_up
from entitlements.permissions import can_administer, can_read_top_ups

PAGE_SIZE = 50


@login_required
@require_GET
def show_top_ups(request: SignedInRequest) -> HttpResponse:
    """List requests for more premium incidents, the open ones unless asked for the rest."""
    _require_reader(request)
    visible = TopUpRequest.objects.visible_to(request.user)
    wants_answered = request.GET.get("state") == "answered"
    rows = visible.exclude(outcome="") if wants_answered else visible.open()
    page = Paginator(
        rows.select_related("contract__customer", "asked_by", "answered_by"), PAGE_SIZE
    ).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "wants_answered": wants_answered,
        "open_count": visible.open().count(),
        "query": "state=answered" if wants_answered else "",
    }
    return render(request, "entitlements/top_up_list.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def show_top_up(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show a request with what is left of the contract year, and take the answer."""
    _require_reader(request)
    visible = TopUpRequest.objects.visible_to(request.user)
    asked = get_object_or_404(
        visible.select_related(
            "contract__customer", "contract__edition__plan", "asked_by", "answered_by", "amendment"
        ),
        pk=pk,
    )
    if request.method == "POST":
        if not can_administer(request.user):
            raise NotAllowed("Only an administrator answers a request for premium incidents.")
        form = TopUpAnswerForm(request.POST)
        if form.is_valid() and _answer(request, asked, form):
            return redirect("top_up_list")
    else:
        form = TopUpAnswerForm(initial={"amount": asked.amount} | kept_initial(request))
    context = {
        "asked": asked,
        "form": form,
        "incidents": incidents_of(asked.contract, timezone.now()),
        "can_answer": asked.is_open and can_administer(request.user),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "entitlements/top_up.html", context, status=status)


def _answer(request: SignedInRequest, asked: TopUpRequest, form: TopUpAnswerForm) -> bool:
    """Grant or decline, and say whether it was done; what is refused stands in the form."""
    amount, answer = form.cleaned_data["amount"], form.cleaned_data["answer"]
    try:
        if request.POST.get("then") == "decline":
            decline_top_up(asked, answer=answer, by=request.user)
            messages.success(request, f"Declined. The managers of {asked.contract.customer} know.")
            return True
        if amount is None:
            form.add_error("amount", "Say how many to add, or decline.")
            return False
        grant_top_up(asked, amount=amount, answer=answer, by=request.user)
    except DomainError as error:
        add_domain_error(form, error)
        return False
    messages.success(request, f"{amount} premium incidents added to {asked.contract}.")
    return True


def _require_reader(request: SignedInRequest) -> None:
    if not can_read_top_ups(request.user):
        raise NotAllowed("These requests are read by administrators, managers and TAMs.")
