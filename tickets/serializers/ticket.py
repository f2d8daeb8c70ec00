"""Tickets out, and what files one in."""

from datetime import UTC, datetime
from typing import Any

from django.db.models import prefetch_related_objects
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import Instant, PersonOutput
from accounts.choices import Role
from accounts.compiled import Compiled
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from entitlements.promise import terms_words
from sla.acknowledged import standing_acknowledgements
from sla.explanation import explain_clock
from sla.models import Clock, StepAcknowledgement
from tickets.choices import Channel, TicketKind, TicketState
from tickets.filed_with import facts_of
from tickets.filing_facts import ReleaseFacts, ServiceFacts
from tickets.models import FieldValue, Ticket
from tickets.permissions import sees_as_staff
from tickets.serializers.clock import ClockOutput, ExplanationOutput
from tickets.serializers.filing import ReleaseOutput, ServiceOutput

# Only for the vendor's people: how a ticket stands in the queue.
STAFF_FIELDS = ("weight", "escalation_level", "at_risk_at", "acknowledged_by", "tags")


_ANSWERS = Compiled(lambda ticket: FieldValue.objects.filter(ticket=ticket).select_related("field"))


class CompanyName(serializers.Serializer[Customer]):
    """A company, briefly."""

    slug = serializers.CharField()
    name = serializers.CharField()


class AcknowledgementOutput(serializers.Serializer[StepAcknowledgement]):
    """Somebody who knows of an escalation."""

    person = PersonOutput()
    at = Instant()


class TicketOutput(serializers.Serializer[Ticket]):
    """A ticket. `reader` and `now` come in the context.

    Staff's fields are absent for customers, and for staff on tickets they see as customers only.
    """

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
    answered_at = Instant(
        allow_null=True,
        help_text="When a qualified answer stopped its clock; null, too, of a ticket that its "
        "customer closed unanswered.",
    )
    escalated_at = Instant(
        allow_null=True,
        default=None,
        help_text="Since when its customer has it escalated; see its escalation.",
    )
    clock = ClockOutput(source="response_clock", allow_null=True)
    weight = serializers.IntegerField(required=False, help_text="Staff only.")
    escalation_level = serializers.IntegerField(required=False, help_text="Staff only.")
    tags = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Staff only."
    )
    at_risk_at = Instant(
        source="response_clock.at_risk_at",
        required=False,
        default=None,
        allow_null=True,
        help_text="Staff only.",
    )

    def to_representation(self, instance: Ticket) -> dict[str, Any]:
        """Write a ticket at once; field by field it took longer than finding it.

        A test holds it to what the fields say.
        """
        return represent_ticket(instance, reader=self.context["reader"], now=self.context["now"])

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        reader = self.context.get("reader")
        if reader is not None and not reader.is_staff_member:
            for name in STAFF_FIELDS:
                fields.pop(name, None)
        return fields


def represent_ticket(ticket: Ticket, *, reader: User, now: datetime) -> dict[str, Any]:
    """Write a ticket, loaded `with_clock`, as TicketOutput declares it."""
    clock = ticket.response_clock
    written = {
        "number": ticket.number,
        "reference": ticket.reference,
        "url": ticket.get_absolute_url(),
        "company": {"slug": ticket.customer.slug, "name": ticket.customer.name},
        "plan": ticket.edition.plan.key,
        "kind": ticket.kind,
        "channel": ticket.channel,
        "subject": ticket.subject,
        "severity": ticket.severity,
        "asked_severity": ticket.asked_severity,
        "state": ticket.state,
        "product": None if ticket.product is None else ticket.product.name,
        "version": ticket.version,
        "filed_by": _person(ticket.filed_by),
        "assignee": None if ticket.assignee is None else _person(ticket.assignee),
        "filed_at": _instant(ticket.filed_at),
        "updated_at": _instant(ticket.updated_at),
        "resolved_at": _instant(ticket.resolved_at),
        "closed_at": _instant(ticket.closed_at),
        "answered_at": _instant(ticket.answered_at),
        "escalated_at": _instant(ticket.escalated_at),
        "clock": None if clock is None else represent_clock(clock, now=now),
    }
    if _reads_as_staff(reader, ticket):
        written |= {
            "weight": ticket.weight,
            "escalation_level": ticket.escalation_level,
            "tags": ticket.tags,
            "at_risk_at": None if clock is None else _instant(clock.at_risk_at),
        }
    return written


def _reads_as_staff(reader: User, ticket: Ticket) -> bool:
    """Whether staff's fields are written; who has a list written has their teams read once."""
    if reader.has_role(Role.TAM):
        prefetch_related_objects([reader], "tam_teams")
    return sees_as_staff(reader, ticket)


def represent_clock(clock: Clock, *, now: datetime) -> dict[str, Any]:
    """Write a clock as ClockOutput declares it."""
    end = clock.stopped_at or now
    return {
        "obligation": clock.obligation,
        "state": clock.state(now),
        "target_seconds": int(clock.target.total_seconds()),
        "started_at": _instant(clock.started_at),
        "due_at": _instant(clock.due_at),
        "stopped_at": _instant(clock.stopped_at),
        "elapsed_seconds": int(clock.elapsed(now).total_seconds()),
        "remaining_seconds": int(clock.remaining(end).total_seconds()),
        "calendar": clock.calendar_version.calendar.name,
        "zone": clock.zone,
        "waits_for_call": clock.waits_for_call,
    }


def _person(user: User) -> dict[str, Any]:
    return {"name": user.name, "is_staff": user.is_staff_member}


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


class TicketDetailOutput(TicketOutput):
    """A ticket with all that was filed, and why its deadline is when it is."""

    description = serializers.CharField()
    criteria = serializers.ListField(child=serializers.CharField())
    contract = serializers.CharField(source="contract.number", default=None, allow_null=True)
    follows = serializers.IntegerField(source="follows.number", default=None, allow_null=True)
    answers = serializers.SerializerMethodField(
        help_text="Answers to the questions of its filing, by their keys."
    )
    database_release = serializers.SerializerMethodField(
        help_text="What a database release request is about; null for every other kind."
    )
    service_request = serializers.SerializerMethodField(
        help_text="The service a service request asks for; null for every other kind."
    )
    explanation = serializers.SerializerMethodField()
    acknowledged_by = serializers.SerializerMethodField(
        help_text="Staff only: who has acknowledged the newest escalation, and when."
    )

    def to_representation(self, instance: Ticket) -> dict[str, Any]:
        """Write a ticket at once, as TicketOutput does."""
        written = super().to_representation(instance) | {
            "description": instance.description,
            "criteria": instance.criteria,
            "contract": None if instance.contract is None else instance.contract.number,
            "follows": None if instance.follows is None else instance.follows.number,
            "answers": self.get_answers(instance),
            "database_release": self.get_database_release(instance),
            "service_request": self.get_service_request(instance),
            "explanation": self.get_explanation(instance),
        }
        if _reads_as_staff(self.context["reader"], instance):
            written["acknowledged_by"] = self.get_acknowledged_by(instance)
        return written

    def get_answers(self, ticket: Ticket) -> dict[str, str]:
        """Customers read those that their ticket's page shows.

        None are looked for where the context says that it `has_answers` not.
        """
        if not self.context.get("has_answers", True):
            return {}
        is_staff = _reads_as_staff(self.context["reader"], ticket)
        return {
            one.field.key: one.value
            for one in _ANSWERS.all(ticket.pk)
            if is_staff or one.field.is_shown
        }

    @extend_schema_field(ReleaseOutput(allow_null=True))
    def get_database_release(self, ticket: Ticket) -> Any:
        is_one = ticket.kind == TicketKind.DATABASE_RELEASE
        facts = facts_of(ticket) if is_one else None
        return ReleaseOutput(facts).data if isinstance(facts, ReleaseFacts) else None

    @extend_schema_field(ServiceOutput(allow_null=True))
    def get_service_request(self, ticket: Ticket) -> Any:
        facts = facts_of(ticket) if ticket.kind == TicketKind.SERVICE else None
        return ServiceOutput(facts).data if isinstance(facts, ServiceFacts) else None

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
