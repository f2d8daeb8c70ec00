"""Tags and watchers of a ticket, out and in."""

from typing import Any

from rest_framework import serializers

from accounts.api.fields import PersonOutput, StrictInput
from accounts.errors import InvalidInput
from tickets.tag_names import MOST_TAGS, normal_tag


class TagField(serializers.CharField):
    """A tag, as it is kept."""

    def to_internal_value(self, data: Any) -> str:
        try:
            return normal_tag(super().to_internal_value(data))
        except InvalidInput as error:
            raise serializers.ValidationError(error.message) from None


class TagsInput(StrictInput):
    """Tags to put on and to take off."""

    add = serializers.ListField(child=TagField(max_length=100), max_length=MOST_TAGS, default=list)
    remove = serializers.ListField(
        child=TagField(max_length=100), max_length=MOST_TAGS, default=list
    )


class WatcherInput(StrictInput):
    """Who follows a ticket."""

    watcher = serializers.CharField(
        max_length=254, help_text='"me", or the e-mail address of somebody of the company.'
    )


class WatchersOutput(serializers.Serializer[Any]):
    """Who follows a ticket; only staff learn who of us does."""

    watchers = PersonOutput(many=True)
    staff_watchers = PersonOutput(many=True, required=False, help_text="Staff only.")
