"""Coverage hours under a name, and their immutable versions."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from accounts.kept_rows import KeptRows
from accounts.models import validate_zone
from sla import wording
from sla.business_time import Schedule, schedule_for, week_length, windows_key


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
    past midnight; `closures` are local dates, named in `closure_names`. They are the holidays of
    `country` and `subdivision` but for the `skipped_holidays`, and the `own_closures`, as they
    were when the version was written: a later edition of the holiday library moves nothing.
    Written by sla.operations; the database refuses a change, because clocks already counted on it
    must not move. `by` is None for versions the catalogue's loader wrote.
    """

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    zone = models.CharField(max_length=64, validators=[validate_zone])
    windows = models.JSONField()
    closures = ArrayField(models.DateField(), default=list, blank=True)
    closure_names = models.JSONField(default=dict, blank=True)
    country = models.CharField(max_length=2, blank=True)
    subdivision = models.CharField(max_length=40, blank=True)
    skipped_holidays = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    own_closures = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.TextField(blank=True)
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
        # Kept on the row: a list of clocks asks several times for each.
        known: dict[str, Schedule] = self.__dict__.setdefault("_schedules", {})
        if zone not in known:
            known[zone] = schedule_for(
                zone or self.zone, windows_key(self.windows), tuple(sorted(self.closures))
            )
        return known[zone]

    def hours_text(self, zone: str = "", language: str | None = None) -> str:
        """Write the coverage hours in words: "Mon–Fri 09:00–19:00 ET", or "24×7".

        In English unless a page gives its reader's language.
        """
        if self.schedule().is_always_open:
            return "24×7"
        word = wording.zone_word(timezone.now().astimezone(ZoneInfo(zone or self.zone)))
        return f"{wording.week_words(self.windows, language)} {word}"

    def closure_name(self, day: date) -> str:
        return str(self.closure_names.get(day.isoformat(), "closed"))

    def closed_between(self, first: date, last: date) -> list[tuple[date, str]]:
        """The closures from one date to another, both included, with their names."""
        return [
            (day, self.closure_name(day)) for day in sorted(self.closures) if first <= day <= last
        ]

    @property
    def week_hours(self) -> timedelta:
        """Open time of a week without closures and without a change of the clocks."""
        return week_length(self.windows)


# A version never changes; the name of its calendar is only shown.
known_versions: KeptRows[CalendarVersion] = KeptRows(
    lambda key: CalendarVersion.objects.select_related("calendar").get(pk=key)
)
