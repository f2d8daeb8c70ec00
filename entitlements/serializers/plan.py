"""Plans, with all terms of the edition on offer."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import Instant, Seconds
from entitlements.choices import BreakFixTerms, ResponseUnit, Severity, TamKind
from entitlements.models import Edition, Plan, ServiceLevel, SeverityDefinition
from sla.models import CalendarVersion


class SeverityOutput(serializers.Serializer[SeverityDefinition]):
    """What a severity means, and the criteria ticked when filing."""

    severity = serializers.ChoiceField(Severity.choices)
    name = serializers.CharField()
    means = serializers.CharField()
    criteria = serializers.ListField(child=serializers.CharField())


class CoverageOutput(serializers.Serializer[CalendarVersion]):
    """Coverage hours: each weekday's windows in a zone. One that ends first runs past midnight."""

    name = serializers.CharField(source="calendar.name")
    text = serializers.CharField(source="hours_text")
    zone = serializers.CharField()
    windows = serializers.DictField(
        child=serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    )
    closures = serializers.ListField(child=serializers.DateField())


class ServiceLevelOutput(serializers.Serializer[ServiceLevel]):
    """What is promised for one severity; without a target there is no promised time."""

    severity = serializers.ChoiceField(Severity.choices)
    coverage = serializers.SerializerMethodField()
    response_value = serializers.IntegerField(allow_null=True)
    response_unit = serializers.ChoiceField(ResponseUnit.choices, allow_blank=True)
    target_seconds = Seconds(source="target", allow_null=True)

    @extend_schema_field(CoverageOutput)
    def get_coverage(self, level: ServiceLevel) -> Any:
        version = self.context["versions"][level.calendar_id]
        version.calendar = level.calendar  # Loaded already, with the levels.
        return CoverageOutput(version).data


class EditionOutput(serializers.Serializer[Edition]):
    """The terms. Counts are for each contract year; null is unlimited."""

    key = serializers.CharField()
    name = serializers.CharField()
    published_at = Instant(allow_null=True)
    premium_incidents_per_year = serializers.IntegerField(allow_null=True)
    technical_contacts = serializers.IntegerField()
    break_fix_incidents = serializers.BooleanField()
    break_fix_terms = serializers.ChoiceField(BreakFixTerms.choices)
    telephone_and_web_tickets = serializers.BooleanField()
    remote_assistance = serializers.BooleanField()
    tam = serializers.ChoiceField(TamKind.choices)
    monthly_incident_report = serializers.BooleanField()
    review_call_days_per_year = serializers.IntegerField()
    health_checks_per_year = serializers.IntegerField()
    private_patches = serializers.BooleanField()
    priority_escalation = serializers.CharField()
    expedited_database_release = serializers.BooleanField()
    phone_required_out_of_hours = serializers.BooleanField()
    service_levels = ServiceLevelOutput(many=True)


class PlanOutput(serializers.Serializer[Plan]):
    """A plan on offer."""

    key = serializers.CharField()
    name = serializers.CharField()
    audience = serializers.CharField()
    edition = EditionOutput(source="offered_edition")


class ComparisonOutput(serializers.Serializer[Any]):
    """Everything that tells the plans apart."""

    plans = PlanOutput(many=True)
    severities = SeverityOutput(many=True)
