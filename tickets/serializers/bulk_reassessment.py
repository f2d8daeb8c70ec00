"""Open clocks put on today's terms together: what would move, and what became of each ticket."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import Instant, StrictInput
from tickets.choices import ReassessmentOutcome
from tickets.models import ReassessmentLine
from tickets.serializers.clock_audit import LongRunOutput


class BulkReassessmentInput(StrictInput):
    """The decision to re-assess what was shown."""

    seen = serializers.IntegerField(
        min_value=0, help_text="As GET told it, so that nothing else is decided than was shown."
    )
    reason = serializers.CharField(max_length=2000, help_text="Each customer sees it.")


class MovedOutput(serializers.Serializer[Any]):
    """An open ticket that would be due at another moment."""

    ticket = serializers.IntegerField(source="number")
    due_at = Instant()
    would_be_due_at = Instant()


class EffectsOutput(serializers.Serializer[Any]):
    """What re-assessing would do now."""

    seen = serializers.IntegerField(help_text="Send it back with the decision.")
    open_clocks = serializers.IntegerField()
    moved = MovedOutput(many=True)


class BulkReassessmentOutput(LongRunOutput):
    """A re-assessment of many tickets: how far it is, and what it moved and left."""

    calendar = serializers.SlugField(source="calendar.key", default=None, allow_null=True)
    contract = serializers.CharField(source="contract.number", default=None, allow_null=True)
    reason = serializers.CharField()
    moved = serializers.IntegerField()
    kept = serializers.IntegerField()


class ReassessmentLineOutput(serializers.Serializer[ReassessmentLine]):
    """One ticket of it. `why` says why it was left as it was."""

    ticket = serializers.IntegerField(source="ticket.number")
    due_at = Instant(source="shown_before")
    shown_due_at = Instant(source="shown_after")
    outcome = serializers.ChoiceField(ReassessmentOutcome.choices)
    new_due_at = Instant(source="after", allow_null=True)
    why = serializers.CharField()
