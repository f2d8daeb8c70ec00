"""The counting behind the figures: one query each, along the index of the filing instant."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Aggregate, Count, IntegerField, Q
from django.db.models.functions import TruncWeek

from tickets.insight.asking import AGES, aged, home, in_hours, is_of
from tickets.measure_querysets import TicketMeasureQuerySet


@dataclass(frozen=True, slots=True)
class Kept:
    """How promises were kept for one plan, severity and week."""

    plan: int
    severity: int
    week: date
    met: int
    missed: int
    excused: int
    running: int

    @property
    def decided(self) -> int:
        return self.met + self.missed


@dataclass(frozen=True, slots=True)
class Waited:
    """Covered time to the qualified answer, of the tickets of a week or a severity."""

    of: date | int
    answered: int
    median: timedelta
    p90: timedelta


@dataclass(frozen=True, slots=True)
class Reopened:
    """Of a week's tickets, how many were resolved, and how many of those came back."""

    week: date
    resolved: int
    reopened: int


class _Percentile(Aggregate):
    """A value that some ticket really has, with the named share at or below it."""

    function = "PERCENTILE_DISC"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = IntegerField()


def promises_kept(rows: TicketMeasureQuerySet, as_of: datetime) -> list[Kept]:
    """Count by plan, severity and week; weeks without a promise are left out."""
    kinds = ("met", "missed", "excused", "running")
    found = (
        _by_week(rows.filter(due_at__isnull=False))
        .values("plan", "severity", "week")  # type: ignore[misc]  # annotated
        .annotate(**{kind: Count("pk", filter=is_of(kind, as_of)) for kind in kinds})
        .order_by("plan__order", "severity", "week")
    )
    columns = ("plan", "severity", "week", *kinds)
    return [
        Kept(plan, severity, week.date(), *counts)
        for plan, severity, week, *counts in found.values_list(*columns)
        if any(counts)
    ]


def waits(rows: TicketMeasureQuerySet, by: str) -> list[Waited]:
    """Measure by "week" or "severity": the median, and what nine of ten did not exceed."""
    answered = rows.filter(covered_seconds__isnull=False)
    found = (
        (_by_week(answered) if by == "week" else answered)
        .values(by)
        .annotate(
            size=Count("pk"),
            median=_Percentile("covered_seconds", share=0.5),
            p90=_Percentile("covered_seconds", share=0.9),
        )
        .order_by(by)
    )
    return [
        Waited(
            of.date() if isinstance(of, datetime) else of,
            size,
            timedelta(seconds=median),
            timedelta(seconds=p90),
        )
        for of, size, median, p90 in found.values_list(by, "size", "median", "p90")
    ]


def backlog(rows: TicketMeasureQuerySet, as_of: datetime) -> dict[tuple[str, int], int]:
    """Count the open tickets by age and severity, whenever they were filed."""
    counts = {age: Count("pk", filter=aged(age, as_of)) for age in AGES}
    names = {f"age_{age}": count for age, count in counts.items()}
    found = rows.filter(is_open=True).values("severity").annotate(**names).order_by("severity")
    return {
        (age, severity): size
        for severity, *sizes in found.values_list("severity", *names)
        for age, size in zip(AGES, sizes, strict=True)
    }


def reopened(rows: TicketMeasureQuerySet, as_of: datetime) -> list[Reopened]:
    """Count by week what was resolved, and what came back."""
    came_back: Q = is_of("reopened", as_of)
    found = (
        _by_week(rows.filter(is_of("resolved", as_of)))
        .values("week")  # type: ignore[misc]  # annotated
        .annotate(size=Count("pk"), back=Count("pk", filter=came_back))
        .order_by("week")
    )
    return [
        Reopened(week.date(), size, back)
        for week, size, back in found.values_list("week", "size", "back")
    ]


def filed_by_hour(rows: TicketMeasureQuerySet) -> dict[int, int]:
    """Count by hour of the week, from Monday midnight in the vendor's zone."""
    hours = in_hours(rows).values("day", "hour")  # type: ignore[misc]  # annotated
    found = hours.annotate(size=Count("pk")).order_by()
    return {
        (day - 1) * 24 + hour: size for day, hour, size in found.values_list("day", "hour", "size")
    }


def _by_week(rows: TicketMeasureQuerySet) -> TicketMeasureQuerySet:
    return rows.annotate(week=TruncWeek("filed_at", tzinfo=home()))
