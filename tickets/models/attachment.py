"""Files on a ticket: stored under a random key, served only through the ticket."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from tickets.choices import ScanState
from tickets.models.message import Message, Note
from tickets.models.ticket import Ticket
from tickets.querysets import AttachmentQuerySet


def random_place() -> str:
    """A random path of our own: nothing of the claimed name reaches the disk."""
    token = secrets.token_hex(16)
    return f"attachments/{token[:2]}/{token}"


def storage_key(attachment: "Attachment", filename: str) -> str:
    """Where a file of a form is stored."""
    return random_place()


class Inspected(models.Model):
    """What is known of a stored file's content.

    `sha256` is ours, and empty until it has been worked out. `is_sample` marks malware that was
    sent on purpose: chosen by its sender, never scanned away, opened by the lab alone.
    `scan_note` says what the scanner found, or why it was not asked.
    """

    is_sample = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64, blank=True)
    scan_state = models.CharField(
        max_length=11, choices=ScanState.choices, default=ScanState.NOT_SCANNED
    )
    scan_note = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def is_inspected(self) -> bool:
        return bool(self.sha256) and self.scan_state != ScanState.WAITING

    @property
    def scan_words(self) -> str:
        """The state in words: "Not scanned: no scanner configured"."""
        said = _(ScanState(self.scan_state).label)
        return f"{said}: {self.scan_note}" if self.scan_note else said


class Attachment(Inspected):
    """A file somebody sent. On the filing itself when it hangs on neither message nor note.

    `name` and `content_type` are the sender's claims. `removed_at` is when a sample's bytes were
    deleted after their time; what is known of it stays. Units: `size` in bytes.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="attachments")
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    note = models.ForeignKey(
        Note, on_delete=models.PROTECT, null=True, blank=True, related_name="attachments"
    )
    file = models.FileField(upload_to=storage_key, max_length=200)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField()
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Attachment"]] = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ("uploaded_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(is_sample=True) | Q(scan_state=ScanState.NOT_SCANNED),
                name="a_sample_is_never_scanned",
            ),
            models.CheckConstraint(
                condition=Q(message__isnull=True) | Q(note__isnull=True),
                name="a_file_hangs_on_a_message_or_a_note",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(is_sample=True, file=""),
                name="only_a_sample_is_removed_and_leads_to_no_file_then",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_refused(self) -> bool:
        return self.scan_state == ScanState.REFUSED

    @property
    def url(self) -> str:
        """Where it is downloaded; needs the ticket, so load it with `select_related`."""
        return reverse("attachment", args=[self.ticket.number, self.pk])
