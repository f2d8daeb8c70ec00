"""Who counts on a calendar: service levels, contracts, and what would be promised on another."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from entitlements.calendar_versions import current_versions
from entitlements.contract_terms import answer_text
from entitlements.models import Contract, Edition, ServiceLevel
from entitlements.promise import Terms, promise_of_level
from sla.models import Calendar, CalendarVersion


@dataclass(frozen=True, slots=True)
class EditionUse:
    """An edition that counts on a calendar: its levels with their answers, and contracts on it.

    `is_window`: out of these hours its 24x7 clocks start with a call.
    """

    edition: Edition
    answers: list[tuple[ServiceLevel, str]]
    is_window: bool
    contracts: int
    own_zones: int


@dataclass(frozen=True, slots=True)
class TargetNow:
    """When a ticket filed now would be due, before and after; None before for a new calendar."""

    words: str
    levels: list[str]
    before: datetime
    after: datetime

    @property
    def moves(self) -> bool:
        return self.before != self.after


def editions_on(calendar: Calendar, now: datetime) -> list[EditionUse]:
    """The published editions that count on a calendar, with their contracts in force."""
    editions = (
        Edition.objects.filter(
            Q(service_levels__calendar=calendar) | Q(business_calendar=calendar),
            published_at__isnull=False,
        )
        .distinct()
        .select_related("plan")
        .prefetch_related("service_levels__ladder")
        .order_by("plan__order", "key")
    )
    version = calendar.current
    zones: dict[int, list[str]] = defaultdict(list)
    in_force = Contract.objects.filter(edition__in=editions).in_force_at(now)
    for edition_id, zone in in_force.values_list("edition_id", "zone"):
        zones[edition_id].append(zone)
    return [
        EditionUse(
            edition,
            [
                (level, answer_text(level, version))
                for level in edition.service_levels.all()
                if level.calendar_id == calendar.pk
            ],
            is_window=edition.business_calendar_id == calendar.pk
            and edition.phone_required_out_of_hours,
            contracts=len(zones[edition.pk]),
            own_zones=sum(zone != version.zone for zone in zones[edition.pk]),
        )
        for edition in editions
    ]


def targets_now(version: CalendarVersion, now: datetime) -> list[TargetNow]:
    """When tickets filed now would be due with a version that is not saved, against today's.

    Counted in the calendar's zone, for every published target that the calendar has a part in.
    """
    levels = list(
        ServiceLevel.objects.filter(
            Q(calendar=version.calendar_id) | Q(edition__business_calendar=version.calendar_id),
            response_value__isnull=False,
            edition__published_at__isnull=False,
        )
        .select_related("edition__plan", "edition__business_calendar", "calendar", "ladder")
        .order_by("severity", "edition__plan__order", "edition__key")
    )
    versions = current_versions(_calendars(levels))
    changed = versions | {version.calendar_id: version}
    rows: dict[tuple[str, datetime, datetime], list[str]] = defaultdict(list)
    for level in levels:
        terms = Terms(level.edition, None)
        was = promise_of_level(terms, level, versions, now)
        will = promise_of_level(terms, level, changed, now)
        if was.due_at is None or will.due_at is None:
            continue
        # A 24x7 level rests on the business window only where a call would start its clock.
        if level.calendar_id != version.calendar_id and not (
            was.call_required or will.call_required
        ):
            continue
        rows[level.target_text, was.due_at, will.due_at].append(
            f"{level.edition.name}, {level.get_severity_display()}"
        )
    return [
        TargetNow(words, names, before, after) for (words, before, after), names in rows.items()
    ]


def _calendars(levels: Iterable[ServiceLevel]) -> set[int]:
    found: set[int] = set()
    for level in levels:
        found.add(level.calendar_id)
        if level.edition.business_calendar_id is not None:
            found.add(level.edition.business_calendar_id)
    return found
