"""The tags that are known."""

from django.conf import settings
from django.db import models

from tickets.tag_names import LONGEST_TAG


class Tag(models.Model):
    """A tag somebody has used: what is suggested to the next one. Staff only.

    A ticket carries the names themselves (Ticket.tags), so that a row of the queue joins nothing.
    Written by tickets.operations.tags.
    """

    name = models.CharField(max_length=LONGEST_TAG, unique=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
