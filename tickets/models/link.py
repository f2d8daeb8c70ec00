"""How tickets belong together."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from tickets.choices import LinkKind
from tickets.link_querysets import TicketLinkQuerySet
from tickets.models.ticket import Ticket


class TicketLink(models.Model):
    """Two tickets that belong together: `source` is a duplicate, a part … of `target`.

    Two tickets have one link, besides that of a merge; a ticket is merged into one other. Written
    by tickets.operations.links and its neighbours.
    """

    source = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="links_in")
    kind = models.CharField(max_length=10, choices=LinkKind.choices)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    objects: ClassVar[models.Manager["TicketLink"]] = TicketLinkQuerySet.as_manager()

    class Meta:
        ordering = ("created_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(source=F("target")), name="a_ticket_is_not_linked_to_itself"
            ),
            models.UniqueConstraint(
                Least("source", "target"),
                Greatest("source", "target"),
                condition=~Q(kind=LinkKind.MERGED),
                name="two_tickets_have_one_link",
            ),
            models.UniqueConstraint(
                fields=("source",),
                condition=Q(kind=LinkKind.MERGED),
                name="a_ticket_is_merged_into_one",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source_id} {self.kind} {self.target_id}"


class TicketMerge(models.Model):
    """A merge, with what its undoing restores. While it stands, a link of its kind stands too.

    `joined` and `joined_staff` are the people whom it made watchers of the target.
    """

    source = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="merges")
    target = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()
    state_before = models.CharField(max_length=20)
    joined = ArrayField(models.BigIntegerField(), default=list)
    joined_staff = ArrayField(models.BigIntegerField(), default=list)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("source",),
                condition=Q(undone_at__isnull=True),
                name="a_ticket_has_one_standing_merge",
            ),
        )

    def __str__(self) -> str:
        return f"{self.source_id} into {self.target_id}"

    def held_at(self, instant: datetime) -> bool:
        """Whether an answer on the target was one to the source at an instant."""
        return self.at <= instant and (self.undone_at is None or instant < self.undone_at)
