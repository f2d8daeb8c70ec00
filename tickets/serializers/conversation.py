"""What is said on a ticket, and its files."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from accounts.api.fields import Instant, PersonOutput, StrictInput
from tickets.choices import Channel, ScanState
from tickets.models import Attachment, Message, Note

MOST_CHARACTERS = 50_000


class MessageOutput(serializers.Serializer[Message]):
    """A public message."""

    id = serializers.IntegerField()
    author = PersonOutput()
    from_staff = serializers.BooleanField()
    body = serializers.CharField()
    qualified = serializers.SerializerMethodField(help_text="Whether it counts as the answer.")
    channel = serializers.ChoiceField(Channel.choices)
    at = Instant()

    def get_qualified(self, message: Message) -> bool:
        return message.qualified and message.overturned_at is None


class NoteOutput(serializers.Serializer[Note]):
    """An internal note."""

    id = serializers.IntegerField()
    author = PersonOutput()
    body = serializers.CharField()
    at = Instant()


class AttachmentOutput(serializers.Serializer[Attachment]):
    """A file on a ticket. `note` is absent for customers, who see no file of a note."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    size_bytes = serializers.IntegerField(source="size")
    content_type = serializers.CharField(help_text="As its sender claimed.")
    sha256 = serializers.CharField(help_text="Empty until it has been worked out.")
    is_sample = serializers.BooleanField(
        help_text="Malware sent on purpose: the lab alone opens it."
    )
    scan_state = serializers.ChoiceField(ScanState.choices)
    scan_note = serializers.CharField()
    uploaded_by = PersonOutput()
    uploaded_at = Instant()
    removed_at = Instant(
        allow_null=True, help_text="When a sample was deleted after its time; its hash stays."
    )
    message = serializers.IntegerField(source="message_id", allow_null=True)
    note = serializers.IntegerField(
        source="note_id", allow_null=True, required=False, help_text="Staff only."
    )
    url = serializers.SerializerMethodField(help_text="Where it is downloaded.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        reader = self.context.get("reader")
        if reader is not None and not reader.is_staff_member:
            del fields["note"]
        return fields

    def get_url(self, attachment: Attachment) -> str:
        return reverse("api:attachment", args=[attachment.ticket.number, attachment.pk])


class MessageInput(StrictInput):
    """A customer's message."""

    body = serializers.CharField(max_length=MOST_CHARACTERS)


class AnswerInput(StrictInput):
    """An answer of the vendor's. Customers send `body` alone."""

    body = serializers.CharField(max_length=MOST_CHARACTERS)
    qualified = serializers.BooleanField(
        required=False, help_text="Staff must say whether the answer is a qualified one."
    )
    wait_for_customer = serializers.BooleanField(default=False, help_text="Staff only.")
    seen_message = serializers.IntegerField(
        min_value=0,
        max_value=2**63 - 1,
        default=None,
        allow_null=True,
        help_text="Staff only: the newest message read before answering, 0 for none.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "qualified" not in attrs:
            raise serializers.ValidationError(
                {"qualified": "Say whether this is a qualified answer."}, code="required"
            )
        return attrs


class NoteInput(StrictInput):
    """An internal note."""

    body = serializers.CharField(max_length=MOST_CHARACTERS)
