"""A lead takes the mark of a qualified answer back."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from sla.operations import overturn_stop, stop_clock
from tickets.choices import EventKind
from tickets.errors import InvalidTransition
from tickets.models import Message
from tickets.notices import tell_staff
from tickets.operations.conversation.response_clock import answered_clocks
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import can_overturn


@transaction.atomic
def overturn_answer(
    message: Message, *, reason: str, by: User, now: datetime | None = None
) -> Message:
    """Take back the qualified mark of an answer: the clock is what it would have been.

    It stops at the next qualified answer that stands, or when the customer ended the ticket.
    Raises: NotAllowed, InvalidInput; InvalidTransition when it is not marked, or when the clock
    would run on a ticket that is resolved.
    Effects: the Message, the clock, one event, a notice to the author.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(message.ticket)
    message = Message.objects.select_related("author").get(pk=message.pk)
    if not can_overturn(by, message):
        raise NotAllowed("A duty lead takes a qualified mark back, not on an answer of their own.")
    if not reason.strip():
        raise InvalidInput("Say why the answer is not a qualified one.", field="reason")
    if not message.qualified or message.overturned_at is not None:
        raise InvalidTransition("This answer is not marked as qualified.")
    message.overturned_at = moment
    message.save(update_fields=["overturned_at"])
    standing = ticket.messages.filter(qualified=True, overturned_at__isnull=True).order_by("at")
    following = standing.first()
    for clock in answered_clocks(ticket):
        if clock.stopped_at != message.at:
            continue
        running = overturn_stop(clock, at=moment, by=by, reason=reason)
        if following is not None:
            stop_clock(running, at=following.at, by=following.author)
        elif ticket.closed_at is not None:
            stop_clock(running, at=ticket.closed_at, by=by, reason="The ticket was closed.")
        elif not ticket.is_open:
            raise InvalidTransition("Reopen the ticket first: its clock would run unseen.")
    event = add_event(
        ticket, EventKind.OVERTURNED, by=by, now=moment, reason=reason, message=message.pk
    )
    tell_staff(
        ticket,
        event,
        [message.author],
        subject=f"your answer no longer counts as qualified: {ticket.subject}",
        body=f"{by} took the mark back. Reason: {reason}",
    )
    return message
