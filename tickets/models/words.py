"""What is searched: the words of a ticket and of everything on it, kept by the database."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from tickets.models.ticket import Ticket


class TicketWords(models.Model):
    """The words of one ticket. Written by triggers alone (migration 0021), never by Python.

    `words` holds what the customer may read: subject (weight A), description (B), messages (C) and
    names of files (D). `staff_words` holds that and the internal notes; it is empty where there
    are none. In a table of their own, so that no list of tickets carries them along.
    """

    ticket = models.OneToOneField(
        Ticket, on_delete=models.CASCADE, primary_key=True, related_name="indexed"
    )
    words = SearchVectorField(editable=False)
    staff_words = SearchVectorField(null=True, editable=False)

    class Meta:
        indexes = (
            GinIndex(fields=("words",), name="words_public"),
            GinIndex(fields=("staff_words",), name="words_of_staff"),
        )

    def __str__(self) -> str:
        return f"Words of {self.ticket_id}"
