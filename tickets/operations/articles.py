"""An article is begun from a ticket that was solved."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from knowledge.models import Article
from knowledge.operations.writing import Words, begin_article
from tickets.errors import InvalidTransition
from tickets.models import Ticket, TicketArticle
from tickets.permissions import can_make_article


@transaction.atomic
def make_article_from(
    ticket: Ticket, words: Words, *, by: User, now: datetime | None = None
) -> Article:
    """Begin an article and keep which ticket it came from, for staff.

    Raises: NotAllowed; InvalidTransition while the ticket is open; InvalidInput.
    Effects: as begin_article, and one TicketArticle. The ticket itself does not change.
    """
    moment = now or timezone.now()
    if not can_make_article(by, ticket):
        raise NotAllowed("Those who work on tickets make articles of them.")
    if ticket.is_open and ticket.resolved_at is None:
        raise InvalidTransition("An article is made of what solved it: resolve it first.")
    article = begin_article(words, by=by, now=moment)
    TicketArticle.objects.create(ticket=ticket, article=article, begun_by=by, begun_at=moment)
    return article
