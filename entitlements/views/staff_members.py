"""People who work for the vendor, and their roles."""

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.errors import InvalidInput, NotAllowed
from accounts.forms import add_domain_error
from accounts.kept_text import kept_initial
from accounts.models import User
from accounts.operations import change_roles, create_staff_member
from accounts.permissions import can_manage_people
from accounts.requests import SignedInRequest
from entitlements.forms.staff import RolesForm, StaffMemberForm
from entitlements.history import history_of


@login_required
@require_GET
def show_staff_members(request: SignedInRequest) -> HttpResponse:
    """List everybody with a role."""
    _require_administrator(request)
    people = User.objects.staff().order_by("-is_active", "name", "pk").prefetch_related("tam_teams")
    return render(request, "entitlements/person_list.html", {"people": people})


@login_required
@require_http_methods(["GET", "POST"])
def add_staff_member(request: SignedInRequest) -> HttpResponse:
    """Make a login for somebody on our side."""
    _require_administrator(request)
    if request.method == "POST":
        form = StaffMemberForm(request.POST)
        if form.is_valid():
            try:
                user = create_staff_member(by=request.user, **form.cleaned_data)
            except ValidationError as error:
                _add_field_errors(form, error)
            else:
                messages.success(request, f"{user} added.")
                return redirect("person_list")
    else:
        form = StaffMemberForm(initial=kept_initial(request))
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "entitlements/staff_member_new.html", {"form": form}, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def edit_staff_member(request: SignedInRequest, pk: int) -> HttpResponse:
    """Give and take roles."""
    _require_administrator(request)
    person = get_object_or_404(User.objects.staff(), pk=pk)
    if request.method == "POST":
        form = RolesForm(request.POST)
        if form.is_valid():
            try:
                change_roles(person, by=request.user, **form.cleaned_data)
            except InvalidInput as error:
                add_domain_error(form, error)
            else:
                messages.success(request, "Roles saved.")
                return redirect("person_list")
    else:
        form = RolesForm(initial={"roles": person.roles})
    context = {
        "form": form,
        "person": person,
        "history": history_of(person),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "entitlements/staff_member_edit.html", context, status=status)


def _require_administrator(request: SignedInRequest) -> None:
    if not can_manage_people(request.user):
        raise NotAllowed("Only an administrator manages people and access.")


def _add_field_errors(form: StaffMemberForm, error: ValidationError) -> None:
    """Put what the model refuses beside its field; what has no field here goes on top."""
    for field, problems in error.message_dict.items():
        form.add_error(field if field in form.fields else None, problems)
