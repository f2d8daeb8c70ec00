"""Invitations: sent by a company's manager, accepted by whoever holds the link."""

from http import HTTPStatus

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import InvalidInput, NotAllowed
from accounts.forms import add_domain_error
from accounts.kept_text import kept_initial
from accounts.models import User
from accounts.requests import SignedInRequest
from entitlements.errors import InvitationGone
from entitlements.forms.customer import InvitationForm, NewcomerForm
from entitlements.models import Customer, Invitation
from entitlements.operations.invitation_acceptance import (
    Newcomer,
    accept_invitation,
    has_login,
    open_invitation,
)
from entitlements.operations.invitations import (
    invite_person,
    send_invitation_again,
    withdraw_invitation,
)
from entitlements.permissions import can_manage_company
from entitlements.views.company import seen_company


@login_required
@require_http_methods(["GET", "POST"])
def invite(request: SignedInRequest, slug: str) -> HttpResponse:
    """Ask somebody into the company; the answer is the same whoever the address belongs to."""
    customer = _managed(request, slug)
    form = InvitationForm(
        request.POST if request.method == "POST" else None, initial=kept_initial(request)
    )
    if request.method == "POST" and form.is_valid():
        try:
            invitation = invite_person(customer, by=request.user, **form.cleaned_data)
        except InvalidInput as error:
            add_domain_error(form, error)
        else:
            messages.success(
                request,
                _("The invitation to %(email)s is on its way.") % {"email": invitation.email},
            )
            return _back(request, customer)
    context = {"form": form, "customer": customer}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "entitlements/invitation_new.html", context, status=status)


@login_required
@require_POST
def send_again(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Send a fresh link; the one before is dead."""
    customer = _managed(request, slug)
    invitation = get_object_or_404(Invitation, customer=customer, pk=pk)
    send_invitation_again(invitation, by=request.user)
    messages.success(
        request, _("A new link is on its way to %(email)s.") % {"email": invitation.email}
    )
    return _back(request, customer)


@login_required
@require_POST
def take_back(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Withdraw an invitation."""
    customer = _managed(request, slug)
    invitation = get_object_or_404(Invitation, customer=customer, pk=pk)
    withdraw_invitation(invitation, by=request.user)
    messages.success(
        request, _("The invitation to %(email)s is withdrawn.") % {"email": invitation.email}
    )
    return _back(request, customer)


@never_cache
@require_http_methods(["GET", "POST"])
def show_invitation(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Show who holds the link what they are invited to, and take their yes.

    Looking changes nothing: mail programs follow links by themselves.
    """
    try:
        invitation = open_invitation(secret, now=timezone.now())
    except InvitationGone as error:
        gone = {"why": error.message}
        return render(request, "entitlements/invitation_gone.html", gone, status=error.status)
    user = request.user if request.user.is_authenticated else None
    assert user is None or isinstance(user, User)
    if request.method == "POST" and user is not None:
        membership = accept_invitation(secret, by=user)
        messages.success(request, _("Welcome to %(customer)s.") % {"customer": membership.customer})
        return redirect("company_home", slug=membership.customer.slug)
    knows_them = has_login(invitation)
    form = None
    if user is None and not knows_them:
        form = NewcomerForm(
            request.POST if request.method == "POST" else None,
            email=invitation.email,
            needs_phone=invitation.gives_seat,
            initial={"zone": invitation.customer.timezone},
        )
        if request.method == "POST" and form.is_valid():
            joined = _join(secret, form)
            if joined is not None:
                messages.success(
                    request, _("Welcome to %(customer)s.") % {"customer": invitation.customer}
                )
                answer: HttpResponseBase = perform_login(
                    request, joined, redirect_url=reverse("home")
                )
                return answer
    context = {
        "invitation": invitation,
        "form": form,
        "is_for_reader": user is not None and user.email == invitation.email,
        "reader": user,
        "login_url": f"{reverse('account_login')}?next={request.path}",
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form and form.errors else HTTPStatus.OK
    return render(request, "entitlements/invitation.html", context, status=status)


def _join(secret: str, form: NewcomerForm) -> User | None:
    """Accept for somebody new, or put what is wrong beside the field."""
    try:
        membership = accept_invitation(secret, newcomer=Newcomer(**form.cleaned_data))
    except ValidationError as error:
        form.add_error(None, error.messages)
    except InvalidInput as error:
        add_domain_error(form, error)
    else:
        return membership.user
    return None


def _managed(request: SignedInRequest, slug: str) -> Customer:
    customer = seen_company(request, slug)
    if not can_manage_company(request.user, customer):
        raise NotAllowed(_("Only the company manager or an administrator invites people."))
    return customer


def _back(request: SignedInRequest, customer: Customer) -> HttpResponse:
    if request.user.is_staff_member:
        return redirect("customer", slug=customer.slug)
    return redirect("company_people", slug=customer.slug)
