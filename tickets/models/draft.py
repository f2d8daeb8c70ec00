"""Words somebody has typed and not sent yet, so that any of their devices can go on with them."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from entitlements.models import Customer
from tickets.choices import FILING_DRAFTS, DraftKind
from tickets.models.message import Message, Note
from tickets.models.sending import Sending
from tickets.models.ticket import Ticket

_FILING = [kind.value for kind in FILING_DRAFTS]


class DraftQuerySet(models.QuerySet["Draft"]):
    """Questions about drafts: always one person's own."""

    def of(self, author: User) -> "DraftQuerySet":
        return self.filter(author=author)

    def unsent(self) -> "DraftQuerySet":
        """Leave out a draft whose form was sent while its last words were still being saved."""
        same = {"submission_key": OuterRef("form")}
        return self.exclude(
            Exists(Sending.objects.filter(author=OuterRef("author"), kind=OuterRef("kind"), **same))
            | Q(kind=DraftKind.NOTE)
            & Exists(Note.objects.filter(author=OuterRef("author"), **same))
            | Q(kind__in=(DraftKind.ANSWER, DraftKind.REPLY))
            & Exists(Message.objects.filter(author=OuterRef("author"), **same))
            | Q(kind__in=(*FILING_DRAFTS, DraftKind.REPLY))
            & Exists(Ticket.objects.filter(submitted_by=OuterRef("author"), **same))
        )


class Draft(models.Model):
    """One person's unsent words: one a ticket and kind, and one a company and kind of new ticket.

    `fields` are a form's fields by name, each a list of its values; files are never part of it.
    `form` is the submission key of the form that saved it last, and so names its window;
    `revision` is another with each saving. Nobody but the author ever reads a draft: it is on no
    timeline and in no search, export or API. Written by tickets.operations.drafts.
    """

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts"
    )
    kind = models.CharField(max_length=7, choices=DraftKind.choices)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, null=True, related_name="drafts")
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, null=True, related_name="drafts"
    )
    fields = models.JSONField()
    form = models.UUIDField()
    revision = models.UUIDField(default=uuid.uuid4)
    saved_at = models.DateTimeField()

    objects: ClassVar[models.Manager["Draft"]] = DraftQuerySet.as_manager()

    class Meta:
        ordering = ("-saved_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=_FILING, ticket=None, customer__isnull=False)
                | Q(~Q(kind__in=_FILING), ticket__isnull=False, customer=None),
                name="a_draft_is_of_a_ticket_or_of_filing_one",
            ),
            models.UniqueConstraint(
                fields=("author", "ticket", "kind"),
                condition=Q(ticket__isnull=False),
                name="one_draft_a_ticket_and_kind",
            ),
            models.UniqueConstraint(
                fields=("author", "customer", "kind"),
                condition=Q(customer__isnull=False),
                name="one_draft_of_a_new_ticket_a_company",
            ),
        )
        indexes = (models.Index(fields=("saved_at",), name="draft_saved_at"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.saved_at:%Y-%m-%d %H:%M}"

    def text(self, name: str) -> str:
        """The first value of a field; nothing when it has none."""
        values: list[str] = self.fields.get(name) or [""]
        return values[0]
