"""A file on its way here: it arrives in pieces, and goes on after a lost network."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from accounts.models import User
from entitlements.models import Customer
from tickets.choices import FILING_DRAFTS, DraftKind
from tickets.models.attachment import Inspected
from tickets.models.sending import Sending
from tickets.models.ticket import Ticket

_FILING = [kind.value for kind in FILING_DRAFTS]


class FileUploadQuerySet(models.QuerySet["FileUpload"]):
    """Questions about files on their way: always one person's own."""

    def of(self, owner: User, now: datetime) -> "FileUploadQuerySet":
        return self.filter(owner=owner, expires_at__gt=now)

    def waiting_for(self, ticket: Ticket) -> "FileUploadQuerySet":
        """Those chosen in a ticket's composer and not sent yet."""
        return self.filter(sending=None, ticket=ticket)

    def finished(self) -> "FileUploadQuerySet":
        return self.filter(finished_at__isnull=False)


class FileUpload(Inspected):
    """A file that somebody sends, for a form that is not sent yet.

    `key` is its address, and nobody's but the owner's; `stored_as` where its bytes stand below
    PORTAL_MEDIA, the same before and after it hangs on a ticket. `ticket` is the one in whose
    composer it was chosen, `kind` then NOTE on the side of notes and else empty; for a new ticket
    `customer` and `kind` say in which form. `modified` is the file's own time by the browser, which
    tells it from another of its name.
    Units: `size` and `received` in bytes, `modified` in milliseconds.
    Written by tickets.operations.file_uploads.
    """

    key = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="file_uploads"
    )
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, null=True, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=7, choices=DraftKind.choices, blank=True)
    # What it goes out with; taken back, it waits in its form again.
    sending = models.ForeignKey(
        Sending, on_delete=models.SET_NULL, null=True, related_name="uploads"
    )
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100, blank=True)
    modified = models.BigIntegerField(null=True)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    stored_as = models.CharField(max_length=200, unique=True)
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["FileUpload"]] = FileUploadQuerySet.as_manager()

    class Meta:
        ordering = ("begun_at", "key")
        constraints = (
            models.CheckConstraint(
                condition=Q(received__lte=F("size")), name="no_more_arrives_than_was_announced"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(received=F("size")),
                name="an_upload_is_finished_when_all_is_here",
            ),
            models.CheckConstraint(
                condition=Q(
                    ticket__isnull=False, customer=None, kind__in=("", DraftKind.NOTE.value)
                )
                | Q(ticket=None, customer__isnull=False, kind__in=_FILING),
                name="an_upload_is_for_a_ticket_or_a_form_of_a_new_one",
            ),
        )
        indexes = (models.Index(fields=("expires_at",), name="upload_expires_at"),)

    def __str__(self) -> str:
        return self.name
