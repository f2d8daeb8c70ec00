"""What the API gives out and takes about notices, mail preferences and webhooks."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import Instant, StrictInput
from notifications.choices import Reach, Topic, Weekday
from notifications.models import Notice, Preferences, Webhook, WebhookCall, WebhookTry
from notifications.topics import topics_for


class NoticeOutput(serializers.Serializer[Notice]):
    """Something the reader was told."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    subject = serializers.CharField()
    body = serializers.CharField()
    path = serializers.CharField(help_text="Where it leads in the portal; may be empty.")
    urgent = serializers.BooleanField()
    created_at = Instant()
    read_at = Instant(allow_null=True)


class MailPreferencesOutput(serializers.Serializer[Preferences]):
    """How mail comes. Times are the reader's own, as HH:MM; Monday is 0."""

    topics = serializers.SerializerMethodField()
    digest_at = serializers.TimeField(format="%H:%M")
    quiet_from = serializers.TimeField(format="%H:%M", allow_null=True)
    quiet_until = serializers.TimeField(format="%H:%M", allow_null=True)
    quiet_days = serializers.ListField(child=serializers.IntegerField())
    zone = serializers.CharField(source="user.timezone")

    def get_topics(self, preferences: Preferences) -> dict[str, str]:
        """How each topic that concerns the reader comes: each, digest or none."""
        topics = topics_for(preferences.user)
        return {topic.value: preferences.reach_of(topic).value for topic in topics}


class MailPreferencesInput(StrictInput):
    """All of the reader's choices; a topic left out stays as it is."""

    topics = serializers.DictField(child=serializers.ChoiceField(Reach.choices), default=dict)
    digest_at = serializers.TimeField(input_formats=["%H:%M"])
    quiet_from = serializers.TimeField(input_formats=["%H:%M"], allow_null=True, default=None)
    quiet_until = serializers.TimeField(input_formats=["%H:%M"], allow_null=True, default=None)
    quiet_days = serializers.ListField(
        child=serializers.ChoiceField(Weekday.choices), default=list, max_length=7
    )

    def validate_topics(self, value: dict[str, str]) -> dict[Topic, Reach]:
        """Refuse a topic that does not concern the reader."""
        known = topics_for(self.context["reader"])
        strange = sorted(set(value) - {topic.value for topic in known})
        if strange:
            raise serializers.ValidationError(f"There is no topic {strange[0]!r}.", code="unknown")
        return {Topic(topic): Reach(reach) for topic, reach in value.items()}

    def validate_quiet_days(self, value: list[Any]) -> list[int]:
        return [int(day) for day in value]


class WebhookOutput(serializers.Serializer[Webhook]):
    """A program that is called. Its secret is told once, when it is made or replaced."""

    key = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    url = serializers.CharField()
    events = serializers.ListField(child=serializers.CharField())
    created_at = Instant()
    is_on = serializers.BooleanField(source="is_live")
    turned_off_at = Instant(allow_null=True)
    turned_off_why = serializers.CharField()
    failures = serializers.IntegerField(help_text="Failed tries in a row.")
    failing_since = Instant(allow_null=True)


class WebhookWithSecretOutput(WebhookOutput):
    """A webhook with its new secret, this once."""

    secret = serializers.SerializerMethodField()

    def get_secret(self, webhook: Webhook) -> str:
        """What its calls are signed with."""
        return str(self.context["secret"])


class WebhookInput(StrictInput):
    """An address to call, and what for."""

    name = serializers.CharField(max_length=80)
    url = serializers.CharField(max_length=500)
    events = serializers.ListField(
        child=serializers.CharField(max_length=20), min_length=1, max_length=30
    )


class WebhookStateInput(StrictInput):
    """Whether it is called."""

    is_on = serializers.BooleanField()


class WebhookTryOutput(serializers.Serializer[WebhookTry]):
    """One try of a call."""

    at = Instant()
    status = serializers.IntegerField(allow_null=True, help_text="Null when nobody answered.")
    error = serializers.CharField()


class WebhookCallOutput(serializers.Serializer[WebhookCall]):
    """One happening on its way to a webhook."""

    key = serializers.IntegerField(source="pk")
    number = serializers.UUIDField(help_text="What its receiver knows it by.")
    event = serializers.CharField()
    created_at = Instant()
    attempts = serializers.IntegerField()
    next_try_at = Instant(allow_null=True)
    delivered_at = Instant(allow_null=True)
    failed_at = Instant(allow_null=True)
    tries = WebhookTryOutput(many=True, source="tries.all")
