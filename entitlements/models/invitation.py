"""Invitations to a company."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from entitlements.models.customer import Customer
from entitlements.querysets import InvitationQuerySet

# Long enough for a holiday weekend, short enough for a mailbox that changes hands.
INVITATION_LASTS = timedelta(days=7)


class Invitation(models.Model):
    """A company manager asks somebody into the company, by an address.

    The link in the mail holds a secret that works once and until `expires_at`. Here stands only
    its SHA-256; the secret itself is made of the row's key and `sent_at` with the portal's own
    signing key, so that the mail can be written when it is sent and nothing else can write it.
    Sent again, it is another secret and the one before is dead. `gives_seat` makes them a
    technical contact when a seat is free as they accept.

    `mailed_at` and `next_try_at` are the mail's: None and the next attempt until it is out.
    Written by entitlements.operations.invitations and invitation_acceptance.
    """

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField("e-mail address")
    is_manager = models.BooleanField("company manager", default=False)
    sees_company = models.BooleanField("sees all tickets of the company", default=False)
    gives_seat = models.BooleanField("technical contact", default=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects: ClassVar[models.Manager["Invitation"]] = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-invited_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                F("customer"),
                Lower("email"),
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="an_address_has_one_open_invitation_to_a_company",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(
                    accepted_at__isnull=False, accepted_by__isnull=False, withdrawn_at__isnull=True
                ),
                name="an_accepted_invitation_says_by_whom_and_is_not_withdrawn",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(accepted_at__lt=F("expires_at")),
                name="an_invitation_is_accepted_before_it_expires",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at")),
                name="an_invitation_expires_after_it_is_sent",
            ),
        )
        indexes = (
            models.Index(
                fields=("next_try_at",),
                condition=Q(next_try_at__isnull=False),
                name="invitation_next_try",
            ),
        )

    def __str__(self) -> str:
        return f"{self.email} to {self.customer}"

    def secret(self) -> str:
        """The secret of the link, as it was sent last; 256 bits that only this portal can make."""
        said = f"invitation:{self.pk}:{self.sent_at.astimezone(UTC).isoformat()}"
        key = hashlib.sha256(b"invitation:" + settings.SECRET_KEY.encode()).digest()
        made = hmac.new(key, said.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(made).rstrip(b"=").decode()

    @staticmethod
    def digest_of(secret: str) -> str:
        """The stored form: the secret is random to everybody else, so a plain hash is enough."""
        return hashlib.sha256(secret.encode()).hexdigest()

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None

    def can_be_accepted(self, now: datetime) -> bool:
        return self.is_open and now < self.expires_at
