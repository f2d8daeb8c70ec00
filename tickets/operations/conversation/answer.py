"""Our answer to the customer."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.errors import NotAllowed
from accounts.models import User
from notifications.words import worded
from tickets.choices import EventKind, TicketState
from tickets.errors import InvalidTransition
from tickets.models import Message, Ticket
from tickets.notices import tell_customer, tell_watching_staff
from tickets.operations.attachments import attach_files
from tickets.operations.conversation.refusals import require_unchanged, require_words
from tickets.operations.conversation.response_clock import stop_response_clock
from tickets.operations.conversation.sent_once import create_once, sent_before
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import can_answer, can_mark_qualified, can_work
from tickets.uploads import Upload


@transaction.atomic
def answer_ticket(
    ticket: Ticket,
    *,
    body: str,
    qualified: bool,
    by: User,
    wait_for_customer: bool = False,
    files: Sequence[Upload] = (),
    seen_message: int | None = None,
    seen_event: int | None = None,
    submission_key: uuid.UUID | None = None,
    now: datetime | None = None,
) -> Message:
    """Answer the customer; a qualified answer stops the first-response clock.

    `seen_message` is the newest message the writer had on screen, 0 for none, `seen_event` the
    newest event: what somebody else did since refuses the answer, so that nobody answers past
    another. An unassigned ticket becomes the writer's, if it can be given to them.
    Raises: NotAllowed, InvalidInput, InvalidTransition on an ended ticket or a changed one.
    Effects: one Message, files, the clock's stop, one event, notices to the customer's people.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if (sent := sent_before(Message, ticket, by, submission_key)) is not None:
        return sent
    require_answerable(
        ticket,
        body=body,
        qualified=qualified,
        by=by,
        files=files,
        seen_message=seen_message,
        seen_event=seen_event,
    )
    message = create_once(
        Message,
        ticket=ticket,
        author=by,
        body=body.strip(),
        from_staff=True,
        qualified=qualified,
        at=moment,
        submission_key=submission_key,
    )
    attach_files(ticket, files, by=by, now=moment, message=message)
    if qualified:
        stop_response_clock(ticket, by=by, now=moment)
    before = ticket.state
    ticket.state = (
        TicketState.WAITING_FOR_CUSTOMER if wait_for_customer else TicketState.IN_PROGRESS
    )
    if ticket.assignee is None and can_work(by, ticket):
        ticket.assignee = by
    ticket.save(update_fields=["state", "assignee"])
    event = add_event(
        ticket,
        EventKind.ANSWERED,
        by=by,
        now=moment,
        message=message.pk,
        qualified=qualified,
        state=[before, ticket.state],
    )
    answered = worded(gettext_noop("%(by)s answered: %(subject)s"), by=by, subject=ticket.subject)
    tell_customer(ticket, event, subject=answered, body=message.body)
    tell_watching_staff(ticket, event, subject=f"{by} answered: {ticket.subject}", by=by)
    return message


def require_answerable(
    ticket: Ticket,
    *,
    body: str,
    qualified: bool,
    by: User,
    files: Sequence[Upload] = (),
    seen_message: int | None = None,
    seen_event: int | None = None,
) -> None:
    """Refuse what answer_ticket refuses. Call it with the ticket locked. Raises: as that."""
    if not can_answer(by, ticket):
        raise NotAllowed("Only support answers here.")
    if qualified and not can_mark_qualified(by, ticket):
        raise NotAllowed("Only an engineer gives a qualified answer.", field="qualified")
    require_words(body, files)
    if not ticket.is_open:
        raise InvalidTransition("This ticket has ended. Reopen it to answer.")
    require_unchanged(ticket, by, seen_message, seen_event)
