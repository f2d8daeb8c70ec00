"""The reader's own notices."""

from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.requests import SignedInRequest
from notifications.models import Notice
from notifications.operations import mark_all_read, mark_hidden_read, mark_read
from notifications.sight import readable_notices, still_readable

PER_PAGE = 50
UNREAD = "unread"


class Filter(NamedTuple):
    """A choice of what is shown."""

    label: str
    url: str
    is_current: bool
    counts_new: bool = False


@login_required
@require_safe
def notice_list(request: SignedInRequest) -> HttpResponse:
    """List what the reader was told, the newest first, by day; on request what is new only.

    What they may no longer read is left out, and counted as new no more.
    """
    if request.user.unread_notices != 0:
        mark_hidden_read(request.user)
    notices = readable_notices(request.user)
    only_new = request.GET.get("show") == UNREAD
    page = reverse("notice_list")
    context = {
        "base": "base_staff.html" if request.user.is_staff_member else "base_customer.html",
        "page_obj": Paginator(notices.unread() if only_new else notices, PER_PAGE).get_page(
            request.GET.get("page")
        ),
        "only_new": only_new,
        "query": f"show={UNREAD}" if only_new else "",
        "filters": [
            Filter(_("All"), page, is_current=not only_new),
            Filter(_("New"), f"{page}?show={UNREAD}", is_current=only_new, counts_new=True),
        ],
    }
    return render(request, "notifications/notice_list.html", context)


@login_required
@require_POST
def notice(request: SignedInRequest, pk: int) -> HttpResponse:
    """Open a notice: it counts as read, and leads to what it tells of.

    Raises: Http404 for somebody else's, and for what they may no longer read.
    """
    found = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    if not still_readable([found], request.user):
        raise Http404
    mark_read(found, by=request.user)
    if found.path and url_has_allowed_host_and_scheme(found.path, allowed_hosts=None):
        return redirect(found.path)
    return redirect("notice_list")


@login_required
@require_POST
def create_reading(request: SignedInRequest) -> HttpResponse:
    """Mark all of the reader's notices as read."""
    count = mark_all_read(by=request.user)
    if count:
        messages.success(request, _("All notices are marked as read."))
    return redirect("notice_list")
