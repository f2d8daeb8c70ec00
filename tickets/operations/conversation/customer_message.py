"""A customer's message on a ticket."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.errors import NotAllowed
from accounts.models import User
from notifications.words import worded
from tickets.choices import Channel, EventKind, TicketState
from tickets.errors import InvalidTransition
from tickets.models import Message, Ticket
from tickets.notices import staff_working, tell_customer, tell_staff
from tickets.operations.attachments import attach_files
from tickets.operations.conversation.refusals import require_not_merged, require_words
from tickets.operations.conversation.sent_once import create_once, sent_before
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import can_write_as_customer
from tickets.uploads import Upload


@transaction.atomic
def write_message(
    ticket: Ticket,
    *,
    body: str,
    by: User,
    files: Sequence[Upload] = (),
    channel: Channel = Channel.PORTAL,
    submission_key: uuid.UUID | None = None,
    now: datetime | None = None,
) -> Message:
    """Add a customer's message; a ticket that waited for them is ours again.

    A resolved ticket stays resolved ("thanks" does not reopen); reopening is its own act.
    Raises: NotAllowed; InvalidInput when empty; InvalidTransition on a closed ticket, whose
    reply is a follow-up. Effects: one Message, files, one event, notices to the assignee.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_write_as_customer(by, ticket):
        raise NotAllowed(_("Only people of this company write here."))
    if (sent := sent_before(Message, ticket, by, submission_key)) is not None:
        return sent
    require_words(body, files)
    if ticket.state == TicketState.CLOSED:
        require_not_merged(ticket)
        raise InvalidTransition(_("This ticket is closed. Your reply can open a follow-up."))
    message = create_once(
        Message,
        ticket=ticket,
        author=by,
        body=body.strip(),
        from_staff=False,
        channel=channel,
        at=moment,
        submission_key=submission_key,
    )
    attach_files(ticket, files, by=by, now=moment, message=message)
    before = ticket.state
    if before == TicketState.WAITING_FOR_CUSTOMER:
        ticket.state = TicketState.IN_PROGRESS
        ticket.save(update_fields=["state"])
    event = add_event(
        ticket,
        EventKind.CUSTOMER_WROTE,
        by=by,
        now=moment,
        message=message.pk,
        state=[before, ticket.state],
    )
    if following := staff_working(ticket, besides=by, now=moment):
        tell_staff(
            ticket,
            event,
            following,
            subject=f"{by} wrote: {ticket.subject}",
            body=f"{by} of {ticket.customer} wrote on {ticket.reference}.",
        )
    tell_customer(
        ticket,
        event,
        subject=worded(gettext_noop("%(by)s wrote: %(subject)s"), by=by, subject=ticket.subject),
        body=message.body,
        besides=by,
    )
    return message
