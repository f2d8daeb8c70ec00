"""Tickets out, and what files one in."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import Instant, PersonOutput, StrictInput
from entitlements.choices import Severity
from entitlements.models import Customer, SeverityDefinition
from entitlements.promise import terms_words
from sla.acknowledged import standing_acknowledgements
from sla.explanation import explain_clock
from sla.models import StepAcknowledgement
from tickets.choices import Channel, TicketKind, TicketState
from tickets.models import Product, Ticket
from tickets.serializers.clock import ClockOutput, ExplanationOutput

# Only for the vendor's people: how a ticket stands in the queue.
STAFF_FIELDS = ("weight", "escalation_level", "at_risk_at", "acknowledged_by")


class CompanyName(serializers.Serializer[Customer]):
    """A company, briefly."""

    slug = serializers.CharField()
    name = serializers.CharField()


class AcknowledgementOutput(serializers.Serializer[StepAcknowledgement]):
    """Somebody who knows of an escalation."""

    person = PersonOutput()
    at = Instant()


class TicketOutput(serializers.Serializer[Ticket]):
    """A ticket. `reader` and `now` come in the context; staff's fields are absent for customers."""

    number = serializers.IntegerField()
    reference = serializers.CharField()
    url = serializers.CharField(source="get_absolute_url", help_text="Its page in the portal.")
    company = CompanyName(source="customer")
    plan = serializers.CharField(source="edition.plan.key", help_text="Filed under this plan.")
    kind = serializers.ChoiceField(TicketKind.choices)
    channel = serializers.ChoiceField(Channel.choices)
    subject = serializers.CharField()
    severity = serializers.ChoiceField(Severity.choices)
    asked_severity = serializers.ChoiceField(Severity.choices)
    state = serializers.ChoiceField(TicketState.choices)
    product = serializers.CharField(source="product.name", default=None, allow_null=True)
    version = serializers.CharField()
    filed_by = PersonOutput()
    assignee = PersonOutput(allow_null=True)
    filed_at = Instant()
    updated_at = Instant()
    resolved_at = Instant(allow_null=True)
    closed_at = Instant(allow_null=True)
    escalated_at = Instant(
        allow_null=True,
        default=None,
        help_text="Since when its customer has it escalated; see its escalation.",
    )
    clock = ClockOutput(source="response_clock", allow_null=True)
    weight = serializers.IntegerField(required=False, help_text="Staff only.")
    escalation_level = serializers.IntegerField(required=False, help_text="Staff only.")
    at_risk_at = Instant(
        source="response_clock.at_risk_at",
        required=False,
        default=None,
        allow_null=True,
        help_text="Staff only.",
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        reader = self.context.get("reader")
        if reader is not None and not reader.is_staff_member:
            for name in STAFF_FIELDS:
                fields.pop(name, None)
        return fields


class TicketDetailOutput(TicketOutput):
    """A ticket with all that was filed, and why its deadline is when it is."""

    description = serializers.CharField()
    criteria = serializers.ListField(child=serializers.CharField())
    contract = serializers.CharField(source="contract.number", default=None, allow_null=True)
    follows = serializers.IntegerField(source="follows.number", default=None, allow_null=True)
    explanation = serializers.SerializerMethodField()
    acknowledged_by = serializers.SerializerMethodField(
        help_text="Staff only: who has acknowledged the newest escalation, and when."
    )

    @extend_schema_field(ExplanationOutput(allow_null=True))
    def get_explanation(self, ticket: Ticket) -> Any:
        clock = ticket.response_clock
        if clock is None:
            return None
        explained = explain_clock(
            clock,
            now=self.context["now"],
            zone=self.context["reader"].timezone,
            filed_at=ticket.filed_at,
            terms=terms_words(ticket.edition, ticket.severity),
        )
        return ExplanationOutput(explained).data

    @extend_schema_field(AcknowledgementOutput(many=True))
    def get_acknowledged_by(self, ticket: Ticket) -> Any:
        clock = ticket.response_clock
        found = standing_acknowledgements([clock]).get(clock.pk, []) if clock is not None else []
        return [AcknowledgementOutput(one).data for one in found]


class FilingInput(StrictInput):
    """What files a ticket."""

    company = serializers.SlugField(max_length=60, help_text="For which company, by its slug.")
    kind = serializers.ChoiceField([TicketKind.PREMIUM, TicketKind.BREAK_FIX])
    severity = serializers.ChoiceField(Severity.choices)
    subject = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=50_000)
    criteria = serializers.ListField(
        child=serializers.CharField(max_length=200),
        max_length=40,
        default=list,
        help_text="Criteria of the severities that hold, in the plan's own words.",
    )
    product = serializers.SlugRelatedField(
        slug_field="name", queryset=Product.objects.all(), default=None, allow_null=True
    )
    version = serializers.CharField(max_length=40, default="", allow_blank=True)

    def validate_severity(self, value: int) -> Severity:
        return Severity(value)

    def validate_kind(self, value: str) -> TicketKind:
        return TicketKind(value)

    def validate_criteria(self, value: list[str]) -> list[str]:
        """Refuse words that are no criterion of the plan's severities."""
        known = {
            criterion
            for criteria in SeverityDefinition.objects.values_list("criteria", flat=True)
            for criterion in criteria
        }
        if set(value) - known:
            raise serializers.ValidationError("Use the criteria of /api/v1/plans/, word by word.")
        return value


class StaffFilingInput(FilingInput):
    """What files a ticket for a caller."""

    on_behalf_of = serializers.EmailField(
        default=None, allow_null=True, help_text="Staff only: the caller's e-mail address."
    )
