"""A customer's message that is a matter of its own."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.choices import Severity
from tickets.choices import Channel, EventKind, LinkKind, TicketKind
from tickets.models import Message, Ticket, TicketLink
from tickets.operations.attachments import copy_files
from tickets.operations.filing import file_ticket
from tickets.operations.meanwhile import require_no_changes
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import can_work


@transaction.atomic
def split_message(
    message: Message,
    *,
    subject: str,
    by: User,
    submission_key: uuid.UUID | None = None,
    seen_event: int | None = None,
    now: datetime | None = None,
) -> Ticket:
    """File a customer's message, with its files, as a ticket of its own for whoever wrote it.

    It is filed as break/fix, so that no incident is drawn by our own doing; its clock starts now.
    The message stays where it is. `seen_event` as in answer_ticket.
    Raises: NotAllowed; InvalidTransition; InvalidInput for an answer of ours, for a message split
    before, without a subject, or when its author left the company. Effects: as file_ticket,
    one TicketLink, one event on the first ticket.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(message.ticket)
    if not can_work(by, ticket):
        raise NotAllowed("Only engineers split tickets.")
    if message.from_staff:
        raise InvalidInput("Choose a message of the customer.", field="message")
    if submission_key is not None and (
        known := Ticket.objects.filter(submitted_by=by, submission_key=submission_key).first()
    ):
        return known
    require_no_changes(ticket, seen_event, by=by)
    _require_unsplit(ticket, message)
    new = _file(ticket, message, subject, by=by, key=submission_key, now=moment)
    copy_files(message.attachments.all(), new)
    TicketLink.objects.create(
        source=new, target=ticket, kind=LinkKind.RELATED, created_by=by, created_at=moment
    )
    add_event(ticket, EventKind.SPLIT, by=by, now=moment, ticket=new.number, message=message.pk)
    return new


def _require_unsplit(ticket: Ticket, message: Message) -> None:
    splits = ticket.events.filter(kind=EventKind.SPLIT, details__message=message.pk)
    if earlier := splits.first():
        other = f"TK-{earlier.details['ticket']}"
        raise InvalidInput(
            f"This message is a ticket of its own already: {other}.", field="message"
        )


def _file(
    ticket: Ticket,
    message: Message,
    subject: str,
    *,
    by: User,
    key: uuid.UUID | None,
    now: datetime,
) -> Ticket:
    return file_ticket(
        customer=ticket.customer,
        by=by,
        on_behalf_of=message.author,
        kind=TicketKind.BREAK_FIX,
        severity=Severity(ticket.severity),
        subject=subject,
        description=message.body,
        product=ticket.product,
        version=ticket.version,
        watchers=[*ticket.watchers.all(), ticket.filed_by],
        channel=Channel(message.channel),
        submission_key=key,
        now=now,
    )
