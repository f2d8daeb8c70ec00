"""The page of a customer's escalation, for both sides, and what is done there."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.kept_text import kept_initial
from accounts.requests import SignedInRequest
from notifications.operations import mark_path_read
from tickets.choices import EscalationEnd
from tickets.forms.escalation import (
    EscalationAnswerForm,
    EscalationEndForm,
    EscalationOwnerForm,
    EscalationWithdrawalForm,
)
from tickets.models import CustomerEscalation
from tickets.operations.escalation_course import (
    answer_escalation,
    end_escalation,
    hand_over_escalation,
)
from tickets.permissions import (
    can_answer_escalation,
    can_withdraw_escalation,
    sees_escalation_as_staff,
)


@login_required
@require_safe
def show_escalation(request: SignedInRequest, pk: int) -> HttpResponse:
    """Show an escalation; unseen and missing are both 404. Effects: its notices are read."""
    escalation = _find(request, pk)
    mark_path_read(escalation.get_absolute_url(), by=request.user, now=timezone.now())
    return _page(request, escalation)


@login_required
@require_POST
def create_escalation_answer(request: SignedInRequest, pk: int) -> HttpResponse:
    """Tell the customer where it stands, and when they hear next."""
    escalation = _find(request, pk)

    def act(typed: dict[str, Any]) -> str:
        answer_escalation(escalation, by=request.user, **typed)
        return "Answered. The customer is told; the escalation stays open until it is ended."

    return _carry_out(request, escalation, "answer", EscalationAnswerForm(request.POST), act)


@login_required
@require_POST
def change_escalation_owner(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give it to another owner."""
    escalation = _find(request, pk)
    form = EscalationOwnerForm(request.POST, customer=escalation.customer, auto_id="id_owner_%s")

    def act(typed: dict[str, Any]) -> str:
        hand_over_escalation(escalation, by=request.user, **typed)
        return f"{typed['to']} owns it now. Both sides are told."

    return _carry_out(request, escalation, "owner", form, act)


@login_required
@require_POST
def create_escalation_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """De-escalate: support says how and why, the customer withdraws it."""
    escalation = _find(request, pk)
    if sees_escalation_as_staff(request.user, escalation):
        form: forms.Form = EscalationEndForm(request.POST, auto_id="id_end_%s")
    else:
        form = EscalationWithdrawalForm(request.POST, auto_id="id_end_%s")

    def act(typed: dict[str, Any]) -> str:
        how = typed.get("how", EscalationEnd.WITHDRAWN)
        end_escalation(escalation, how=how, reason=typed["reason"], by=request.user)
        return _("The escalation is ended.")

    return _carry_out(request, escalation, "end", form, act)


def _find(request: SignedInRequest, pk: int) -> CustomerEscalation:
    visible = CustomerEscalation.objects.visible_to(request.user).with_answers()
    return get_object_or_404(visible, pk=pk)


def _carry_out(
    request: SignedInRequest,
    escalation: CustomerEscalation,
    name: str,
    form: forms.Form,
    act: Callable[[dict[str, Any]], str],
) -> HttpResponse:
    """Do the act and lead back, or show the page with what was typed.

    Raises: NotAllowed, for the error page: who may not do this has no form to come back to.
    """
    status = 422
    if form.is_valid():
        try:
            said = act(form.cleaned_data)
        except NotAllowed:
            raise
        except DomainError as error:
            add_domain_error(form, error)
            status = error.status
        else:
            messages.success(request, said)
            return redirect(escalation)
    elif name != "end" and not can_answer_escalation(request.user, escalation):
        raise NotAllowed("Only its owner or a lead does this.")
    return _page(request, _find(request, escalation.pk), failed={name: form}, status=status)


def _page(
    request: SignedInRequest,
    escalation: CustomerEscalation,
    *,
    failed: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    user, now = request.user, timezone.now()
    is_staff = sees_escalation_as_staff(user, escalation)
    shown: dict[str, forms.Form] = {}
    if escalation.is_open and is_staff and can_answer_escalation(user, escalation):
        shown = {
            "answer": EscalationAnswerForm(initial=kept_initial(request)),
            "owner": EscalationOwnerForm(customer=escalation.customer, auto_id="id_owner_%s"),
            "end": EscalationEndForm(auto_id="id_end_%s"),
        }
    elif escalation.is_open and not is_staff and can_withdraw_escalation(user, escalation):
        shown = {"end": EscalationWithdrawalForm(auto_id="id_end_%s")}
    context = {
        "escalation": escalation,
        "base": "base_staff.html" if is_staff else "base_customer.html",
        "is_staff": is_staff,
        "is_overdue": escalation.is_overdue(now),
        "forms": shown | {name: form for name, form in (failed or {}).items() if name in shown},
        "lost": next((form for name, form in (failed or {}).items() if name not in shown), None),
        "now": now,
    }
    return render(request, "tickets/escalation.html", context, status=status)
