"""The roster: who is on duty when, planned from weekly patterns, and what is handed over."""

import hashlib
import secrets
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.contrib.postgres.fields.ranges import DateTimeRangeField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from accounts.models import User, validate_zone
from sla.business_time import WEEKDAYS, Schedule, Span
from sla.choices import DutyRole
from sla.querysets import RosterFeedQuerySet, ShiftPatternQuerySet, ShiftQuerySet

# A window is on one weekday and ends by the next one's midnight at the latest, and no zone is
# further than a day from UTC; in this reach of a date no other week's window is open.
_REACH_BACK = timedelta(days=1)
_REACH_AHEAD = timedelta(days=3)


class ShiftPattern(models.Model):
    """A shift that comes again every week, and who takes it in turn.

    Units: `starts` and `ends` are wall-clock times in `zone`, an end at or before the start is on
    the next day; `from_on` and `until_on` are local dates, both included; each person of `turns`
    has `weeks_each` weeks, counted from the Monday of `from_on`. Written by
    sla.operations.roster; a pattern is ended, never deleted or changed.
    """

    duty = models.CharField(max_length=12, choices=DutyRole.choices)
    weekdays = ArrayField(
        models.CharField(max_length=3, choices=[(day, day) for day in WEEKDAYS]),
    )
    starts = models.TimeField()
    ends = models.TimeField()
    zone = models.CharField(max_length=64, validators=[validate_zone])
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    weeks_each = models.PositiveSmallIntegerField(default=1, validators=[MinValueValidator(1)])

    objects: ClassVar[models.Manager["ShiftPattern"]] = ShiftPatternQuerySet.as_manager()

    class Meta:
        ordering = ("duty", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="a_shift_pattern_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(weeks_each__gte=1), name="a_turn_lasts_a_week_or_more"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_duty_display()} {self.hours_text()}"

    def hours_text(self) -> str:
        """Write when it is, in its own zone: "Mon, Tue 22:00–06:00"."""
        days = [day.capitalize() for day in WEEKDAYS if day in self.weekdays]
        words = f"{days[0]}–{days[-1]}" if self._is_one_run() else ", ".join(days)
        return f"{words} {self.starts:%H:%M}–{self.ends:%H:%M}"

    def falls_on(self, day: date) -> bool:
        return (
            WEEKDAYS[day.weekday()] in self.weekdays
            and self.from_on <= day
            and (self.until_on is None or day <= self.until_on)
        )

    def span_on(self, day: date) -> Span | None:
        """The shift that begins on a local date; None when the clocks skip all of it.

        Where the clocks change, the wall clock holds: a night shift is an hour shorter in spring
        and an hour longer in autumn.
        """
        window = (f"{self.starts:%H:%M}", f"{self.ends:%H:%M}")
        schedule = Schedule.weekly(self.zone, {WEEKDAYS[day.weekday()]: [window]})
        around = datetime.combine(day, time(), tzinfo=UTC)
        spans = schedule.spans(around - _REACH_BACK, around + _REACH_AHEAD)
        if not spans:
            return None
        # An hour that comes twice may open a window twice. The shift ends when its closing time
        # comes for the first time, so that the next one begins where it ends.
        zone = ZoneInfo(self.zone)
        ends = [span.end for span in spans if span.end.astimezone(zone).time() == self.ends]
        return Span(spans[0].start, ends[0] if ends else spans[-1].end)

    def turn_on(self, day: date, people: list[User]) -> User:
        """Whose turn it is on a local date, of the pattern's people in their order."""
        first_monday = self.from_on - timedelta(days=self.from_on.weekday())
        weeks = (day - first_monday).days // 7
        return people[weeks // self.weeks_each % len(people)]

    def people(self) -> list[User]:
        return [turn.person for turn in self.turns.select_related("person").order_by("order")]

    def _is_one_run(self) -> bool:
        numbers = [number for number, day in enumerate(WEEKDAYS) if day in self.weekdays]
        return len(numbers) > 1 and numbers[-1] - numbers[0] == len(numbers) - 1


class ShiftTurn(models.Model):
    """A person's place in a pattern's order of turns."""

    pattern = models.ForeignKey(ShiftPattern, on_delete=models.CASCADE, related_name="turns")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shift_turns"
    )
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("pattern", "order")
        constraints = (
            models.UniqueConstraint(
                fields=("pattern", "order"), name="a_pattern_orders_its_turns_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, {self.order}"


class Shift(models.Model):
    """One person on duty from one instant to another.

    Units: `starts_at` belongs to the shift, `ends_at` does not; `zone` is the one it was planned
    in; `planned_on` is its local date within its pattern. A removed shift stays, so that the
    pattern does not bring it back. Written by sla.operations.roster.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="shifts"
    )
    duty = models.CharField(max_length=12, choices=DutyRole.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=64, validators=[validate_zone])
    pattern = models.ForeignKey(
        ShiftPattern, on_delete=models.PROTECT, null=True, related_name="shifts"
    )
    planned_on = models.DateField(null=True)
    removed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Shift"]] = ShiftQuerySet.as_manager()

    class Meta:
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="a_shift_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(pattern__isnull=True, planned_on__isnull=True)
                | Q(pattern__isnull=False, planned_on__isnull=False),
                name="a_shift_of_a_pattern_names_its_date",
            ),
            models.UniqueConstraint(
                fields=("pattern", "planned_on"), name="a_pattern_plans_a_date_once"
            ),
            ExclusionConstraint(
                name="a_person_is_on_duty_once_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_at"),
                            F("ends_at"),
                            RangeBoundary(),
                            function="TSTZRANGE",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(removed_at__isnull=True),
            ),
        )
        indexes = (
            models.Index(
                fields=("ends_at", "starts_at"),
                condition=Q(removed_at__isnull=True),
                name="shift_time",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, {self.starts_at:%Y-%m-%d %H:%M} to {self.ends_at:%Y-%m-%d %H:%M}"

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)

    def is_on(self, at: datetime) -> bool:
        return self.removed_at is None and self.starts_at <= at < self.ends_at


class HandOver(models.Model):
    """What somebody leaves to the next on duty. Append-only: the database refuses a change.

    `attention` names the tickets that need a look, as the author wrote them.
    """

    shift = models.ForeignKey(Shift, on_delete=models.PROTECT, related_name="hand_overs")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hand_overs"
    )
    body = models.TextField()
    attention = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("-at",), name="hand_over_at"),)

    def __str__(self) -> str:
        return f"Hand-over of {self.author}, {self.at:%Y-%m-%d %H:%M}"


class RosterFeed(models.Model):
    """A secret address that gives a calendar program one person's shifts. Only a hash is kept.

    Written by sla.operations.roster_feed.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="roster_feeds"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["RosterFeed"]] = RosterFeedQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(revoked_at__isnull=True),
                name="a_person_has_one_live_roster_feed",
            ),
        )

    def __str__(self) -> str:
        return f"Roster feed of {self.person}"

    @staticmethod
    def new_secret() -> str:
        """A fresh secret of 256 random bits, shown once."""
        return secrets.token_urlsafe(32)

    @staticmethod
    def digest_of(secret: str) -> str:
        """The stored form: the secret is random, so a plain hash cannot be guessed back."""
        return hashlib.sha256(secret.encode()).hexdigest()
