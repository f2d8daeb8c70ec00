"""Sets of clocks."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import (
    Aggregate,
    Case,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Now

from accounts.choices import Role
from sla.business_time import Span
from sla.choices import ClockEventKind, DutyRole
from sla.gaps import uncovered

if TYPE_CHECKING:  # The models name these querysets; only the annotations look back.
    from accounts.models import User
    from sla.models import (  # noqa: F401 - named in base classes, as text
        Clock,
        ClockAudit,
        ClockEvent,
        Heartbeat,
        Ladder,
        RosterFeed,
        Shift,
        ShiftPattern,
        StepRecord,
    )

# Who may be on duty for what; a support manager stands in for a duty lead.
DUTY_ROLES: dict[DutyRole, tuple[Role, ...]] = {
    DutyRole.ENGINEER: (Role.ENGINEER,),
    DutyRole.DUTY_LEAD: (Role.DUTY_LEAD, Role.SUPPORT_MANAGER),
}

# A swap is between shifts people can weigh against each other.
SWAPPED_WITHIN = timedelta(days=14)


class LadderQuerySet(models.QuerySet["Ladder"]):
    """Questions about ladders."""

    def of_plans(self) -> "LadderQuerySet":
        """Those that a plan can promise: all but the quiet one."""
        return self.exclude(key=self.model.QUIET_KEY)


class ClockQuerySet(models.QuerySet["Clock"]):
    """Questions about clocks."""

    def running(self) -> "ClockQuerySet":
        """Clocks still owed an answer, overdue ones included."""
        return self.filter(stopped_at__isnull=True)

    def due(self, now: datetime) -> "ClockQuerySet":
        """Clocks with a ladder step whose time has come; served by one partial index."""
        return self.filter(next_step_at__lte=now).order_by("next_step_at", "pk")

    def climbing(self, ladder: "Ladder") -> "ClockQuerySet":
        """Open clocks on any version of a ladder."""
        return self.running().filter(ladder_version__ladder=ladder)

    def movable(self) -> "ClockQuerySet":
        """Clocks whose next step is known; of one set aside it is not."""
        return self.filter(trouble="")

    def set_aside(self) -> "ClockQuerySet":
        """Clocks on which acting failed; the watch tries them again at `next_step_at`."""
        return self.running().filter(trouble__gt="")

    def backlog(self) -> "Backlog":
        """What the watch has not come to yet, in database time."""
        oldest = ExpressionWrapper(
            Now() - Min("next_step_at", default=Now()), output_field=DurationField()
        )
        found = self.filter(next_step_at__lte=Now()).aggregate(count=Count("pk"), age=oldest)
        return Backlog(**found)


@dataclass(frozen=True, slots=True)
class Backlog:
    """Clocks with a step due and not recorded, and for how long the oldest waits."""

    count: int
    age: timedelta


@dataclass(frozen=True, slots=True)
class Lag:
    """How long after their time steps were recorded. None where nothing was."""

    count: int
    p50: timedelta | None
    p95: timedelta | None
    p99: timedelta | None
    longest: timedelta | None


class Percentile(Aggregate):
    """The value below which a share of the values lies, between two of them if need be."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()

    def __init__(self, expression: Any, *, share: float) -> None:
        super().__init__(expression, share=share)


class StepRecordQuerySet(models.QuerySet["StepRecord"]):
    """Questions about what the watch recorded."""

    def lag(self, span: timedelta) -> Lag:
        """How late the steps of the last `span` were recorded, in database time.

        A step that a later event of its clock put into the past, as an overturned answer does,
        counts from that event: the watch could not have known before. Only late ones are asked
        for it, which are few.
        """
        changed = (
            self._clock_events()
            .filter(clock=OuterRef("clock"), recorded_at__lte=OuterRef("recorded_at"))
            .exclude(kind=ClockEventKind.MISSED)
            .order_by("-recorded_at")
            .values("recorded_at")[:1]
        )
        known_at = Case(
            When(late=True, then=Greatest("due_at", Coalesce(Subquery(changed), "due_at"))),
            default=F("due_at"),
        )
        lag = ExpressionWrapper(F("recorded_at") - known_at, output_field=DurationField())
        return Lag(
            **self.filter(recorded_at__gt=Now() - span)
            .annotate(lag=lag)
            .aggregate(
                count=Count("pk"),
                p50=Percentile("lag", share=0.5),
                p95=Percentile("lag", share=0.95),
                p99=Percentile("lag", share=0.99),
                longest=Max("lag"),
            )
        )

    def _clock_events(self) -> "models.QuerySet[ClockEvent]":
        """Every event, from the registry: querysets load before models."""
        return apps.get_model("sla", "ClockEvent").objects.all()


class ClockAuditQuerySet(models.QuerySet["ClockAudit"]):
    """Questions about self-audits, the newest first."""

    def running(self) -> "ClockAuditQuerySet":
        return self.filter(ended_at__isnull=True)

    def latest_complete(self) -> "ClockAudit | None":
        """The last one that looked at every clock."""
        return self.filter(ended_at__isnull=False, trouble="", cancelled_by=None).first()


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    """Questions about what must keep running."""

    def age_of(self, name: str) -> timedelta | None:
        """How long ago it last ran, in database time; None when it never did."""
        age = ExpressionWrapper(Now() - F("at"), output_field=DurationField())
        return self.filter(name=name).values_list(age, flat=True).first()


class ShiftQuerySet(models.QuerySet["Shift"]):
    """Questions about the roster."""

    def planned(self) -> "ShiftQuerySet":
        """Shifts that were not removed."""
        return self.filter(removed_at__isnull=True)

    def manned(self) -> "ShiftQuerySet":
        """Planned shifts whose person is still here and still has a role for the duty."""
        able = Q()
        for duty, roles in DUTY_ROLES.items():
            able |= Q(duty=duty, person__roles__overlap=[role.value for role in roles])
        return self.planned().filter(able, person__is_active=True)

    def served(self, now: datetime) -> "ShiftQuerySet":
        """Shifts that were done by `now`, whatever became of their people, and manned ones."""
        manned = self.manned().order_by().values("pk")
        return self.planned().filter(Q(ends_at__lte=now) | Q(pk__in=manned))

    def between(self, start: datetime, end: datetime) -> "ShiftQuerySet":
        """Shifts that have some of the time from start to end."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def on_duty(self, at: datetime, duty: DutyRole) -> "ShiftQuerySet":
        """The shifts of those on duty at an instant; an end is not part of a shift."""
        return self.on_any_duty(at).filter(duty=duty)

    def on_any_duty(self, at: datetime) -> "ShiftQuerySet":
        """The shifts of those on duty at an instant, for whatever."""
        return self.manned().filter(starts_at__lte=at, ends_at__gt=at).select_related("person")

    def people_on_duty(self, at: datetime, duty: DutyRole) -> "list[User]":
        """Who is on duty at an instant; nobody when the roster has a gap."""
        return [shift.person for shift in self.on_duty(at, duty)]

    def gaps(self, start: datetime, end: datetime, duty: DutyRole) -> list[Span]:
        """List the stretches from start to end with nobody on duty; one query."""
        found = self.manned().filter(duty=duty).between(start, end)
        spans = found.values_list("starts_at", "ends_at")
        return uncovered(start, end, [Span(*span) for span in spans])

    def after(self, shift: "Shift") -> list["Shift"]:
        """The shifts a hand-over is for: others of the duty at its end, else the next to start."""
        others = (
            self.manned()
            .filter(duty=shift.duty, ends_at__gt=shift.ends_at)
            .exclude(person=shift.person_id)
            .select_related("person")
            .order_by("starts_at", "pk")
        )
        then = list(others.filter(starts_at__lte=shift.ends_at))
        return then or list(others.filter(starts_at__gt=shift.ends_at)[:1])

    def exchangeable(self, shift: "Shift", now: datetime) -> "ShiftQuerySet":
        """Others' coming shifts of the same duty near in time, to swap a shift for."""
        return (
            self.manned()
            .filter(duty=shift.duty, starts_at__gt=now)
            .between(shift.starts_at - SWAPPED_WITHIN, shift.ends_at + SWAPPED_WITHIN)
            .exclude(person=shift.person_id)
            .select_related("person")
        )


class ShiftPatternQuerySet(models.QuerySet["ShiftPattern"]):
    """Questions about patterns."""

    def current(self, on: date) -> "ShiftPatternQuerySet":
        """Patterns that have not ended by a date."""
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=on))


class RosterFeedQuerySet(models.QuerySet["RosterFeed"]):
    """Questions about feeds."""

    def live(self) -> "RosterFeedQuerySet":
        """Feeds that were not revoked and whose person still works for us."""
        return self.filter(
            revoked_at__isnull=True, person__is_active=True, person__roles__len__gt=0
        )
