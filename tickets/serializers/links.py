"""Links of a ticket, out and in."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import StrictInput
from tickets.choices import LINKS_BY_HAND, LinkKind


class LinkOutput(serializers.Serializer[Any]):
    """What another ticket is to this one."""

    key = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(LinkKind.choices)
    words = serializers.CharField(help_text="From this ticket's end, such as Duplicate of.")
    ticket = serializers.IntegerField(source="other.number")
    subject = serializers.CharField(source="other.subject")


class LinkInput(StrictInput):
    """What this ticket is to which other."""

    kind = serializers.ChoiceField([(kind.value, kind.label) for kind in LINKS_BY_HAND])
    ticket = serializers.IntegerField(min_value=1, max_value=2**62)

    def validate_kind(self, value: str) -> LinkKind:
        return LinkKind(value)


class MergeInput(StrictInput):
    """Which ticket goes on for both, and why."""

    into = serializers.IntegerField(min_value=1, max_value=2**62)
    reason = serializers.CharField(max_length=2000)


class SplitInput(StrictInput):
    """Which message becomes a ticket."""

    message = serializers.IntegerField(min_value=0, max_value=2**62)
    subject = serializers.CharField(max_length=200)
