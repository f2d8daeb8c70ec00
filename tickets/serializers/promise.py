"""What would be promised for a ticket, before it is filed."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import Instant, Seconds, StrictInput
from entitlements.choices import Severity
from entitlements.plan_promises import PlanPromise
from entitlements.serializers.company import IncidentsOutput
from tickets.choices import TicketKind
from tickets.serializers.clock import ExplanationOutput


class PromiseQuery(StrictInput):
    """For which ticket."""

    company = serializers.SlugField(max_length=60)
    kind = serializers.ChoiceField([TicketKind.PREMIUM, TicketKind.BREAK_FIX])
    severity = serializers.ChoiceField(Severity.choices)

    def validate_severity(self, value: int) -> Severity:
        return Severity(value)


class PromiseOutput(serializers.Serializer[Any]):
    """The promise. Without a target there is no promised time and no due_at."""

    plan = serializers.CharField(source="terms.edition.plan.key")
    edition = serializers.CharField(source="terms.edition.name")
    calendar = serializers.CharField(source="level.calendar.name")
    coverage = serializers.SerializerMethodField()
    zone = serializers.CharField()
    target_seconds = Seconds(source="target", allow_null=True)
    starts_at = Instant(allow_null=True)
    due_at = Instant(allow_null=True)
    call_required = serializers.BooleanField()
    due_at_if_called = Instant(allow_null=True)
    is_open = serializers.BooleanField()
    opens_at = Instant()

    def get_coverage(self, promise: Any) -> str:
        return str(promise.calendar_version.hours_text(promise.zone))


class PlanPromiseOutput(serializers.Serializer[PlanPromise]):
    """What one plan promises for a premium incident, and why."""

    is_own = serializers.BooleanField(help_text="Whether it is the company's own plan.")
    promise = PromiseOutput()
    explanation = ExplanationOutput(allow_null=True)


class PlanPromisesOutput(serializers.Serializer[Any]):
    """The plans side by side, for the same severity and start."""

    severity = serializers.ChoiceField(Severity.choices)
    counts_from = Instant()
    plans = PlanPromiseOutput(many=True)


class PlanPromisesQuery(StrictInput):
    """For which company and severity."""

    company = serializers.SlugField(max_length=60)
    severity = serializers.ChoiceField(Severity.choices)

    def validate_severity(self, value: int) -> Severity:
        return Severity(value)


class OfferOutput(serializers.Serializer[Any]):
    """Whether such a ticket can be filed now, what is promised for it, and what it takes."""

    can_be_filed = serializers.BooleanField()
    refusal = serializers.CharField(help_text="Why it cannot be filed; else empty.")
    promise = PromiseOutput(allow_null=True)
    explanation = ExplanationOutput(
        allow_null=True, help_text="Why the promised moment is when it is."
    )
    incidents = IncidentsOutput(allow_null=True)
