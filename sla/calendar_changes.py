"""What differs between two versions of a calendar, in words and as days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sla import wording
from sla.business_time import WEEKDAYS
from sla.models import CalendarVersion
from sla.public_holidays import country_name, subdivision_choices

type NamedDay = tuple[date, str]


class Change(NamedTuple):
    """One fact of a calendar, before and after; empty for nothing."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """The closed days of a span of dates, before and after."""

    before: Sequence[NamedDay]
    after: Sequence[NamedDay]

    @property
    def differ(self) -> bool:
        return bool(self.added or self.removed)

    @property
    def added(self) -> list[NamedDay]:
        return _without(self.after, self.before)

    @property
    def removed(self) -> list[NamedDay]:
        return _without(self.before, self.after)


def changes_between(before: CalendarVersion | None, after: CalendarVersion) -> list[Change]:
    """List what differs: the zone, each weekday's windows, the holidays, our own closures."""
    found = [Change("Time zone", before.zone if before else "", after.zone)]
    for key, name in zip(WEEKDAYS, wording.WEEKDAYS, strict=True):
        found.append(Change(name, day_hours(before, key), day_hours(after, key)))
    found.append(Change("Holidays", holidays_words(before), holidays_words(after)))
    found.append(
        Change(
            "Holidays worked",
            ", ".join(before.skipped_holidays) if before else "",
            ", ".join(after.skipped_holidays),
        )
    )
    was, will = (_own(version) for version in (before, after))
    for day in sorted(was.keys() | will.keys()):
        name = f"Closed on {wording.date_words(day)}"
        found.append(Change(name, was.get(day, ""), will.get(day, "")))
    return [change for change in found if change.before != change.after]


def closed_days_between(
    before: CalendarVersion | None, after: CalendarVersion, first: date, last: date
) -> ClosedDays:
    """Compare the closed days from one date to another, both included."""
    return ClosedDays(
        before.closed_between(first, last) if before else [], after.closed_between(first, last)
    )


def day_hours(version: CalendarVersion | None, weekday: str) -> str:
    """Write a weekday's own windows: "09:00–12:00 and 13:00–17:00", or "closed"."""
    if version is None:
        return ""
    windows = version.windows.get(weekday) or ()
    return wording.hours_words(windows) or "closed"


def holidays_words(version: CalendarVersion | None) -> str:
    """Name the country whose holidays close a calendar: "Germany, Bavaria"."""
    if version is None:
        return ""
    if not version.country:
        return "none"
    part = dict(subdivision_choices(version.country)).get(version.subdivision, version.subdivision)
    return ", ".join(word for word in (country_name(version.country), part) if word)


def _own(version: CalendarVersion | None) -> dict[date, str]:
    if version is None:
        return {}
    return {date.fromisoformat(day): name for day, name in version.own_closures.items()}


def _without(days: Sequence[NamedDay], others: Sequence[NamedDay]) -> list[NamedDay]:
    known = {day for day, _ in others}
    return [(day, name) for day, name in days if day not in known]
