"""What is said on a ticket: the customer's messages, our answers, internal notes."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.choices import Severity
from sla.models import Clock
from sla.operations import overturn_stop, stop_clock
from tickets.changes import changes_since
from tickets.choices import Channel, EventKind, LinkKind, TicketKind, TicketState
from tickets.errors import InvalidTransition
from tickets.mentions import mentioned_in
from tickets.models import Message, Note, Ticket, TicketLink
from tickets.notices import staff_following, tell_customer, tell_staff, tell_watching_staff
from tickets.operations.attachments import attach_files
from tickets.operations.filing import file_ticket
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import (
    can_answer,
    can_mark_qualified,
    can_note,
    can_overturn,
    can_work,
    can_write_as_customer,
)
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
    if (sent := _sent_before(Message, ticket, by, submission_key)) is not None:
        return sent
    _require_words(body, files)
    if ticket.state == TicketState.CLOSED:
        _require_not_merged(ticket)
        raise InvalidTransition(_("This ticket is closed. Your reply can open a follow-up."))
    message = _create_once(
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
    if following := staff_following(ticket, besides=by):
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
        subject=f"{by} wrote: {ticket.subject}",
        body=message.body,
        besides=by,
    )
    return message


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
    if (sent := _sent_before(Message, ticket, by, submission_key)) is not None:
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
    message = _create_once(
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
    tell_customer(ticket, event, subject=f"{by} answered: {ticket.subject}", body=message.body)
    tell_watching_staff(ticket, event, subject=f"{by} answered: {ticket.subject}", by=by)
    return message


@transaction.atomic
def write_note(
    ticket: Ticket,
    *,
    body: str,
    by: User,
    files: Sequence[Upload] = (),
    submission_key: uuid.UUID | None = None,
    now: datetime | None = None,
) -> Note:
    """Add an internal note. Nobody outside staff is ever told of it.

    Raises: NotAllowed, InvalidInput. Effects: one Note, files, one internal event that names who
    is mentioned, notices to them.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if (sent := _sent_before(Note, ticket, by, submission_key)) is not None:
        return sent
    require_notable(ticket, body=body, by=by, files=files)
    note = _create_once(
        Note, ticket=ticket, author=by, body=body.strip(), at=moment, submission_key=submission_key
    )
    attach_files(ticket, files, by=by, now=moment, note=note)
    mentioned = [user for user in mentioned_in(note.body, ticket) if user.pk != by.pk]
    names: dict[str, Any] = {"mentioned": [user.name for user in mentioned]} if mentioned else {}
    event = add_event(ticket, EventKind.NOTED, by=by, now=moment, note=note.pk, **names)
    if mentioned:
        tell_staff(
            ticket,
            event,
            mentioned,
            subject=f"{by} mentioned you: {ticket.subject}",
            body=note.body,
            why="A colleague mentioned you in an internal note.",
        )
    return note


@transaction.atomic
def follow_up_ticket(
    ticket: Ticket,
    *,
    body: str,
    by: User,
    files: Sequence[Upload] = (),
    submission_key: uuid.UUID | None = None,
    now: datetime | None = None,
) -> Ticket:
    """File a linked follow-up: what a reply to a closed ticket becomes.

    It is filed as break/fix, so that no incident is drawn by a reply.
    Raises: NotAllowed; InvalidInput when empty; InvalidTransition when the ticket is not closed.
    Effects: as file_ticket.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_write_as_customer(by, ticket):
        raise NotAllowed(_("Only people of this company write here."))
    _require_words(body, files)
    if ticket.state != TicketState.CLOSED:
        raise InvalidTransition(_("This ticket is not closed: write on it instead."))
    _require_not_merged(ticket)
    known = ticket.follow_ups.filter(
        submitted_by=by, submission_key=submission_key, submission_key__isnull=False
    ).first()
    if known is not None:
        return known
    return file_ticket(
        customer=ticket.customer,
        by=by,
        kind=TicketKind.BREAK_FIX,
        severity=Severity(ticket.severity),
        subject=f"Follow-up: {ticket.subject}"[:200],
        description=body,
        criteria=ticket.criteria,
        product=ticket.product,
        version=ticket.version,
        files=files,
        watchers=list(ticket.watchers.all()),
        submission_key=submission_key,
        follows=ticket,
        now=moment,
    )


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
    for clock in _answered_clocks(ticket):
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


def stop_response_clock(ticket: Ticket, *, by: User, now: datetime) -> None:
    """Stop the first-response clock if it still runs; the ticket is no longer raised.

    The clocks of tickets merged into it stop with it: one answer is given to all of them.
    Call it with the ticket locked. Effects: the clocks' events; `escalation_level`.
    """
    for clock in _answered_clocks(ticket):
        if clock.stopped_at is not None:
            continue
        stopped = stop_clock(clock, at=now, by=by)
        if clock.pk != ticket.response_clock_id:
            continue
        ticket.response_clock = stopped
        if ticket.escalation_level:
            ticket.escalation_level = 0
            ticket.save(update_fields=["escalation_level"])


def _answered_clocks(ticket: Ticket) -> list[Clock]:
    """The clocks that an answer on a ticket stops: its own, and of what is merged into it.

    The merged tickets are not locked: whoever locks two takes them in one order, and this one is
    locked already.
    """
    merged = Ticket.objects.filter(
        links_out__target=ticket, links_out__kind=LinkKind.MERGED, response_clock__isnull=False
    ).select_related("response_clock")
    own = [ticket.response_clock] if ticket.response_clock is not None else []
    return own + [one.response_clock for one in merged if one.response_clock is not None]


def _require_not_merged(ticket: Ticket) -> None:
    """Whoever writes on a merged ticket is led to where it goes on. Raises: InvalidTransition."""
    links = TicketLink.objects.filter(source=ticket, kind=LinkKind.MERGED)
    link = links.select_related("target").first()
    if link is not None:
        raise InvalidTransition(
            _("This ticket is merged into %(ticket)s. Write there.")
            % {"ticket": link.target.reference},
            field="body",
        )


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
    _require_words(body, files)
    if not ticket.is_open:
        raise InvalidTransition("This ticket has ended. Reopen it to answer.")
    require_unchanged(ticket, by, seen_message, seen_event)


def require_notable(ticket: Ticket, *, body: str, by: User, files: Sequence[Upload] = ()) -> None:
    """Refuse what write_note refuses. Raises: as that."""
    if not can_note(by, ticket):
        raise NotAllowed("Only staff writes notes.")
    _require_words(body, files)


def require_unchanged(
    ticket: Ticket, by: User, seen_message: int | None, seen_event: int | None = None
) -> None:
    """Refuse to answer past somebody: nobody else wrote or moved the ticket since it was opened.

    Raises: InvalidTransition, naming who wrote or what changed.
    """
    if seen_message is not None:
        newer = ticket.messages.filter(pk__gt=seen_message).exclude(author=by)
        if (first := newer.select_related("author").first()) is not None:
            raise InvalidTransition(
                f"{first.author} wrote while you were writing. Read it above, then send again.",
                field="body",
            )
    if seen_event is not None and changes_since(ticket, seen_event, reader=by).exists():
        raise InvalidTransition(
            "The ticket changed while you were writing. Look above, then send again.", field="body"
        )


def _sent_before[Sent: (Message, Note)](
    model: type[Sent], ticket: Ticket, by: User, submission_key: uuid.UUID | None
) -> Sent | None:
    """What the same form already became; callers hold the ticket's lock, so none is in flight."""
    if submission_key is None:
        return None
    sent = model._default_manager.filter(author=by, submission_key=submission_key).first()
    if sent is not None and sent.ticket_id != ticket.pk:
        raise InvalidInput(_("This form was sent already, on another ticket."), field="body")
    return sent


def _create_once[Sent: (Message, Note)](model: type[Sent], **values: Any) -> Sent:
    """Write it, unless the same form is on its way to another ticket at this moment."""
    try:
        with transaction.atomic():
            return model._default_manager.create(**values)
    except IntegrityError as error:
        if "_sent_twice_" not in str(error):
            raise
        raise InvalidInput(
            _("This form was sent already, on another ticket."), field="body"
        ) from None


def _require_words(body: str, files: Sequence[Upload]) -> None:
    if not body.strip():
        raise InvalidInput(
            _("Write a line with the files.") if files else _("Write something first."),
            field="body",
        )
