"""How a customer found that a ticket went."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from sla.choices import Audience
from tickets.choices import EventKind, Score
from tickets.errors import InvalidTransition
from tickets.models import Rating, Ticket
from tickets.notices import people_of, staff_following, tell_staff
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import can_rate

# After this nobody remembers, and the figures of a quarter stand.
RATED_WITHIN = timedelta(days=60)


@transaction.atomic
def rate_ticket(
    ticket: Ticket, *, score: Score, comment: str, by: User, now: datetime | None = None
) -> Rating:
    """Say how it went, or change what was said.

    Units: within RATED_WITHIN of the solution. Saying the same again changes nothing.
    Raises: NotAllowed; InvalidInput for no score of the three; InvalidTransition while the ticket
    is open, and when it ended too long ago. Effects: one Rating, one event, a notice to whoever
    has the ticket; of a poor one the lead on duty and the account managers are told as well.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_rate(by, ticket):
        raise NotAllowed(
            _("Only people of %(company)s rate this ticket.") % {"company": ticket.customer}
        )
    if score not in Score.values:
        raise InvalidInput(_("Choose one of the three."), field="score")
    if not may_be_rated(ticket, moment):
        raise InvalidTransition(
            _("It is rated once it is solved.")
            if ticket.is_open
            else _("Tickets are rated within %(days)d days after they were solved.")
            % {"days": RATED_WITHIN.days}
        )
    words = comment.strip()
    rating = Rating.objects.filter(ticket=ticket, by=by).first()
    if rating is not None and (rating.score, rating.comment) == (score, words):
        return rating
    before = None if rating is None else rating.score
    rating = rating or Rating(ticket=ticket, by=by)
    rating.score, rating.comment, rating.rated_at = score, words, moment
    rating.save()
    event = add_event(
        ticket, EventKind.RATED, by=by, now=moment, reason=words, score=[before, int(score)]
    )
    people = {user.pk: user for user in staff_following(ticket)}
    if score == Score.POOR:
        for user in people_of(ticket, (Audience.DUTY_LEAD, Audience.TAM), now=moment):
            people[user.pk] = user
    if people:
        said = Score(score).label.lower()
        tell_staff(
            ticket,
            event,
            people.values(),
            subject=f"was rated {said}: {ticket.subject}",
            body=f"{by} found that it went: {said}." + (f"\n\n{words}" if words else ""),
        )
    return rating


def may_be_rated(ticket: Ticket, now: datetime) -> bool:
    """Whether somebody of the customer may still say how it went."""
    ended_at = ticket.resolved_at or ticket.closed_at
    return not ticket.is_open and ended_at is not None and now < ended_at + RATED_WITHIN
