"""A calendar's week drawn: a bar a weekday, and against another version what comes and goes.

Plain data for templates/sla/_week.html; x and width are percentages of the day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sla import wording
from sla.business_time import WEEKDAYS, week_stretches
from sla.calendar_changes import day_hours
from sla.models import CalendarVersion
from sla.ribbon import percent

DAY = timedelta(days=1)
KEPT, ADDED, REMOVED = "kept", "added", "removed"

type Stretch = tuple[timedelta, timedelta]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a day: open before and after, only after, or only before."""

    kind: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One weekday: its bar, its own windows in words, and the ones before when they differ."""

    name: str
    parts: list[Part]
    hours: str
    before: str = ""


def week_rows(version: CalendarVersion, before: CalendarVersion | None = None) -> list[WeekRow]:
    """Draw a version's week; against `before`, each stretch is kept, added or removed.

    A night's tail is drawn on the day it falls on and told with the day its window begins on.
    """
    after_days = week_stretches(version.windows)
    before_days = week_stretches(before.windows) if before else after_days
    rows = []
    for key, name, was, will in zip(
        WEEKDAYS, wording.WEEKDAYS, before_days, after_days, strict=True
    ):
        hours, old = day_hours(version, key), day_hours(before, key)
        rows.append(WeekRow(name, list(_parts(was, will)), hours, old if old != hours else ""))
    return rows


def _parts(was: Iterable[Stretch], will: Iterable[Stretch]) -> Iterator[Part]:
    was, will = list(was), list(will)
    edges = sorted({edge for stretch in [*was, *will] for edge in stretch})
    begin, kind = timedelta(), ""
    for low in [*edges, DAY]:
        now = _kind(_covers(was, low), _covers(will, low)) if low < DAY else ""
        if now == kind:
            continue
        if kind:
            yield Part(kind, percent(100 * (begin / DAY)), percent(100 * ((low - begin) / DAY)))
        begin, kind = low, now


def _covers(stretches: Iterable[Stretch], at: timedelta) -> bool:
    return any(low <= at < high for low, high in stretches)


def _kind(was: bool, will: bool) -> str:  # noqa: FBT001 - two answers to one question
    if was and will:
        return KEPT
    return ADDED if will else REMOVED if was else ""
