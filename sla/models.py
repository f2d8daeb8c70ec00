"""Calendars, clocks and ladders. Time is stored in UTC and counted in the calendar's zone."""

from datetime import date, datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import validate_zone
from sla import wording
from sla.business_time import Schedule, schedule_for, windows_key
from sla.choices import (
    Audience,
    ClockEventKind,
    ClockState,
    Counting,
    Obligation,
    StepAction,
)
from sla.querysets import ClockQuerySet, HeartbeatQuerySet
from sla.replay import Figures, Happening, Terms, replay


class Calendar(models.Model):
    """Coverage hours under a name. What it says stands in its versions; a change adds one."""

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def current(self) -> "CalendarVersion":
        """The version new clocks are counted on."""
        return self.versions.latest("number")


class CalendarVersion(models.Model):
    """One immutable state of a calendar: weekly windows and closed days, in a zone.

    Units: `windows` maps mon..sun to [["HH:MM", "HH:MM"], …], an end at or before its start runs
    past midnight; `closures` are local dates. Written by sla.operations; the database refuses a
    change, because clocks already counted on it must not move.
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    zone = models.CharField(max_length=64, validators=[validate_zone])
    windows = models.JSONField()
    closures = ArrayField(models.DateField(), default=list, blank=True)
    closure_names = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ("calendar", "-number")
        constraints = (
            models.UniqueConstraint(
                fields=("calendar", "number"), name="a_calendar_numbers_its_versions_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.calendar} v{self.number}"

    def schedule(self, zone: str = "") -> Schedule:
        """Return the precomputed schedule, in `zone` when a contract amends it."""
        return schedule_for(
            zone or self.zone, windows_key(self.windows), tuple(sorted(self.closures))
        )

    def hours_text(self, zone: str = "") -> str:
        """Write the coverage hours in words: "Mon–Fri 09:00–19:00 ET", or "24×7"."""
        if self.schedule().is_always_open:
            return "24×7"
        word = wording.zone_word(timezone.now().astimezone(ZoneInfo(zone or self.zone)))
        return f"{wording.week_words(self.windows)} {word}"

    def closure_name(self, day: date) -> str:
        return str(self.closure_names.get(day.isoformat(), "closed"))


class Ladder(models.Model):
    """Whom to tell as a deadline nears and passes: the plan's priority escalation as data."""

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=40)
    weight = models.PositiveSmallIntegerField(
        default=0, help_text="Weight of the customer's request in the queue; higher comes first."
    )

    class Meta:
        ordering = ("weight",)

    def __str__(self) -> str:
        return self.name


class LadderStep(models.Model):
    """One step of a ladder.

    Units: `share` is a share of the target for steps up to the deadline (1 is the deadline);
    `delay` is the span after the deadline for steps past it, counted as `counting` says, and
    repeated every `delay` when `repeats`.
    """

    ladder = models.ForeignKey(Ladder, on_delete=models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    share = models.DecimalField(max_digits=4, decimal_places=3, null=True, blank=True)
    delay = models.DurationField(null=True, blank=True)
    counting = models.CharField(max_length=8, choices=Counting.choices, default=Counting.COVERED)
    repeats = models.BooleanField(default=False)
    audience = ArrayField(models.CharField(max_length=20, choices=Audience.choices))
    action = models.CharField(max_length=8, choices=StepAction.choices, default=StepAction.TELL)

    class Meta:
        ordering = ("ladder", "order")
        constraints = (
            models.UniqueConstraint(
                fields=("ladder", "order"), name="a_ladder_orders_its_steps_once"
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1, delay__isnull=True, repeats=False)
                | Q(share__isnull=True, delay__gt=timedelta(0)),
                name="a_step_has_a_share_or_a_delay",
            ),
        )

    def __str__(self) -> str:
        if self.is_deadline:
            return "deadline"
        if self.share is not None:
            return f"{self.share * 100:.0f} %"
        return f"{'every' if self.repeats else 'after'} {self.delay}"

    @property
    def is_deadline(self) -> bool:
        return self.share == 1


class Clock(models.Model):
    """One obligation, measured.

    Every figure below is what `replay` makes of the clock's events; sla.operations writes them
    together. Units: instants in UTC; `target` and `left` are covered time. `due_at` is None
    while paused. `next_step_at` is the watch's column: None when there is nothing to watch.
    """

    obligation = models.CharField(
        max_length=16, choices=Obligation.choices, default=Obligation.FIRST_RESPONSE
    )
    calendar_version = models.ForeignKey(
        CalendarVersion, on_delete=models.PROTECT, related_name="clocks"
    )
    zone = models.CharField(max_length=64, validators=[validate_zone])
    target = models.DurationField()
    ladder = models.ForeignKey(Ladder, on_delete=models.PROTECT, related_name="clocks")
    started_at = models.DateTimeField()
    run_from = models.DateTimeField()
    left = models.DurationField()
    due_at = models.DateTimeField(null=True)
    latest_due_at = models.DateTimeField(null=True)
    at_risk_at = models.DateTimeField(null=True)
    waits_for_call = models.BooleanField(default=False)
    paused_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    excused_at = models.DateTimeField(null=True)
    assessment = models.PositiveSmallIntegerField(default=1)
    next_step_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)

    objects: ClassVar[models.Manager["Clock"]] = ClockQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(due_at__isnull=False) | Q(paused_at__isnull=False),
                name="a_clock_is_due_unless_paused",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True) | Q(next_step_at__isnull=True),
                name="a_stopped_clock_is_not_watched",
            ),
        )
        indexes = (
            # The watch asks this every second: only clocks with a step ahead are in it.
            models.Index(
                fields=("next_step_at",),
                condition=Q(next_step_at__isnull=False),
                name="clock_next_step",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_obligation_display()} clock {self.pk}"

    @property
    def schedule(self) -> Schedule:
        return self.calendar_version.schedule(self.zone)

    @property
    def figures(self) -> Figures:
        """The stored figures, in the shape replay gives them."""
        return Figures(
            terms=Terms(self.target, self.schedule),
            started_at=self.started_at,
            run_from=self.run_from,
            left=self.left,
            due_at=self.due_at,
            latest_due_at=self.latest_due_at,
            waits_for_call=self.waits_for_call,
            paused_at=self.paused_at,
            stopped_at=self.stopped_at,
            breached_at=self.breached_at,
            excused_at=self.excused_at,
            assessment=self.assessment,
        )

    def replayed(self) -> Figures:
        """The figures computed anew from the events; one query."""
        events = self.events.select_related("calendar_version").order_by("pk")
        return replay(event.happening() for event in events)

    def state(self, now: datetime) -> ClockState:
        """Where the clock stands at `now`; an answer exactly at the due instant is in time."""
        if self.excused_at is not None:
            return ClockState.EXCUSED
        if self.stopped_at is not None:
            in_time = self.due_at is None or self.stopped_at <= self.due_at
            return ClockState.MET if in_time else ClockState.MISSED
        if self.due_at is None:
            return ClockState.PAUSED
        if now > self.due_at:
            return ClockState.OVERDUE
        if self.waits_for_call and now < self.started_at:
            return ClockState.WAITING_FOR_CALL
        if self.at_risk_at is not None and now >= self.at_risk_at:
            return ClockState.AT_RISK
        return ClockState.RUNNING

    def elapsed(self, now: datetime) -> timedelta:
        """Covered time counted by `now`, or by the stop."""
        return self.figures.elapsed(now)

    def remaining(self, now: datetime) -> timedelta:
        """Covered time left at `now`; negative once overdue."""
        if self.due_at is not None and now > self.due_at:
            return -self.schedule.elapsed(self.due_at, now)
        return max(self.target - self.elapsed(now), timedelta(0))

    @property
    def elapsed_at_stop(self) -> timedelta | None:
        return None if self.stopped_at is None else self.elapsed(self.stopped_at)


class ClockEvent(models.Model):
    """Something that happened to a clock. Append-only: the database refuses a change.

    `at` is the instant that counts, `recorded_at` when it was written. Terms stand on the kinds
    that set them (STARTED, REASSESSED).
    """

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="events")
    kind = models.CharField(max_length=12, choices=ClockEventKind.choices)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.TextField(blank=True)
    calendar_version = models.ForeignKey(
        CalendarVersion, on_delete=models.PROTECT, null=True, related_name="+"
    )
    zone = models.CharField(max_length=64, blank=True)
    target = models.DurationField(null=True)
    counts_from = models.DateTimeField(null=True)
    latest_due_at = models.DateTimeField(null=True)
    waits_for_call = models.BooleanField(default=False)
    superseded_due_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("clock", "pk")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d %H:%M}"

    def happening(self) -> Happening:
        """This event as replay reads it."""
        terms = None
        if self.calendar_version is not None and self.target is not None:
            terms = Terms(self.target, self.calendar_version.schedule(self.zone))
        return Happening(
            kind=ClockEventKind(self.kind),
            at=self.at,
            terms=terms,
            counts_from=self.counts_from,
            latest_due_at=self.latest_due_at,
            waits_for_call=self.waits_for_call,
        )


class StepRecord(models.Model):
    """A ladder step that came due on a clock: exactly one row, whatever fails.

    `acted` is false for steps missed in a downtime that a higher one overtook; `late` when the
    watch came later than the setting WATCH_LATE_AFTER_SECONDS.
    """

    clock = models.ForeignKey(Clock, on_delete=models.CASCADE, related_name="step_records")
    assessment = models.PositiveSmallIntegerField()
    step = models.ForeignKey(LadderStep, on_delete=models.PROTECT, related_name="records")
    occurrence = models.PositiveIntegerField(default=1)
    due_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    late = models.BooleanField(default=False)
    acted = models.BooleanField(default=True)

    class Meta:
        ordering = ("clock", "due_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("clock", "assessment", "step", "occurrence"),
                name="a_step_of_a_clock_is_recorded_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.step} of clock {self.clock_id}"


class Heartbeat(models.Model):
    """When something that must keep running last ran. Written by sla.operations.beat_heart.

    `at` is database time. No index on it, so that PostgreSQL rewrites the row in place.
    """

    WATCH = "watch"

    name = models.SlugField(unique=True)
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["Heartbeat"]] = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S}"
