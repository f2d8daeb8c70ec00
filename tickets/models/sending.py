"""Words that were sent and can still be taken back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from tickets.choices import DraftKind
from tickets.models.attachment import storage_key
from tickets.models.ticket import Ticket


class SendingQuerySet(models.QuerySet["Sending"]):
    """Questions about sendings."""

    def of_page(self, ticket: Ticket) -> "SendingQuerySet":
        """Those on their way on a ticket, with author and files, the first to go out first."""
        own = self.filter(ticket=ticket).select_related("author")
        return own.prefetch_related("files", "uploads").in_order()

    def in_order(self) -> "SendingQuerySet":
        return self.order_by("due_at", "pk")


class Sending(models.Model):
    """An answer or a note between the press of its button and its going out at `due_at`.

    It is no message yet, so nothing that customers reach can show it; `pressed_at` is when it was
    sent, and what it becomes says so. `then_waits`: the ticket then waits for the customer. The row
    is gone once it went out or was taken back. Written by tickets.operations.sendings. Source:
    docs/decisions, 0027.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="sendings")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=7, choices=DraftKind.choices)
    body = models.TextField()
    qualified = models.BooleanField(default=False)
    then_waits = models.BooleanField(default=False)
    submission_key = models.UUIDField()
    pressed_at = models.DateTimeField()
    due_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Sending"]] = SendingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=(DraftKind.ANSWER, DraftKind.NOTE)),
                name="only_answers_and_notes_are_held",
            ),
            models.CheckConstraint(
                condition=Q(qualified=False) | Q(kind=DraftKind.ANSWER),
                name="only_an_answer_is_held_as_qualified",
            ),
            models.UniqueConstraint(
                fields=("author", "kind", "submission_key"), name="what_is_sent_twice_is_held_once"
            ),
        )
        indexes = (models.Index(fields=("due_at",), name="sending_due"),)

    # Of one that was taken back: its files are gone with it.
    had_files = False
    # On a page: how long it can still be taken back. Units: seconds.
    seconds_left = 0.0

    def __str__(self) -> str:
        return f"{self.get_kind_display()} on {self.ticket_id}, due {self.due_at:%H:%M:%S}"

    @property
    def file_names(self) -> list[str]:
        """What goes out with it, as its author called it."""
        return [one.name for one in (*self.uploads.all(), *self.files.all())]


class SendingFile(models.Model):
    """A file of a sending, as it was handed over. Units: `size` in bytes."""

    sending = models.ForeignKey(Sending, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to=storage_key, max_length=200)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField()
    is_sample = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name
