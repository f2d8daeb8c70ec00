"""Plans, their published editions, and the service levels an edition promises."""

from datetime import timedelta
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.kept_rows import KeptRows
from entitlements.choices import BreakFixTerms, ResponseUnit, Severity, TamKind
from sla.models import Calendar, Ladder


class SeverityDefinition(models.Model):
    """What a severity means and the criteria a customer ticks, in the catalogue's words."""

    severity = models.PositiveSmallIntegerField(choices=Severity.choices, unique=True)
    name = models.CharField(max_length=20)
    means = models.TextField()
    criteria = ArrayField(models.CharField(max_length=200))

    class Meta:
        ordering = ("severity",)

    def __str__(self) -> str:
        return self.name


class Plan(models.Model):
    """A tier a customer can hold. Its terms stand in its editions."""

    STANDARD_KEY = "standard"

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    audience = models.CharField(max_length=200)
    order = models.PositiveSmallIntegerField(unique=True)
    offered_edition = models.ForeignKey(
        "Edition",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The edition a new contract gets and the public comparison shows.",
    )

    class Meta:
        ordering = ("order",)

    def __str__(self) -> str:
        return self.name


class Edition(models.Model):
    """A dated set of terms; immutable once published (the database refuses a change).

    Units: `premium_incidents_per_year` counts per contract year, None is unlimited;
    `technical_contacts` is a limit of holders; the others count per contract year.
    Source: the plan catalogue.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="editions")
    key = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    audience = models.CharField(max_length=200)
    source = models.CharField(max_length=120)
    published_at = models.DateTimeField(null=True, blank=True)
    premium_incidents_per_year = models.PositiveIntegerField(null=True, blank=True)
    technical_contacts = models.PositiveIntegerField()
    break_fix_incidents = models.BooleanField()
    telephone_and_web_tickets = models.BooleanField()
    remote_assistance = models.BooleanField()
    tam = models.CharField(max_length=10, choices=TamKind.choices)
    monthly_incident_report = models.BooleanField()
    review_call_days_per_year = models.PositiveSmallIntegerField()
    health_checks_per_year = models.PositiveSmallIntegerField()
    private_patches = models.BooleanField()
    priority_escalation = models.CharField(max_length=10)
    expedited_database_release = models.BooleanField()
    phone_required_out_of_hours = models.BooleanField()
    break_fix_terms = models.CharField(max_length=10, choices=BreakFixTerms.choices)
    business_calendar = models.ForeignKey(
        Calendar,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The business window outside which a phone call starts a 24x7 clock.",
    )

    class Meta:
        ordering = ("plan__order", "-published_at", "key")
        constraints = (
            models.CheckConstraint(
                condition=Q(phone_required_out_of_hours=False) | Q(business_calendar__isnull=False),
                name="a_call_rule_names_its_business_window",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_standard(self) -> bool:
        """Whether these are the terms of customers without an MSA contract."""
        return self.plan.key == Plan.STANDARD_KEY

    @property
    def has_unlimited_incidents(self) -> bool:
        return self.premium_incidents_per_year is None


# A published edition never changes; its plan's name is only shown.
known_editions: KeptRows[Edition] = KeptRows(
    lambda key: Edition.objects.select_related("plan").get(pk=key)
)


class ServiceLevel(models.Model):
    """What an edition promises for one severity: coverage, target or none, ladder.

    Units: `response_value` in `response_unit`, None means no promised time. `ladder` is set
    exactly when there is a target. Immutable with its edition.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="service_levels")
    severity = models.PositiveSmallIntegerField(choices=Severity.choices)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")
    response_value = models.PositiveIntegerField(null=True, blank=True)
    response_unit = models.CharField(max_length=16, choices=ResponseUnit.choices, blank=True)
    ladder = models.ForeignKey(
        Ladder, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ("edition", "severity")
        constraints = (
            models.UniqueConstraint(
                fields=("edition", "severity"), name="an_edition_promises_each_severity_once"
            ),
            models.CheckConstraint(
                condition=Q(response_value__isnull=True, response_unit="", ladder__isnull=True)
                | Q(
                    response_value__isnull=False,
                    response_unit__in=ResponseUnit.values,
                    ladder__isnull=False,
                ),
                name="a_target_has_a_unit_and_a_ladder",
            ),
        )

    UNIT_SPANS: ClassVar[dict[str, timedelta]] = {
        ResponseUnit.MINUTES: timedelta(minutes=1),
        ResponseUnit.HOURS: timedelta(hours=1),
        ResponseUnit.WORKING_HOURS: timedelta(hours=1),
    }

    def __str__(self) -> str:
        return f"{self.edition}, {self.get_severity_display()}"

    @property
    def target(self) -> timedelta | None:
        """The response target as covered time; None when there is no promised time."""
        if self.response_value is None:
            return None
        return self.response_value * self.UNIT_SPANS[self.response_unit]

    @property
    def target_text(self) -> str:
        """The target in the catalogue's words: "8 working hours", or "—" for none."""
        if self.response_value is None:
            return "—"
        unit = str(ResponseUnit(self.response_unit).label)
        return (
            f"{self.response_value} {unit.removesuffix('s') if self.response_value == 1 else unit}"
        )


def _levels_of(edition_id: int) -> list[ServiceLevel]:
    levels = ServiceLevel.objects.filter(edition=edition_id).select_related("calendar", "ladder")
    edition = known_editions.get(edition_id)
    for level in levels:
        level.edition = edition
    return sorted(levels, key=lambda level: level.severity)


# Immutable with their edition; the names of their calendars and ladders are only shown.
known_levels: KeptRows[list[ServiceLevel]] = KeptRows(_levels_of)
