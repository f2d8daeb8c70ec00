"""Which tickets a figure is of: the filters of the page, and the cut of one figure.

The page counts by the same conditions the list of a figure's tickets is narrowed by, and both
read them here, so that a figure and its list are the same number.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Self
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import ExtractHour, ExtractIsoWeekDay
from django.http import QueryDict

from entitlements.choices import Severity
from tickets.measure_querysets import TicketMeasureQuerySet

PERIODS = (4, 13, 26, 52)
SHOWN_FIRST = 13
WEEK = timedelta(weeks=1)
HOURS_OF_WEEK = 7 * 24

# How long ago a ticket was filed, in days from and below; elapsed time, for no age is promised.
AGES: dict[str, tuple[str, int, int | None]] = {
    "0": ("under 1 day", 0, 1),
    "1": ("1 to 3 days", 1, 3),
    "3": ("3 to 7 days", 3, 7),
    "7": ("7 to 14 days", 7, 14),
    "14": ("14 to 30 days", 14, 30),
    "30": ("30 days and more", 30, None),
}

_HAS_CLOCK = Q(due_at__isnull=False)
_ANSWERED_LATE = Q(answered_at__gt=F("due_at"))

# What a list of tickets may be of. All but the backlog are of the tickets filed in the period.
KINDS = {
    "filed": "Filed",
    "decided": "Answered in time or missed",
    "met": "Answered in time",
    "missed": "Missed",
    "excused": "Missed and excused",
    "running": "Promised, still in time",
    "answered": "With a qualified answer",
    "resolved": "Resolved at least once",
    "reopened": "Reopened after being resolved",
    "open": "Open",
}


def home() -> ZoneInfo:
    """The vendor's own zone: weeks and hours of figures are the same for every reader."""
    return ZoneInfo(settings.HOME_ZONE)


def is_of(kind: str, as_of: datetime) -> Q:
    """The condition of being of a kind, as the figures of an instant have it."""
    lapsed = Q(answered_at__isnull=True, is_withdrawn=False, due_at__lt=as_of)
    missed = _HAS_CLOCK & Q(is_excused=False) & (_ANSWERED_LATE | lapsed)
    met = Q(is_excused=False, answered_at__lte=F("due_at"))
    return {
        "filed": Q(),
        "decided": met | missed,
        "met": met,
        "missed": missed,
        "excused": Q(is_excused=True),
        "running": Q(
            due_at__gte=as_of, answered_at__isnull=True, is_withdrawn=False, is_excused=False
        ),
        "answered": Q(covered_seconds__isnull=False),
        "resolved": Q(resolved_at__isnull=False),
        "reopened": Q(resolved_at__isnull=False, reopenings__gt=0),
        "open": Q(is_open=True),
    }[kind]


@dataclass(frozen=True, slots=True)
class Question:
    """Filters and cut, as they stand in an address; what nobody knows narrows nothing.

    Units: `weeks` full weeks with the running one; `week` a Monday; `hour` of the week from Monday
    midnight, 0 to 167. `of` is empty on the page of figures, a kind on a list; `of_plan` is the
    plan of a figure that has one for each.
    """

    weeks: int = SHOWN_FIRST
    plan: str = ""
    customer: str = ""
    product: str = ""
    severity: str = ""
    of: str = ""
    of_plan: str = ""
    week: str = ""
    age: str = ""
    hour: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Self:
        """Read an address."""

        def known(name: str, values: Collection[str]) -> str:
            value = query.get(name, "")
            return value if value in values else ""

        weeks = query.get("weeks", "")
        texts = {name: query.get(name, "").strip() for name in ("plan", "customer", "product")}
        of_plan = query.get("of_plan", "").strip()
        week, hour = query.get("week", ""), query.get("hour", "")
        is_hour = _is_number(hour) and int(hour) < HOURS_OF_WEEK
        return cls(
            weeks=int(weeks) if weeks in {str(one) for one in PERIODS} else SHOWN_FIRST,
            plan=texts["plan"] if _is_key(texts["plan"]) else "",
            customer=texts["customer"].replace("\x00", "")[:200],
            product=texts["product"] if _is_number(texts["product"]) else "",
            severity=known("severity", [str(one.value) for one in Severity]),
            of=known("of", KINDS),
            of_plan=of_plan if _is_key(of_plan) else "",
            week=week if _monday(week) is not None else "",
            age=known("age", AGES),
            hour=hour if is_hour else "",
        )

    def cut(self, of: str, **given: object) -> str:
        """The address of a list: these filters and a figure's own cut."""
        texts: dict[str, Any] = {name: str(value) for name, value in given.items()}
        return replace(self, of=of, **texts).query

    @property
    def page(self) -> Self:
        """The filters alone, as the page of all figures has them."""
        return replace(self, of="", of_plan="", severity="", week="", age="", hour="")

    @property
    def query(self) -> str:
        """The question as it stands in an address; what is not asked stays out."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return urlencode({name: value for name, value in values.items() if value not in {"", None}})

    def since(self, as_of: datetime) -> datetime:
        """The first instant of the period: a Monday's midnight, the running week its last."""
        monday = _monday_of(as_of.astimezone(home()).date()) - (self.weeks - 1) * WEEK
        return _midnight(monday)

    def mondays(self, as_of: datetime) -> list[date]:
        """The Mondays of the period, the oldest first."""
        first = self.since(as_of).astimezone(home()).date()
        return [first + number * WEEK for number in range(self.weeks)]

    def narrow(self, rows: TicketMeasureQuerySet, as_of: datetime) -> TicketMeasureQuerySet:
        """Keep what the filters and the cut leave."""
        rows = self.filtered(rows)
        if self.of_plan:
            rows = rows.filter(plan__key=self.of_plan)
        if self.severity:
            rows = rows.filter(severity=int(self.severity))
        if self.of != "open":
            rows = rows.filter(filed_at__gte=self.since(as_of), filed_at__lte=as_of)
        if self.of:
            rows = rows.filter(is_of(self.of, as_of))
        if (monday := _monday(self.week)) is not None:
            rows = rows.filter(
                filed_at__gte=_midnight(monday), filed_at__lt=_midnight(monday + WEEK)
            )
        if self.age:
            rows = rows.filter(aged(self.age, as_of))
        if self.hour:
            day, hour = divmod(int(self.hour), 24)
            rows = in_hours(rows).filter(day=day + 1, hour=hour)  # type: ignore[misc]  # annotated
        return rows

    def filtered(self, rows: TicketMeasureQuerySet) -> TicketMeasureQuerySet:
        """Keep what plan, customer and product leave; a customer is named by slug or name."""
        if self.plan:
            rows = rows.filter(plan__key=self.plan)
        if self.customer:
            named = Q(customer__slug=self.customer.lower()) | Q(
                customer__name__iexact=self.customer
            )
            rows = rows.filter(named)
        if self.product:
            rows = rows.filter(product=int(self.product))
        return rows


def aged(age: str, as_of: datetime) -> Q:
    """The condition of being of an age, counted from the filing."""
    _, low, high = AGES[age]
    found = Q(filed_at__lte=as_of - timedelta(days=low))
    return found if high is None else found & Q(filed_at__gt=as_of - timedelta(days=high))


def in_hours(rows: TicketMeasureQuerySet) -> TicketMeasureQuerySet:
    """Name the weekday, Monday 1, and the hour each was filed in."""
    return rows.annotate(
        day=ExtractIsoWeekDay("filed_at", tzinfo=home()),
        hour=ExtractHour("filed_at", tzinfo=home()),
    )


def _monday(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.weekday() == 0 and 2000 <= day.year <= 2200 else None


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), home())


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _is_key(text: str) -> bool:
    return len(text) <= 50 and text.replace("-", "").replace("_", "").isalnum()
