"""Customers' escalations out, and what moves them."""

from datetime import timedelta
from typing import Any

from rest_framework import serializers

from accounts.api.fields import Instant, PersonOutput, StrictInput
from tickets.choices import EscalationEnd
from tickets.models import CustomerEscalation, EscalationAnswer
from tickets.serializers.ticket import CompanyName


class EscalationAnswerOutput(serializers.Serializer[EscalationAnswer]):
    """What the customer was told, and when they hear next."""

    author = PersonOutput()
    body = serializers.CharField()
    at = Instant()
    next_word_at = Instant()


class EscalationOutput(serializers.Serializer[CustomerEscalation]):
    """What a customer escalated: a ticket, or with `ticket` null the whole account."""

    key = serializers.IntegerField(source="pk")
    url = serializers.CharField(source="get_absolute_url", help_text="Its page in the portal.")
    company = CompanyName(source="customer")
    ticket = serializers.IntegerField(source="ticket.number", default=None, allow_null=True)
    reason = serializers.CharField()
    asked_by = PersonOutput()
    asked_at = Instant()
    owner = PersonOutput(allow_null=True)
    owned_at = Instant(allow_null=True)
    next_word_at = Instant(help_text="By when the customer hears from the owner.")
    answered_at = Instant(allow_null=True)
    ended_at = Instant(allow_null=True)
    ended_by = PersonOutput(allow_null=True)
    ended_how = serializers.ChoiceField([("", "Open"), *EscalationEnd.choices])
    end_reason = serializers.CharField()
    answers = EscalationAnswerOutput(many=True, source="answers.all")


class EscalationInput(StrictInput):
    """Why it is escalated."""

    reason = serializers.CharField(max_length=4000)


class EscalationAnswerInput(StrictInput):
    """What the customer is told, and within how many hours they hear next."""

    body = serializers.CharField(max_length=10_000)
    next_word_in_hours = serializers.IntegerField(min_value=1, max_value=336)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Turn the hours into a span."""
        return {
            "body": attrs["body"],
            "next_word_in": timedelta(hours=attrs["next_word_in_hours"]),
        }


class EscalationOwnerInput(StrictInput):
    """Who owns it from now on."""

    owner = serializers.CharField(
        max_length=254, help_text='"me", or the e-mail address of a lead or account manager.'
    )
    reason = serializers.CharField(max_length=2000, default="", allow_blank=True)


class EscalationEndInput(StrictInput):
    """How it ends, and why. A customer withdraws it."""

    how = serializers.ChoiceField(
        [how.value for how in (EscalationEnd.SOLVED, EscalationEnd.AGREED, EscalationEnd.WITHDRAWN)]
    )
    reason = serializers.CharField(max_length=2000)

    def validate_how(self, value: str) -> EscalationEnd:
        return EscalationEnd(value)
