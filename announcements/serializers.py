"""Announcements out."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import Instant
from announcements.choices import Kind, Level
from announcements.models import Announcement, AnnouncementUpdate


class UpdateOutput(serializers.Serializer[AnnouncementUpdate]):
    """What was said on an announcement later; the last one may say that it is over."""

    body = serializers.CharField()
    is_end = serializers.BooleanField()
    at = Instant()


class AnnouncementOutput(serializers.Serializer[Announcement]):
    """A service notice or a known problem that concerns the reader."""

    key = serializers.IntegerField(source="pk")
    kind = serializers.ChoiceField(Kind.choices)
    level = serializers.ChoiceField(Level.choices, help_text="The higher, the more it matters.")
    title = serializers.CharField()
    body = serializers.CharField(help_text="Markdown.")
    starts_at = Instant()
    ends_at = Instant(allow_null=True)
    changed_at = Instant(allow_null=True)
    is_acknowledged = serializers.SerializerMethodField()
    updates = serializers.SerializerMethodField()

    def get_is_acknowledged(self, announcement: Announcement) -> bool:
        """Say whether the reader wants no banner of it any more."""
        return bool(announcement.own_readings)  # type: ignore[attr-defined]  # prefetched

    @extend_schema_field(UpdateOutput(many=True))
    def get_updates(self, announcement: Announcement) -> Any:
        return UpdateOutput(list(announcement.updates.all()), many=True).data  # type: ignore[arg-type]  # many
