"""Requests for more premium incidents."""

from rest_framework import serializers

from accounts.api.fields import Instant, PersonOutput, StrictInput
from entitlements.choices import TopUpOutcome
from entitlements.models import TopUpRequest
from entitlements.operations.top_ups import MOST_ASKED


class TopUpInput(StrictInput):
    """How many premium incidents are asked for, and why."""

    amount = serializers.IntegerField(min_value=1, max_value=MOST_ASKED)
    reason = serializers.CharField(max_length=2000, default="", allow_blank=True)


class TopUpGrantInput(StrictInput):
    """How many are added: as many as asked for, or another number."""

    amount = serializers.IntegerField(min_value=1, max_value=MOST_ASKED)
    answer = serializers.CharField(max_length=2000, default="", allow_blank=True)


class TopUpRefusalInput(StrictInput):
    """Why none are added; the company reads it."""

    answer = serializers.CharField(max_length=2000)


class TopUpOutput(serializers.Serializer[TopUpRequest]):
    """A request, and what became of it. The answer's fields are empty while it is open."""

    key = serializers.IntegerField(source="pk")
    company = serializers.SlugField(source="contract.customer.slug")
    contract = serializers.CharField(source="contract.number")
    amount = serializers.IntegerField()
    reason = serializers.CharField()
    asked_by = PersonOutput()
    asked_at = Instant()
    outcome = serializers.ChoiceField([("", "Open"), *TopUpOutcome.choices])
    answer = serializers.CharField()
    answered_at = Instant(allow_null=True)
