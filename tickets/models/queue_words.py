"""What the queue's search asks of an open ticket, in narrow rows: thousands are few pages."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from entitlements.models import Customer, Edition
from tickets.models.product import Product
from tickets.models.ticket import Ticket
from tickets.queue_querysets import QueueWordsQuerySet
from tickets.tag_names import LONGEST_TAG
from tickets.urgency import RankField


def _copied(model: type[models.Model] | str, *, null: bool = False) -> "models.ForeignKey[object]":
    """A key as the ticket has it; the ticket's own is what the database checks."""
    return models.ForeignKey(
        model,
        on_delete=models.DO_NOTHING,
        null=null,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )


class QueueWords(models.Model):
    """The words of one open ticket's subject and description, with its place and its facets.

    Written by triggers alone (migration 0036), never by Python: there is a row exactly while the
    ticket is open, and all but the words is as on the ticket. Why: docs/decisions, 0037.
    """

    ticket = models.OneToOneField(
        Ticket, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    rank = RankField.clone()
    answer_due_at = models.DateTimeField(null=True)
    answer_at_risk_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20)
    severity = models.PositiveSmallIntegerField()
    assignee = _copied(settings.AUTH_USER_MODEL, null=True)
    customer = _copied(Customer)
    edition = _copied(Edition)
    product = _copied(Product, null=True)
    tags = ArrayField(models.CharField(max_length=LONGEST_TAG), default=list)
    words = SearchVectorField(editable=False)

    objects: ClassVar[models.Manager["QueueWords"]] = QueueWordsQuerySet.as_manager()

    class Meta:
        indexes = (
            # What came lately waits in a list that each search reads: it is kept short.
            GinIndex(fields=("words",), gin_pending_list_limit=64, name="queue_words"),
            models.Index(
                fields=("rank", "answer_due_at", "answer_at_risk_at"), name="queue_words_order"
            ),
        )

    def __str__(self) -> str:
        return f"Words of {self.ticket_id} in the queue"
