"""Calls arranged with customers, and how they found that a ticket went."""

from rest_framework import serializers

from accounts.api.fields import Instant, PersonOutput, StrictInput
from tickets.choices import Score
from tickets.models import ArrangedCall, Rating
from tickets.models.call import LONGEST, SHORTEST


class CallTimeInput(StrictInput):
    """When a call is, and how long it takes."""

    starts_at = serializers.DateTimeField(help_text="With its offset from UTC.")
    minutes = serializers.IntegerField(min_value=SHORTEST, max_value=LONGEST, default=30)


class CallInput(CallTimeInput):
    """A call to arrange."""

    topic = serializers.CharField(max_length=200)
    how = serializers.CharField(max_length=300, help_text="A number to dial, or a room.")


class CallOutput(serializers.Serializer[ArrangedCall]):
    """A call. `revision` grows when it is moved or cancelled, as in its calendar file."""

    key = serializers.IntegerField(source="pk")
    starts_at = Instant()
    ends_at = Instant()
    minutes = serializers.IntegerField()
    topic = serializers.CharField()
    how = serializers.CharField()
    revision = serializers.IntegerField()
    cancelled_at = Instant(allow_null=True)


class RatingInput(StrictInput):
    """How it went: 1 not well, 2 all right, 3 well."""

    score = serializers.ChoiceField(Score.choices)
    comment = serializers.CharField(max_length=2000, default="", allow_blank=True)


class RatingOutput(serializers.Serializer[Rating]):
    """One person's word on how a ticket went."""

    by = PersonOutput()
    score = serializers.ChoiceField(Score.choices)
    comment = serializers.CharField()
    rated_at = Instant()
