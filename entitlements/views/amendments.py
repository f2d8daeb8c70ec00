"""Amending a contract: the form, what will change, then the change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.kept_text import kept_initial
from accounts.requests import SignedInRequest
from entitlements.choices import AmendmentKind
from entitlements.contract_terms import figures_of
from entitlements.forms.contract import AMENDMENT_FORMS
from entitlements.models import Contract
from entitlements.operations import contracts as operations
from entitlements.permissions import can_administer
from entitlements.views.contracts import possible_amendments, seen_contract

# What each kind does; every operation takes the contract, its form's values and `by`.
AMEND: Mapping[AmendmentKind, Callable[..., Any]] = {
    AmendmentKind.UPGRADE: operations.change_edition,
    AmendmentKind.EXTRA_INCIDENTS: operations.add_incidents,
    AmendmentKind.EXTRA_SEATS: operations.add_seats,
    AmendmentKind.ZONE: operations.change_zone,
    AmendmentKind.SUSPENSION: operations.suspend_contract,
    AmendmentKind.RESUMPTION: operations.lift_suspension,
    AmendmentKind.TERMINATION: operations.terminate_contract,
    AmendmentKind.CANCELLATION: operations.cancel_contract,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One figure of the contract, before and after."""

    name: str
    before: str
    after: str


@login_required
@require_http_methods(["GET", "POST"])
def amend_contract(request: SignedInRequest, number: str) -> HttpResponse:
    """Amend a contract in two steps: first what will change is shown, then it is saved."""
    contract = seen_contract(request, number)
    if not can_administer(request.user):
        raise NotAllowed("Only an administrator amends contracts.")
    kind = _kind(request)
    form_class = AMENDMENT_FORMS[kind]
    if request.method != "POST":
        initial = {"zone": contract.zone} | kept_initial(request)
        return _page(request, contract, kind, form_class(initial=initial))
    form = form_class(request.POST)
    if not form.is_valid() or request.POST.get("then") == "edit":
        return _page(request, contract, kind, form)
    try:
        if request.POST.get("then") != "save":
            changes = _changes(request, contract, kind, form.cleaned_data)
            return _page(request, contract, kind, form, changes=changes)
        AMEND[kind](contract, by=request.user, **form.cleaned_data)
    except DomainError as error:
        add_domain_error(form, error)
        return _page(request, contract, kind, form)
    messages.success(request, "Amendment saved.")
    return redirect("contract", number=contract.number)


def _kind(request: SignedInRequest) -> AmendmentKind:
    asked = request.GET.get("kind", AmendmentKind.UPGRADE)
    if asked not in AmendmentKind.values:
        raise Http404
    return AmendmentKind(asked)


def _changes(
    request: SignedInRequest, contract: Contract, kind: AmendmentKind, values: dict[str, Any]
) -> list[Change]:
    """Say exactly what the amendment will change: make it, look, and take it back."""
    now = timezone.now()
    before = figures_of(contract, now)
    with transaction.atomic():
        AMEND[kind](contract, by=request.user, **values)
        after = figures_of(
            Contract.objects.select_related("edition__plan").get(pk=contract.pk), now
        )
        transaction.set_rollback(True)
    return [
        Change(name, was, after.get(name, ""))
        for name, was in before.items()
        if after.get(name) != was
    ]


def _page(
    request: SignedInRequest,
    contract: Contract,
    kind: AmendmentKind,
    form: Any,
    changes: list[Change] | None = None,
) -> HttpResponse:
    context = {
        "contract": contract,
        "kind": kind,
        "kinds": possible_amendments(contract, timezone.now()),
        "form": form,
        "changes": changes,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "entitlements/amendment_new.html", context, status=status)
