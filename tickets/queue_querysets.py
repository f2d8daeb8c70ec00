"""Open tickets by the words in their subject and description, in the queue's order."""

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery, SearchQueryField
from django.db.models import BooleanField, Func, Q

from accounts.models import User
from tickets.querysets import visible_tickets
from tickets.urgency_querysets import UrgencyOrdered

if TYPE_CHECKING:  # The model names this queryset; only the annotation looks back.
    from tickets.models.queue_words import QueueWords  # noqa: F401 - named in a base class, as text


class QueueWordsQuerySet(UrgencyOrdered["QueueWords"]):
    """Questions about the words of open tickets."""

    def visible_to(self, user: User) -> Self:
        return self.filter(visible_tickets(user, "ticket__"))

    def saying(self, words: SearchQuery | CombinedSearchQuery) -> Self:
        """Open tickets whose subject and description hold the words; read by `queue_words`."""
        return self.filter(words=words)

    def saying_in_turn(self, words: SearchQuery | CombinedSearchQuery) -> Self:
        """As `saying`, but looked at one by one, in the order the tickets are asked for."""
        asked = Func(words, template="(SELECT %(expressions)s)", output_field=SearchQueryField())
        says = Func("words", asked, function="ts_match_vq", output_field=BooleanField())
        return self.filter(says)

    def of_tickets(self, condition: Q) -> Self:
        """Those of the tickets that a condition holds for; the empty one holds for all."""
        tickets = self.model._meta.get_field("ticket").related_model._default_manager
        return self.filter(ticket__in=tickets.filter(condition).values("pk")) if condition else self
