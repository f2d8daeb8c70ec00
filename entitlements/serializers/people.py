"""People of a company, their seats and invitations."""

from rest_framework import serializers

from accounts.api.fields import Instant, PersonOutput, StrictInput
from entitlements.models import Invitation, Membership


class MemberOutput(serializers.Serializer[Membership]):
    """Somebody of a company, as its manager sees them."""

    key = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email")
    is_manager = serializers.BooleanField()
    sees_company = serializers.BooleanField(
        help_text="Sees all tickets of the company; otherwise own and copied ones."
    )
    seat = serializers.IntegerField(
        allow_null=True, help_text="The key of the contact seat they hold; null without one."
    )
    can_be_called_at_night = serializers.BooleanField()
    joined_at = Instant()
    last_sign_in_at = Instant(source="user.last_login", allow_null=True)


class InvitationInput(StrictInput):
    """Whom to invite, and what they may do once they accept."""

    email = serializers.EmailField(max_length=254)
    is_manager = serializers.BooleanField(default=False)
    sees_company = serializers.BooleanField(default=False)
    gives_seat = serializers.BooleanField(
        default=False, help_text="A contact seat, if one is free when they accept."
    )


class InvitationOutput(serializers.Serializer[Invitation]):
    """An open invitation. Its link stands nowhere but in the mail."""

    key = serializers.IntegerField(source="pk")
    email = serializers.EmailField()
    is_manager = serializers.BooleanField()
    sees_company = serializers.BooleanField()
    gives_seat = serializers.BooleanField()
    invited_by = PersonOutput()
    invited_at = Instant()
    sent_at = Instant()
    expires_at = Instant()
    mailed_at = Instant(allow_null=True, help_text="Null while the mail is not out yet.")


class SeatInput(StrictInput):
    """Who gets a contact seat."""

    person = serializers.EmailField(
        max_length=254, help_text="The e-mail address of somebody of the company."
    )
