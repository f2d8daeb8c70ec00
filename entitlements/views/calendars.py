"""Coverage calendars to read: all of them, and one with its year, its versions and who uses it.

Changing one stands in tickets: the page shows what it would mean for open tickets.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.requests import SignedInRequest
from entitlements.calendar_use import editions_on
from entitlements.calendar_versions import current_versions
from entitlements.comparison import coverage_text
from entitlements.views.reference import require_terms_reader
from sla.calendar_changes import Change, changes_between, closed_days_between, holidays_words
from sla.calendar_week import WeekRow, week_rows
from sla.calendar_year import FIRST_YEAR, LAST_YEAR, year_of
from sla.models import Calendar, CalendarVersion, Clock
from sla.permissions import can_change_calendars

NEXT_CLOSURES = 4


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """A calendar in the list."""

    calendar: Calendar
    version: CalendarVersion
    hours: str
    week: list[WeekRow]
    closures: Sequence[tuple[date, str]]
    open_clocks: int


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version in a calendar's history: what changed, and how many open clocks count on it."""

    version: CalendarVersion
    changes: list[Change]
    holidays_moved: int
    open_clocks: int


@login_required
@require_GET
def show_calendars(request: SignedInRequest) -> HttpResponse:
    """Show each calendar's week, its next closures and how many open clocks count on it."""
    require_terms_reader(request)
    now = timezone.now()
    calendars = Calendar.objects.annotate(
        open_clocks=Count("versions__clocks", filter=Q(versions__clocks__stopped_at__isnull=True))
    )
    versions = current_versions(calendar.pk for calendar in calendars)
    lines = [
        CalendarLine(
            calendar,
            version,
            coverage_text(version),
            week_rows(version),
            version.closed_between(_today(version), date.max)[:NEXT_CLOSURES],
            calendar.open_clocks,
        )
        for calendar in calendars
        if (version := versions.get(calendar.pk)) is not None
    ]
    context = {"lines": lines, "now": now, "can_change": can_change_calendars(request.user)}
    return render(request, "entitlements/calendar_list.html", context)


@login_required
@require_GET
def show_calendar(request: SignedInRequest, key: str) -> HttpResponse:
    """Show one calendar: its week, a year of it, who counts on it, and how it came to be."""
    require_terms_reader(request)
    calendar = get_object_or_404(Calendar, key=key)
    versions = list(calendar.versions.select_related("by"))
    version, today = versions[0], _today(versions[0])
    year = _year(request, today.year)
    running = Clock.objects.filter(calendar_version__calendar=calendar, stopped_at__isnull=True)
    counts = running.order_by().values("calendar_version").annotate(size=Count("pk"))
    history = _history(versions, dict(counts.values_list("calendar_version", "size")))
    context = {
        "calendar": calendar,
        "version": version,
        "hours": coverage_text(version),
        "holidays": holidays_words(version),
        "week": week_rows(version),
        "year": year_of(version, year),
        "year_before": year - 1 if year > FIRST_YEAR else None,
        "year_after": year + 1 if year < LAST_YEAR else None,
        "today": today,
        "uses": editions_on(calendar, timezone.now()),
        "history": history,
        "open_clocks": sum(line.open_clocks for line in history),
        "on_older": sum(line.open_clocks for line in history[1:]),
        "can_change": can_change_calendars(request.user),
    }
    return render(request, "entitlements/calendar.html", context)


def _history(
    versions: Sequence[CalendarVersion], open_clocks: Mapping[int, int]
) -> list[VersionLine]:
    """The versions, newest first, each against the one before it."""
    lines = []
    for version, before in zip(versions, [*versions[1:], None], strict=True):
        changes = changes_between(before, version) if before is not None else []
        days = closed_days_between(before, version, date.min, date.max)
        own = set(version.own_closures) | set(before.own_closures if before else ())
        moved = [day for day, _ in (*days.added, *days.removed) if day.isoformat() not in own]
        lines.append(
            VersionLine(
                version,
                changes,
                len(moved) if before is not None else 0,
                open_clocks.get(version.pk, 0),
            )
        )
    return lines


def _today(version: CalendarVersion) -> date:
    return timezone.now().astimezone(ZoneInfo(version.zone)).date()


def _year(request: SignedInRequest, this_year: int) -> int:
    """The year the address names, or else this one."""
    text = request.GET.get("year", "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else this_year
    return min(max(number, FIRST_YEAR), LAST_YEAR)
