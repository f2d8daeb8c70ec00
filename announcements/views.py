"""The pages of announcements: all of them, one, and those of who writes them."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.kept_text import page_of
from accounts.requests import SignedInRequest
from accounts.staff_pages import staff_only
from announcements.audience import Concern, size_of
from announcements.forms import AnnouncementForm, ChangeForm, UpdateForm
from announcements.models import Announcement, AnnouncementUpdate
from announcements.operations import (
    HasChanged,
    HasEnded,
    acknowledge_announcement,
    announce,
    change_announcement,
    end_announcement,
    update_announcement,
)
from announcements.permissions import can_announce
from tickets.models import Outbreak

MOST_ENDED = 20


def _for_announcers[**P](
    view: Callable[Concatenate[SignedInRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Refuse staff who announce nothing (403), and show others nothing (404)."""

    @wraps(view)
    def wrapped(request: SignedInRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not can_announce(request.user):
            raise NotAllowed("Duty leads, support managers and administrators announce.")
        return view(request, *args, **kwargs)

    return staff_only(wrapped)


@require_safe
def show_announcements(request: HttpRequest) -> HttpResponse:
    """List what concerns the reader now, what is to come for staff, and what has ended."""
    now = timezone.now()
    visible = Announcement.objects.visible_to(request.user, now).prefetch_related("updates")
    is_staff = request.user.is_authenticated and request.user.is_staff_member
    context = {
        "current": list(visible.current(now)),
        "upcoming": list(visible.upcoming(now).order_by("starts_at")) if is_staff else [],
        "ended": list(visible.ended(now).order_by("-ends_at", "-pk")[:MOST_ENDED]),
        "can_announce": request.user.is_authenticated and can_announce(request.user),
        "is_staff": is_staff,
        "base": base_for(request),
        "now": now,
    }
    return render(request, "announcements/announcement_list.html", context)


@require_safe
def show_announcement(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one with its course; for staff whom it concerns."""
    return _page(request, visible_announcement(request, pk))


@login_required
@require_POST
def create_reading(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take the banner away for whoever has read it, and lead back to the page it stood on."""
    acknowledge_announcement(visible_announcement(request, pk), by=request.user)
    back = page_of(request)
    if back == request.path or not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
@_for_announcers
def new_announcement(request: SignedInRequest) -> HttpResponse:
    """Write one; `then=preview` says who will see it, and announces nothing."""
    outbreaks = Outbreak.objects.visible_to(request.user).open()
    asked = request.GET.get("outbreak", "")
    chosen = (
        outbreaks.filter(pk=int(asked)).first() if asked.isdecimal() and len(asked) < 18 else None
    )
    form = AnnouncementForm(
        request.POST or None,
        outbreaks=outbreaks,
        initial={"outbreak": chosen, "kind": "problem" if chosen else "notice"},
    )
    status, size = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            typed = form.cleaned_data
            if request.POST.get("then") == "preview":
                status, size = 200, size_of(form.concern(), typed["starts_at"] or timezone.now())
            else:
                try:
                    announcement = announce(
                        form.words(),
                        form.concern(),
                        starts_at=typed["starts_at"],
                        ends_at=typed["ends_at"],
                        is_mailed=typed["is_mailed"],
                        outbreak=typed["outbreak"],
                        by=request.user,
                    )
                except NotAllowed:
                    raise
                except DomainError as error:
                    add_domain_error(form, error)
                    status = error.status
                else:
                    messages.success(request, "Announced.")
                    return redirect(announcement)
    context = {"form": form, "size": size, "preview": form.cleaned_data if size else None}
    return render(request, "announcements/announcement_new.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@_for_announcers
def edit_announcement(request: SignedInRequest, pk: int) -> HttpResponse:
    """Correct what it says."""
    announcement = visible_announcement(request, pk)
    if announcement.has_ended(timezone.now()):
        raise HasEnded("It has ended.")
    written = {name: getattr(announcement, name) for name in ChangeForm.base_fields}
    form = ChangeForm(request.POST or None, initial=written)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        seen = form.cleaned_data["revision"]
        try:
            change_announcement(announcement, form.words(), seen=seen, by=request.user)
        except HasChanged as error:
            add_domain_error(form, error)
            # Saved again, they go back to what its page says now.
            form.data = again = request.POST.copy()
            again["revision"] = str(announcement.revision)
            status = error.status
        else:
            messages.success(request, "Saved.")
            return redirect(announcement)
    context = {"form": form, "announcement": announcement}
    return render(request, "announcements/announcement_edit.html", context, status=status)


@require_POST
@_for_announcers
def create_update(request: SignedInRequest, pk: int) -> HttpResponse:
    """Say what is new."""
    return _carry_out(request, pk, "update", update_announcement)


@require_POST
@_for_announcers
def create_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """End it, saying how."""
    return _carry_out(request, pk, "end", end_announcement)


def visible_announcement(request: HttpRequest, pk: int) -> Announcement:
    """Fetch an announcement this reader may see. Raises: Http404."""
    visible = Announcement.objects.visible_to(request.user)
    return get_object_or_404(visible.select_related("outbreak", "written_by"), pk=pk)


def base_for(request: HttpRequest) -> str:
    """Choose the frame by who reads."""
    user = request.user
    if not user.is_authenticated:
        return "base_public.html"
    return "base_staff.html" if user.is_staff_member else "base_customer.html"


def _page(
    request: HttpRequest,
    announcement: Announcement,
    *,
    failed: dict[str, UpdateForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    user, now = request.user, timezone.now()
    is_staff = user.is_authenticated and user.is_staff_member
    is_over, has_begun = announcement.has_ended(now), announcement.starts_at <= now
    context = {
        "announcement": announcement,
        "updates": list(announcement.updates.select_related("by")),
        "is_over": is_over,
        "has_begun": has_begun,
        "is_read": user.is_authenticated and announcement.readings.filter(reader=user).exists(),
        "is_staff": is_staff,
        "base": base_for(request),
        "now": now,
    }
    if is_staff:
        context["size"] = size_of(Concern.of(announcement), now)
        context["read_count"] = announcement.readings.count()
        if user.is_authenticated and can_announce(user) and not is_over:
            context["forms"] = {
                name: UpdateForm(auto_id=f"{name}_%s", has_begun=has_begun)
                for name in ("update", "end")
            } | (failed or {})
    context["failed"] = next(iter((failed or {}).values()), None)
    return render(request, "announcements/announcement.html", context, status=status)


def _carry_out(
    request: SignedInRequest,
    pk: int,
    name: str,
    act: Callable[..., AnnouncementUpdate],
) -> HttpResponse:
    announcement = visible_announcement(request, pk)
    has_begun = announcement.starts_at <= timezone.now()
    form = UpdateForm(request.POST, auto_id=f"{name}_%s", has_begun=has_begun)
    status = 422
    if form.is_valid():
        try:
            update = act(announcement, **form.cleaned_data, by=request.user)
        except NotAllowed:
            raise
        except DomainError as error:
            add_domain_error(form, error)
            status = error.status
        else:
            ended = "Called off." if update.announcement.was_called_off else "Ended."
            messages.success(request, ended if update.is_end else "Added.")
            return redirect(announcement)
    return _page(request, visible_announcement(request, pk), failed={name: form}, status=status)
