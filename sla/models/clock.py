"""Clocks and what happened to them. Time is stored in UTC, counted in the calendar's zone."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import validate_zone
from sla.business_time import Schedule
from sla.choices import ClockEventKind, ClockState, Obligation
from sla.models.calendar import CalendarVersion, known_versions
from sla.models.ladder import Ladder, LadderVersion
from sla.querysets import ClockQuerySet
from sla.replay import Figures, Happening, Terms, replay


class Clock(models.Model):
    """One obligation, measured.

    Every figure below is what `replay` makes of the clock's events; sla.operations writes them
    together. Units: instants in UTC; `target` and `left` are covered time. `due_at` is None
    while paused. `next_step_at` is the watch's column: None when there is nothing to watch.
    `ladder_from` is set on a clock that was moved to another version of its ladder on the way:
    steps of that version up to then are behind it.
    """

    obligation = models.CharField(
        max_length=16, choices=Obligation.choices, default=Obligation.FIRST_RESPONSE
    )
    calendar_version = models.ForeignKey(
        CalendarVersion, on_delete=models.PROTECT, related_name="clocks"
    )
    zone = models.CharField(max_length=64, validators=[validate_zone])
    target = models.DurationField()
    ladder_version = models.ForeignKey(
        LadderVersion, on_delete=models.PROTECT, related_name="clocks"
    )
    ladder_from = models.DateTimeField(null=True)
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
    def ladder(self) -> Ladder:
        return self.ladder_version.ladder

    @property
    def schedule(self) -> Schedule:
        if Clock.calendar_version.is_cached(self):
            return self.calendar_version.schedule(self.zone)
        return known_versions.get(self.calendar_version_id).schedule(self.zone)

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
    def was_answered_before_hours(self) -> bool:
        """Whether the answer came before any covered time was counted."""
        return self.elapsed_at_stop == timedelta(0) and self.target > timedelta(0)

    @property
    def elapsed_at_stop(self) -> timedelta | None:
        return None if self.stopped_at is None else self.elapsed(self.stopped_at)


class ClockEvent(models.Model):
    """Something that happened to a clock. Append-only: the database refuses a change.

    `at` is the instant that counts, `recorded_at` when it was written. Terms stand on the kinds
    that set them (STARTED, REASSESSED); `ladder_version` also on LADDER_MOVED.
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
    ladder_version = models.ForeignKey(
        LadderVersion, on_delete=models.PROTECT, null=True, related_name="+"
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
