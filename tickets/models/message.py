"""What is said on a ticket: public messages, and internal notes in a table of their own.

Two tables, so that no filter forgotten anywhere can show a note to a customer.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from tickets.choices import Channel
from tickets.models.ticket import Ticket
from tickets.querysets import MessageQuerySet, NoteQuerySet


class Message(models.Model):
    """A public message, from a customer or from us. Append-only but for the overturned mark.

    `from_staff` says which side wrote it; `qualified` that it is a qualified answer, which
    stops the first-response clock; `overturned_at` that a duty lead took the mark back.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages"
    )
    body = models.TextField()
    from_staff = models.BooleanField()
    qualified = models.BooleanField(default=False)
    overturned_at = models.DateTimeField(null=True, blank=True)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.PORTAL)
    at = models.DateTimeField()
    submission_key = models.UUIDField(null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager["Message"]] = MessageQuerySet.as_manager()

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(qualified=False) | Q(from_staff=True),
                name="only_staff_answers_are_qualified",
            ),
            models.UniqueConstraint(
                fields=("author", "submission_key"),
                condition=Q(submission_key__isnull=False),
                name="a_message_sent_twice_is_kept_once",
            ),
        )
        indexes = (models.Index(fields=("ticket", "at"), name="message_thread"),)

    def __str__(self) -> str:
        return f"Message on {self.ticket_id} at {self.at:%Y-%m-%d %H:%M}"


class Note(models.Model):
    """An internal note. Staff only, on every page, in the API, in mail and in search."""

    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notes"
    )
    body = models.TextField()
    at = models.DateTimeField()
    submission_key = models.UUIDField(null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager["Note"]] = NoteQuerySet.as_manager()

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("author", "submission_key"),
                condition=Q(submission_key__isnull=False),
                name="a_note_sent_twice_is_kept_once",
            ),
        )
        indexes = (models.Index(fields=("ticket", "at"), name="note_thread"),)

    def __str__(self) -> str:
        return f"Note on {self.ticket_id} at {self.at:%Y-%m-%d %H:%M}"
