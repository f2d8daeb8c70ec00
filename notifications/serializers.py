"""What the API gives out about notices."""

from rest_framework import serializers

from accounts.api.fields import Instant
from notifications.models import Notice


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
