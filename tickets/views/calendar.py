"""Making and changing a calendar: the form, what it would change, then the change.

Here and not lower, because the middle step shows what it would mean for open tickets.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.errors import DomainError, NotAllowed
from accounts.forms import add_domain_error
from accounts.requests import SignedInRequest
from accounts.staff_pages import staff_only
from entitlements.calendar_use import targets_now
from sla.calendar_changes import changes_between, closed_days_between
from sla.calendar_draft import Draft
from sla.calendar_week import week_rows
from sla.errors import CalendarConflict
from sla.forms.calendar import CalendarForm
from sla.forms.calendar_draft import with_mondays_hours
from sla.forms.calendar_saving import CalendarNameForm, CalendarReasonForm
from sla.models import Calendar, CalendarVersion
from sla.operations.calendars import change_calendar, create_calendar, require_newest
from sla.permissions import can_change_calendars
from tickets.calendar_effects import effects_of

# Named on the page; the others are counted.
MOST_MOVED = 50
# What a form posts besides the calendar itself.
NOT_CARRIED = frozenset({"csrfmiddlewaretoken", "then", "reason"})


@dataclass(frozen=True, slots=True)
class Editing:
    """What is edited: a calendar from one of its versions, or a new one."""

    calendar: Calendar
    latest: CalendarVersion | None

    @property
    def is_new(self) -> bool:
        return self.latest is None

    @property
    def number(self) -> int:
        return 0 if self.latest is None else self.latest.number

    @property
    def known(self) -> dict[date, str]:
        """Our own closures that stand already, past ones included."""
        return {} if self.latest is None else dict(Draft.of(self.latest).own_closures)

    def today(self, now: datetime) -> date:
        zone = "UTC" if self.latest is None else self.latest.zone
        return now.astimezone(ZoneInfo(zone)).date()


@require_http_methods(["GET", "POST"])
@staff_only
def show_new_calendar(request: SignedInRequest) -> HttpResponse:
    """Make a calendar, after a look at what it would be."""
    return _edit(request, Editing(Calendar(), None))


@require_http_methods(["GET", "POST"])
@staff_only
def show_calendar_edit(request: SignedInRequest, key: str) -> HttpResponse:
    """Change a calendar, after a look at what it would change."""
    calendar = get_object_or_404(Calendar, key=key)
    return _edit(
        request, Editing(calendar, calendar.versions.select_related("by").latest("number"))
    )


def _edit(request: SignedInRequest, editing: Editing) -> HttpResponse:
    if not can_change_calendars(request.user):
        raise NotAllowed("Only an administrator changes calendars.")
    facts: dict[str, Any] = {"today": editing.today(timezone.now()), "known": editing.known}
    if request.method != "POST":
        draft = Draft.of(editing.latest) if editing.latest is not None else None
        form = CalendarForm(draft=draft, based_on=editing.number, **facts)
        return _form_page(request, editing, form, CalendarNameForm())
    step = request.POST.get("then", "show")
    if step in {"more", "edit", "copy"}:
        typed = with_mondays_hours(request.POST) if step == "copy" else request.POST
        naming = CalendarNameForm(initial={"name": request.POST.get("name", "")})
        return _form_page(request, editing, CalendarForm(typed=typed, **facts), naming)
    form, naming = CalendarForm(request.POST, **facts), CalendarNameForm(request.POST)
    # Both, so that everything that is wrong is said at once.
    if not all([form.is_valid(), not editing.is_new or naming.is_valid()]):
        return _form_page(request, editing, form, naming)
    reasoning = CalendarReasonForm(request.POST if step == "save" else None)
    try:
        require_newest(editing.latest, form.cleaned_data["based_on"] or 0)
        if not reasoning.is_valid():
            return _preview(request, editing, form, reasoning)
        saved = _save(request, editing, form, naming, reasoning.cleaned_data["reason"])
    except NotAllowed:
        raise
    except DomainError as error:
        add_domain_error(naming if error.field == "name" else form, error)
        return _form_page(request, editing, form, naming, refused=error)
    return redirect("calendar", key=saved.key)


def _save(
    request: SignedInRequest,
    editing: Editing,
    form: CalendarForm,
    naming: CalendarNameForm,
    reason: str,
) -> Calendar:
    draft = form.cleaned_data["draft"]
    if editing.is_new:
        name = naming.cleaned_data["name"]
        calendar = create_calendar(name=name, draft=draft, reason=reason, by=request.user)
        messages.success(request, f"{calendar} made. Nothing counts on it yet.")
        return calendar
    version = change_calendar(
        editing.calendar,
        draft=draft,
        based_on=form.cleaned_data["based_on"] or 0,
        reason=reason,
        by=request.user,
    )
    messages.success(
        request, f"Version {version.number} saved. It holds for new tickets; no deadline moved."
    )
    return editing.calendar


def _form_page(
    request: SignedInRequest,
    editing: Editing,
    form: CalendarForm,
    naming: forms.Form,
    *,
    refused: DomainError | None = None,
) -> HttpResponse:
    """Show the form; a refused one with what was typed.

    It stays based on the version it was opened on, until a conflict with a newer one was told.
    """
    failed = form.errors or naming.errors
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    based_on = request.POST.get("based_on", editing.number)
    if isinstance(refused, CalendarConflict):
        status, based_on = HTTPStatus.CONFLICT, editing.number
    context = {
        "calendar": editing.calendar,
        "latest": editing.latest,
        "form": form,
        "naming": naming if editing.is_new else None,
        "based_on": based_on,
        "conflict": refused if isinstance(refused, CalendarConflict) else None,
    }
    return render(request, "tickets/calendar_edit.html", context, status=status)


@dataclass(frozen=True, slots=True)
class PastClosure:
    """A closure of our own that has passed already, added or taken away."""

    on: date
    name: str
    is_added: bool


def _past_closures(known: Mapping[date, str], draft: Draft, today: date) -> list[PastClosure]:
    """What differs in closures of our own before today; holidays of past years are left out."""
    own = draft.own_closures
    return [
        PastClosure(on, own.get(on) or known[on], is_added=on in own)
        for on in sorted(known.keys() ^ own.keys())
        if on < today
    ]


def _preview(
    request: SignedInRequest, editing: Editing, form: CalendarForm, reasoning: forms.Form
) -> HttpResponse:
    """Show what the draft would change, and ask for the reason."""
    now, latest = timezone.now(), editing.latest
    version = form.cleaned_data["draft"].version(editing.calendar, editing.number + 1)
    today = editing.today(now)
    context: dict[str, Any] = {
        "calendar": editing.calendar,
        "name": request.POST.get("name", ""),
        "latest": latest,
        "version": version,
        "changes": changes_between(latest, version),
        "week": week_rows(version, latest),
        "days": closed_days_between(latest, version, today, today + timedelta(days=365)),
        "past_closures": _past_closures(editing.known, form.cleaned_data["draft"], today),
        "today": today,
        "now": now,
        "carried": [
            (name, value)
            for name, values in form.data.lists()  # type: ignore[attr-defined]  # a QueryDict
            if name not in NOT_CARRIED
            for value in values
        ],
        "reasoning": reasoning,
    }
    if latest is not None:
        effects = effects_of(version, reader=request.user, now=now)
        context |= {
            "effects": effects,
            "moved": effects.moved[:MOST_MOVED],
            "targets": targets_now(version, now),
            "is_same": not context["changes"]
            and not closed_days_between(latest, version, date.min, date.max).differ,
        }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if reasoning.errors else HTTPStatus.OK
    return render(request, "tickets/calendar_preview.html", context, status=status)
