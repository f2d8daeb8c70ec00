"""People of a company: added, changed and removed by its manager or an administrator."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.errors import InvalidInput, NotAllowed
from accounts.forms import add_domain_error
from accounts.kept_text import kept_initial
from accounts.requests import SignedInRequest
from entitlements.forms.customer import AccessForm, PersonForm
from entitlements.models import Customer, Membership
from entitlements.operations.customers import add_person, change_membership, remove_person
from entitlements.permissions import can_administer, can_manage_company


@login_required
@require_http_methods(["GET", "POST"])
def add_company_person(request: SignedInRequest, slug: str) -> HttpResponse:
    """Give somebody a place in a company."""
    customer = _managed_customer(request, slug)
    if not can_administer(request.user):
        raise NotAllowed("Only an administrator adds people. Invite them instead.")
    if request.method == "POST":
        form = PersonForm(request.POST)
        if form.is_valid():
            try:
                membership = add_person(customer, by=request.user, **form.cleaned_data)
            except InvalidInput as error:
                add_domain_error(form, error)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, f"{membership.user} added.")
                return redirect_to_company(request, customer)
    else:
        form = PersonForm(initial={"zone": customer.timezone} | kept_initial(request))
    context = {"form": form, "customer": customer}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "entitlements/person_new.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def edit_company_person(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """Change what somebody may do in a company."""
    customer = _managed_customer(request, slug)
    membership = _membership(customer, pk)
    if request.method == "POST":
        form = AccessForm(request.POST)
        if form.is_valid():
            try:
                change_membership(membership, by=request.user, **form.cleaned_data)
            except InvalidInput as error:
                add_domain_error(form, error)
            else:
                messages.success(request, _("Changes saved."))
                return redirect_to_company(request, customer)
    else:
        form = AccessForm(
            initial={
                "is_manager": membership.is_manager,
                "sees_company": membership.sees_company,
                "hears_of_all": membership.hears_of_all,
            }
        )
    context = {"form": form, "customer": customer, "membership": membership}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "entitlements/person_edit.html", context, status=status)


@login_required
@require_POST
def remove_company_person(request: SignedInRequest, slug: str, pk: int) -> HttpResponse:
    """End somebody's place in a company; their seats are taken back."""
    customer = _managed_customer(request, slug)
    membership = remove_person(_membership(customer, pk), by=request.user)
    messages.success(request, _("%(user)s removed.") % {"user": membership.user})
    return redirect_to_company(request, customer)


def redirect_to_company(request: SignedInRequest, customer: Customer) -> HttpResponse:
    """Lead back to the company's page of the reader's own side."""
    page = "customer" if request.user.is_staff_member else "company_people"
    return redirect(page, slug=customer.slug)


def _managed_customer(request: SignedInRequest, slug: str) -> Customer:
    customer = get_object_or_404(Customer.objects.visible_to(request.user), slug=slug)
    if not can_manage_company(request.user, customer):
        raise NotAllowed(_("Only the company manager or an administrator manages people."))
    return customer


def _membership(customer: Customer, pk: int) -> Membership:
    present = Membership.objects.current().select_related("user", "customer")
    return get_object_or_404(present, customer=customer, pk=pk)
