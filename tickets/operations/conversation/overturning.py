"""A lead takes the mark of a qualified answer back."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from sla.operations import overturn_stop, stop_clock
from tickets.choices import EventKind
from tickets.errors import InvalidTransition
from tickets.models import Message, Ticket, TicketMerge
from tickets.notices import tell_staff
from tickets.operations.conversation.response_clock import answers_to, is_owed_on
from tickets.operations.timeline import add_event, lock_tickets
from tickets.permissions import can_overturn


@transaction.atomic
def overturn_answer(
    message: Message, *, reason: str, by: User, now: datetime | None = None
) -> Message:
    """Take back the qualified mark of an answer: the clock is what it would have been.

    It stops at the next qualified answer that stands, or when the customer ended the ticket. So do
    the clocks of what is or was merged into it, as far as this answer stopped them; and what the
    ticket itself is merged into gives its answers and its end.
    Raises: NotAllowed, InvalidInput; InvalidTransition when it is not marked, or when the clock
    would run on a ticket that is resolved, or is merged into one that owes no answer before it.
    Effects: the Message, the clocks, one event on the ticket and on each that stands apart from it
    again, a notice to the author.
    Source: docs/decisions, 0022.
    """
    moment = now or timezone.now()
    ticket, *merged = lock_tickets(message.ticket, *_merged_with(message.ticket))
    message = Message.objects.select_related("author").get(pk=message.pk)
    if not can_overturn(by, message):
        raise NotAllowed("A duty lead takes a qualified mark back, not on an answer of their own.")
    if not reason.strip():
        raise InvalidInput("Say why the answer is not a qualified one.", field="reason")
    if not message.qualified or message.overturned_at is not None:
        raise InvalidTransition("This answer is not marked as qualified.")
    message.overturned_at = moment
    message.save(update_fields=["overturned_at"])
    moved = [one for one in (ticket, *merged) if _start_again(one, message, by, reason, moment)]
    event = add_event(
        ticket, EventKind.OVERTURNED, by=by, now=moment, reason=reason, message=message.pk
    )
    for one in moved:
        if one.pk != ticket.pk and one.goes_on_in.pk == one.pk:
            add_event(one, EventKind.OVERTURNED, by=by, now=moment, reason=reason)
    tell_staff(
        ticket,
        event,
        [message.author],
        subject=f"your answer no longer counts as qualified: {ticket.subject}",
        body=f"{by} took the mark back. Reason: {reason}",
    )
    return message


def _merged_with(ticket: Ticket) -> list[Ticket]:
    """The tickets that were ever merged into it, and those that it was ever merged into."""
    merges = TicketMerge.objects.filter(Q(source=ticket) | Q(target=ticket)).order_by()
    keys = {key for pair in merges.values_list("source", "target") for key in pair}
    return list(Ticket.objects.filter(pk__in=keys - {ticket.pk}))


def _start_again(ticket: Ticket, message: Message, by: User, reason: str, now: datetime) -> bool:
    """Let a ticket's clock run on that an overturned answer had stopped; whether it was so."""
    clock = ticket.response_clock
    if clock is None or clock.stopped_at != message.at:
        return False
    following = answers_to(ticket).first()
    if following is not None and following.at == clock.stopped_at:
        return False  # A broadcast answered it in the same instant.
    place = ticket.goes_on_in
    ticket.response_clock = clock = overturn_stop(clock, at=now, by=by, reason=reason)
    if following is not None:
        stop_clock(clock, at=following.at, by=following.author)
    elif place.closed_at is not None:
        stop_clock(clock, at=place.closed_at, by=by, reason="The ticket was closed.")
    elif not place.is_open:
        raise InvalidTransition(f"Reopen {place.reference} first: its clock would run unseen.")
    elif place.pk != ticket.pk and not is_owed_on(place, clock):
        raise InvalidTransition(
            f"{ticket.reference} is merged into {place.reference}, which owes no answer before it. "
            "Undo the merge first: its clock would run unseen."
        )
    return True
