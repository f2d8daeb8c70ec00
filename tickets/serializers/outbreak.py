"""Outbreaks, out and in. For staff who see all tickets alone."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import StrictInput

# More than any outbreak has.
MOST_TICKETS = 200


class Numbers(serializers.ListField):
    """Numbers of tickets."""

    child = serializers.IntegerField(min_value=1, max_value=2**62)


class OutbreakTicketOutput(serializers.Serializer[Any]):
    """A ticket's part in an outbreak; `told_at` is when a broadcast last reached it."""

    ticket = serializers.IntegerField(source="ticket.number")
    customer = serializers.SlugField(source="ticket.customer.slug")
    subject = serializers.CharField(source="ticket.subject")
    state = serializers.CharField(source="ticket.state")
    joined_at = serializers.DateTimeField()
    told_at = serializers.DateTimeField(allow_null=True)


class OutbreakOutput(serializers.Serializer[Any]):
    """An outbreak with its progress: of how many tickets, and how many have their first answer."""

    key = serializers.IntegerField(source="pk")
    title = serializers.CharField()
    summary = serializers.CharField()
    owner = serializers.CharField(source="owner.name")
    opened_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    tickets = serializers.IntegerField()
    customers = serializers.IntegerField()
    answered = serializers.IntegerField(source="told")


class OutbreakDetailOutput(OutbreakOutput):
    """An outbreak with each of its tickets."""

    parts = OutbreakTicketOutput(many=True)


class OutcomeOutput(serializers.Serializer[Any]):
    """What became of an act on many tickets."""

    class Refusal(serializers.Serializer[Any]):
        """A ticket that was not changed, and why."""

        ticket = serializers.IntegerField()
        why = serializers.CharField()

    done = serializers.ListField(child=serializers.IntegerField())
    refused = Refusal(many=True)


class OpenedOutbreakOutput(OutcomeOutput):
    """A new outbreak's key, and which tickets joined."""

    key = serializers.IntegerField()


class OutbreakInput(StrictInput):
    """A new outbreak."""

    title = serializers.CharField(max_length=200)
    summary = serializers.CharField(max_length=10_000)
    tickets = Numbers(max_length=MOST_TICKETS, required=False, default=list)
    submission_key = serializers.UUIDField(required=False)


class JoiningInput(StrictInput):
    """Which tickets join."""

    tickets = Numbers(max_length=MOST_TICKETS, min_length=1)


class BroadcastInput(StrictInput):
    """What each customer reads in their own thread."""

    body = serializers.CharField(max_length=40_000)
    qualified = serializers.BooleanField(default=False)
    submission_key = serializers.UUIDField(required=False)


class OutbreakEndInput(StrictInput):
    """What solved it: each open ticket is resolved with these words."""

    resolution = serializers.CharField(max_length=40_000)
