"""Changes of calendars: a version is added, and moves nothing that was counted before."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from sla.business_time import BusinessTimeError, UnknownZone
from sla.calendar_changes import changes_between
from sla.calendar_draft import Draft, Windows
from sla.errors import CalendarConflict
from sla.models import Calendar, CalendarVersion
from sla.permissions import can_change_calendars

# Keys that are addresses of their own.
RESERVED = frozenset({"new"})


@transaction.atomic
def create_calendar(
    *, name: str, draft: Draft, reason: str, by: User, now: datetime | None = None
) -> Calendar:
    """Make a calendar with its first version. Nothing counts on it until an edition names it.

    Raises: NotAllowed, InvalidInput. Effects: one Calendar, one CalendarVersion, one audit row.
    """
    moment = now or timezone.now()
    _require_administrator(by)
    _require_reason(reason)
    name = name.strip()
    key = slugify(name)[:50].strip("-")
    if not key or key in RESERVED:
        raise InvalidInput(
            "Give it a name with letters or digits, such as Berlin hours.", field="name"
        )
    calendar = Calendar(key=key, name=name)
    try:
        with transaction.atomic():
            calendar.save()
    except IntegrityError as error:
        raise InvalidInput("Another calendar has this name.", field="name") from error
    version = _add_version(calendar, draft, None, reason=reason, by=by, now=moment)
    record_change(
        "calendar made", calendar, by=by, changes=_told(None, version), reason=reason, now=moment
    )
    return calendar


@transaction.atomic
def change_calendar(
    calendar: Calendar,
    *,
    draft: Draft,
    based_on: int,
    reason: str,
    by: User,
    now: datetime | None = None,
) -> CalendarVersion:
    """Add a version to a calendar, for what is filed from now on.

    Clocks already started stay on theirs. `based_on` is the number of the version that was edited.
    Raises: NotAllowed, InvalidInput; CalendarConflict when a newer version was saved meanwhile.
    Effects: one CalendarVersion, one audit row, under a lock of the calendar.
    """
    moment = now or timezone.now()
    _require_administrator(by)
    _require_reason(reason)
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    latest = calendar.versions.select_related("by").latest("number")
    require_newest(latest, based_on)
    version = _add_version(calendar, draft, latest, reason=reason, by=by, now=moment)
    changes = _told(latest, version)
    if not changes and version.closures == sorted(latest.closures):
        raise InvalidInput(f"This is what version {latest.number} says already.")
    record_change("calendar changed", calendar, by=by, changes=changes, reason=reason, now=moment)
    return version


@transaction.atomic
def publish_calendar(
    calendar: Calendar,
    *,
    zone: str,
    windows: Windows,
    country: str = "",
    own_closures: Mapping[date, str] | None = None,
) -> CalendarVersion:
    """Add a version as the portal itself, when the catalogue is loaded.

    Raises: InvalidInput for hours that make no schedule. Effects: one CalendarVersion.
    """
    calendar = Calendar.objects.select_for_update().get(pk=calendar.pk)
    latest = calendar.versions.order_by("-number").first()
    draft = Draft(zone, windows, country, own_closures=own_closures or {})
    return _add_version(calendar, draft, latest, reason="", by=None, now=timezone.now())


def require_newest(latest: CalendarVersion | None, based_on: int) -> None:
    """Raises: CalendarConflict when an edit began on another version than the newest."""
    if latest is not None and latest.number != based_on:
        raise CalendarConflict(
            f"{latest.by or 'The portal'} saved version {latest.number} while you were editing "
            f"version {based_on}. What you typed is kept: look at what it changes now."
        )


def _add_version(
    calendar: Calendar,
    draft: Draft,
    latest: CalendarVersion | None,
    *,
    reason: str,
    by: User | None,
    now: datetime,
) -> CalendarVersion:
    version = draft.version(calendar, 1 if latest is None else latest.number + 1)
    version.by, version.reason, version.created_at = by, reason.strip(), now
    try:
        version.schedule()
    except UnknownZone as error:
        raise InvalidInput(str(error), field="zone") from error
    except BusinessTimeError as error:
        raise InvalidInput(str(error), field="week") from error
    version.save()
    return version


def _told(before: CalendarVersion | None, after: CalendarVersion) -> dict[str, list[str]]:
    return {name: [was, will] for name, was, will in changes_between(before, after)}


def _require_administrator(by: User) -> None:
    if not can_change_calendars(by):
        raise NotAllowed("Only an administrator changes calendars.")


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise InvalidInput("Say why: it stays with the version.", field="reason")
