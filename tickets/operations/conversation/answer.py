"""Our answer to the customer."""

import uuid
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.choices import Role
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
from tickets.operations.meanwhile import require_no_answer_on_its_way
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import can_answer, can_mark_qualified, can_work
from tickets.uploads import Upload

# What decides the state a ticket is in, and whose it is.
_MOVES = frozenset({EventKind.STATE_CHANGED, EventKind.ANSWERED, EventKind.REOPENED})
_GIVES = frozenset({EventKind.TAKEN, EventKind.ASSIGNED, EventKind.RELEASED})


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
    held: bool = False,
    now: datetime | None = None,
) -> Message:
    """Answer the customer; a qualified answer stops the first-response clock.

    `seen_message` is the newest message the writer had on screen, 0 for none, `seen_event` the
    newest event: what somebody else did since refuses the answer, so that nobody answers past
    another. An unassigned ticket becomes the writer's, if it can be given to them. `held` says
    that it was sent at `now`, allowed then, and kept back until this moment: what was decided
    meanwhile of the ticket's state and owner stands.
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
        held=held,
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
    since = _kinds_since(ticket, moment) if held else frozenset()
    _move(ticket, by, since, wait_for_customer=wait_for_customer)
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
    held: bool = False,
) -> None:
    """Refuse what answer_ticket refuses. Call it with the ticket locked. Raises: as that."""
    # The lab may have given the ticket back since its analyst sent this.
    if not (can_answer(by, ticket) or (held and by.has_role(Role.ANALYST))):
        raise NotAllowed("Only support answers here.")
    if qualified and not (held or can_mark_qualified(by, ticket)):
        raise NotAllowed("Only an engineer gives a qualified answer.", field="qualified")
    require_words(body, files)
    if not ticket.is_open:
        raise InvalidTransition("This ticket has ended. Reopen it to answer.")
    require_unchanged(ticket, by, seen_message, seen_event)
    if qualified and not held:
        require_no_answer_on_its_way(ticket, by=by, field="body")


def _move(ticket: Ticket, by: User, since: AbstractSet[str], *, wait_for_customer: bool) -> None:
    """Set whose turn it is and whose ticket it is, but for what `since` decided already."""
    if ticket.state == TicketState.NEW or not since & _MOVES:
        # Had it gone out at once, what the customer wrote since would have ended the wait.
        waits = wait_for_customer and EventKind.CUSTOMER_WROTE not in since
        ticket.state = TicketState.WAITING_FOR_CUSTOMER if waits else TicketState.IN_PROGRESS
    if ticket.assignee is None and can_work(by, ticket) and not since & _GIVES:
        ticket.assignee = by


def _kinds_since(ticket: Ticket, moment: datetime) -> AbstractSet[str]:
    return set(ticket.events.filter(at__gt=moment).values_list("kind", flat=True))
