"""Which build of the anti-virus databases is the latest: told by the lab, read by all staff."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError
from accounts.forms import add_domain_error
from accounts.requests import SignedInRequest
from tickets.forms.products import BuildForm
from tickets.models import DatabaseBuild
from tickets.operations.database_builds import publish_build
from tickets.permissions import can_publish_builds
from tickets.views.staff import staff_only

SHOWN = 30


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only
def show_builds(request: SignedInRequest) -> HttpResponse:
    """Show the latest builds, and take the next one."""
    form = BuildForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                build = publish_build(by=request.user, **form.cleaned_data)
            except DomainError as error:
                add_domain_error(form, error)
                status = error.status
            else:
                latest = DatabaseBuild.objects.latest_published()
                what = "is the latest database now" if build == latest else "stands on the list"
                messages.success(request, f"{build} {what}.")
                return redirect("database_build_list")
    context = {
        "form": form,
        "builds": DatabaseBuild.objects.select_related("told_by")[:SHOWN],
        "may_publish": can_publish_builds(request.user),
        "now": timezone.now(),
    }
    return render(request, "tickets/database_build_list.html", context, status=status)
