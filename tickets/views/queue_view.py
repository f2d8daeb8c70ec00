"""Saving views of the queue, and keeping them in order."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.requests import SignedInRequest
from tickets.forms.queue_view import QueueViewForm
from tickets.models import QueueView
from tickets.operations.queue_views import (
    change_queue_view,
    delete_queue_view,
    open_queue_with,
    save_queue_view,
)
from tickets.permissions import can_change_queue_view, can_share_queue_view
from tickets.views.queue_tabs import saved_query
from tickets.views.staff import staff_only


@staff_only
def queue_views(request: SignedInRequest) -> HttpResponse:
    """Show the views one has; or save the queue that stands at an address under a name."""
    if request.method != "POST":
        return _page(request)
    form = QueueViewForm(request.POST)
    query = saved_query(request.POST.get("address", ""))
    if not form.is_valid():
        return _page(request, form=form, address=request.POST.get("address", ""), status=422)
    try:
        view = save_queue_view(**form.cleaned_data, query=query, by=request.user)
    except NotAllowed:
        raise
    except DomainError as error:
        add_domain_error(form, error)
        address = request.POST.get("address", "")
        return _page(request, form=form, address=address, status=error.status)
    messages.success(request, f"“{view}” is saved.")
    return redirect(f"{reverse('queue')}?saved={view.pk}&{view.query}")


@require_POST
@staff_only
def create_change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Rename a view, and share it or take it back."""
    view = get_object_or_404(QueueView.objects.visible_to(request.user), pk=pk)
    form = QueueViewForm(request.POST, auto_id=f"view_{pk}_%s")
    if not form.is_valid():
        return _page(request, failed={pk: form}, status=422)
    try:
        view = change_queue_view(view, **form.cleaned_data, by=request.user)
    except NotAllowed:
        raise
    except DomainError as error:
        add_domain_error(form, error)
        return _page(request, failed={pk: form}, status=error.status)
    messages.success(request, f"“{view}” is saved.")
    return redirect("queue_views")


@require_POST
@staff_only
def create_removal(request: SignedInRequest, pk: int) -> HttpResponse:
    """Delete a view."""
    view = get_object_or_404(QueueView.objects.visible_to(request.user), pk=pk)
    delete_queue_view(view, by=request.user)
    messages.success(request, f"“{view}” is deleted.")
    return redirect("queue_views")


@require_POST
@staff_only
def create_opening(request: SignedInRequest) -> HttpResponse:
    """Choose the view one's queue begins with; without one, all open tickets again."""
    sent = request.POST.get("view", "")
    seen = QueueView.objects.visible_to(request.user)
    number = int(sent) if sent.isdecimal() and len(sent) < 18 else 0
    view = get_object_or_404(seen, pk=number) if number else None
    open_queue_with(view, by=request.user)
    begins = f"“{view}”" if view else "all open tickets"
    messages.success(request, f"Your queue opens with {begins}.")
    return redirect("queue_views")


def _page(
    request: SignedInRequest,
    *,
    form: QueueViewForm | None = None,
    address: str = "",
    failed: dict[int, QueueViewForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    user = request.user
    views = QueueView.objects.visible_to(user).select_related("owner")
    mine = set(QueueView.objects.filter(opens_for=user).values_list("pk", flat=True))
    lines = [
        {
            "view": view,
            "begins": view.pk in mine,
            "form": (failed or {}).get(view.pk)
            or QueueViewForm(
                initial={"name": view.name, "is_shared": view.is_shared},
                auto_id=f"view_{view.pk}_%s",
            ),
            "can_change": can_change_queue_view(user, view),
            "opened": view.pk in (failed or {}),
        }
        for view in views
    ]
    return render(
        request,
        "tickets/queue_views.html",
        {
            "lines": lines,
            "form": form,
            "address": address,
            "can_share": can_share_queue_view(user),
        },
        status=status,
    )
