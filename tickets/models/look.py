"""When somebody last opened a ticket."""

from django.conf import settings
from django.db import models

from tickets.models.ticket import Ticket


class TicketLook(models.Model):
    """A person's last look at a ticket; what happened since is unread in the queue.

    Written by tickets.operations.looks.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    # Without an index of its own: the constraint's begins with the ticket.
    ticket = models.ForeignKey(
        Ticket, on_delete=models.CASCADE, db_index=False, related_name="looks"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("ticket", "person"), name="a_last_look_is_one"),
        )

    def __str__(self) -> str:
        return f"{self.person} at {self.ticket}"
