"""Sending with a moment to think again: an answer or note is held, and then goes out.

What goes out is what was sent at the press of the button: a qualified answer stops the clock at
that instant. Nobody but staff can see it before. Source: docs/decisions, 0027.
"""

import logging
import uuid
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import DomainError, InvalidInput, NotAllowed
from accounts.models import User
from sla.models import Heartbeat
from sla.operations import database_now
from tickets.choices import DraftKind
from tickets.measuring import OVERLAP, measure_with_merged
from tickets.models import Message, Note, Sending, Ticket
from tickets.notices import tell_of_returned_words
from tickets.operations.conversation import (
    answer_ticket,
    require_answerable,
    require_notable,
    write_note,
)
from tickets.operations.conversation.sent_once import require_same_words, sent_before
from tickets.operations.drafts import return_words
from tickets.operations.looks import knowing_own_changes
from tickets.operations.sending_files import keep_files, open_file
from tickets.operations.timeline import lock_ticket
from tickets.uploads import SentAhead, Upload

logger = logging.getLogger(__name__)

# Nothing is held when nobody has looked for so long at what is due: it would not go out.
WORKER_MUST_LIVE = timedelta(seconds=15)
BATCH = 100


def holds_sendings() -> bool:
    """Whether what is sent now is held: somebody is there to let it out. One query."""
    if not settings.SEND_HOLD_SECONDS:
        return False
    alive = Heartbeat.objects.filter(name=Heartbeat.WATCH)
    return alive.filter(at__gt=database_now() - WORKER_MUST_LIVE).exists()


@transaction.atomic
def hold_answer(
    ticket: Ticket,
    *,
    body: str,
    qualified: bool,
    by: User,
    submission_key: uuid.UUID,
    then_waits: bool = False,
    files: Sequence[Upload] = (),
    seen_message: int | None = None,
    seen_event: int | None = None,
    now: datetime | None = None,
) -> Sending | None:
    """Send an answer that can be taken back for SEND_HOLD_SECONDS.

    None when this very form went out already. Raises: as answer_ticket, and refuses the same;
    SentOtherwise when it was sent with other words.
    Effects: one Sending with its files; no event, no notice, nothing a customer can see.
    """
    ticket = lock_ticket(ticket)
    sending = Sending(
        ticket=ticket,
        author=by,
        kind=DraftKind.ANSWER,
        body=body.strip(),
        qualified=qualified,
        then_waits=then_waits,
        submission_key=submission_key,
    )
    if (sent := sent_before(Message, ticket, by, submission_key)) is not None:
        require_same_words(is_same=_words(sent) == _words(sending))
        return None
    if (held := _held_before(sending)) is not None:
        return held
    require_answerable(
        ticket,
        body=body,
        qualified=qualified,
        by=by,
        files=files,
        seen_message=seen_message,
        seen_event=seen_event,
    )
    return _hold(sending, files, now)


@transaction.atomic
def hold_note(
    ticket: Ticket,
    *,
    body: str,
    by: User,
    submission_key: uuid.UUID,
    files: Sequence[Upload] = (),
    now: datetime | None = None,
) -> Sending | None:
    """Save a note that can be taken back, as hold_answer. Raises: as write_note."""
    ticket = lock_ticket(ticket)
    sending = Sending(
        ticket=ticket,
        author=by,
        kind=DraftKind.NOTE,
        body=body.strip(),
        submission_key=submission_key,
    )
    if (sent := sent_before(Note, ticket, by, submission_key)) is not None:
        require_same_words(is_same=_words(sent) == _words(sending))
        return None
    if (held := _held_before(sending)) is not None:
        return held
    require_notable(ticket, body=body, by=by, files=files)
    return _hold(sending, files, now)


@transaction.atomic
def take_back_sending(sending: Sending, *, by: User) -> bool:
    """Take back what has not gone out: its words are the author's draft again, its files are gone.

    False when it is out already. Raises: NotAllowed for somebody else's.
    What was sent ahead waits in the form again.
    Effects: the Sending is deleted, a Draft; `had_files` says that some are to be chosen again; no
    event.
    """
    lock_ticket(sending.ticket)
    held = _lock(sending.pk)
    if held is None:
        return False
    if held.author_id != by.pk:
        raise NotAllowed("Only its author takes it back.")
    sending.had_files = held.files.exists()
    _give_back(held)
    return True


def let_out_due_sendings() -> int:
    """Let out everything whose time has come by the database's clock, and say how many.

    Any number of workers may run this at once. What is refused now, because the ticket has ended
    meanwhile, goes back to its author, who is told.
    """
    due = Sending.objects.filter(due_at__lte=database_now()).in_order()
    keys = list(due.values_list("pk", "ticket_id")[:BATCH])
    return sum(_let_out(key, Ticket(pk=ticket)) for key, ticket in keys)


def let_out_own(ticket: Ticket, *, by: User) -> bool:
    """Let out what a person still holds on a ticket they are ending, and say whether there was any.

    Call it with the ticket locked, and read the ticket again after it. Raises: as answer_ticket.
    """
    own = Sending.objects.filter(ticket=ticket, author=by).in_order()
    held = [_lock(key) for key in own.values_list("pk", flat=True)]
    for one in held:
        if one is not None:
            _go_out(one, ticket)
    return bool(held)


def _let_out(key: int, ticket: Ticket) -> bool:
    try:
        with transaction.atomic():
            ticket = lock_ticket(ticket)
            if (held := _lock(key)) is None:
                return False  # Another worker was first, or it was taken back.
            _go_out(held, ticket)
    except DomainError as error:
        words = error.message
    except Exception:
        logger.exception("Sending %s could not go out.", key)
        words = "Something went wrong on our side."
    else:
        return True
    try:
        with transaction.atomic():
            ticket = lock_ticket(ticket)
            if (held := _lock(key)) is not None:
                _give_back(held)
                tell_of_returned_words(ticket, held, why=words)
    except Exception:  # It stays, and is tried again; those after it go out.
        logger.exception("Sending %s could not go back.", key)
    return False


def _go_out(held: Sending, ticket: Ticket) -> None:
    # It is new to others from now on, and not from when it was pressed.
    with knowing_own_changes([ticket], by=held.author), ExitStack() as opened:
        files: list[Upload] = [SentAhead(one.key) for one in held.uploads.all()]
        files += [open_file(file, opened) for file in held.files.all()]
        _become(held, ticket, files)
        Ticket.objects.filter(pk=ticket.pk).update(updated_at=timezone.now())
    # Its event has the time of the press, where nobody looks for news any more.
    if timezone.now() - held.pressed_at > OVERLAP / 2:
        transaction.on_commit(lambda: measure_with_merged({ticket.pk}))
    _forget(held)


def _become(held: Sending, ticket: Ticket, files: Sequence[Upload]) -> None:
    """Make of a sending what it would have become at the press of the button."""
    if held.kind == DraftKind.NOTE:
        write_note(
            ticket,
            body=held.body,
            by=held.author,
            files=files,
            submission_key=held.submission_key,
            now=held.pressed_at,
        )
        return
    answer_ticket(
        ticket,
        body=held.body,
        qualified=held.qualified,
        by=held.author,
        wait_for_customer=held.then_waits,
        files=files,
        submission_key=held.submission_key,
        held=True,
        now=held.pressed_at,
    )


def _held_before(sending: Sending) -> Sending | None:
    """What the same form is held as already. Raises: InvalidInput, SentOtherwise."""
    # An answer and a note of one page have one key: each is held once.
    known = Sending.objects.filter(
        author=sending.author, kind=sending.kind, submission_key=sending.submission_key
    ).first()
    if known is not None:
        if known.ticket_id != sending.ticket_id:
            raise _sent_elsewhere()
        require_same_words(is_same=_words(known) == _words(sending))
    return known


def _words(said: Sending | Message | Note) -> tuple[str, bool]:
    """What is compared of a form sent twice: its words, and whether it was qualified."""
    return said.body, not isinstance(said, Note) and said.qualified


def _hold(sending: Sending, files: Sequence[Upload], now: datetime | None) -> Sending:
    sending.pressed_at = now or timezone.now()
    sending.due_at = sending.pressed_at + timedelta(seconds=settings.SEND_HOLD_SECONDS)
    try:
        with transaction.atomic():
            sending.save()
    except IntegrityError:
        raise _sent_elsewhere() from None
    keep_files(sending, files)
    return sending


def _sent_elsewhere() -> InvalidInput:
    return InvalidInput(_("This form was sent already, on another ticket."), field="body")


def _lock(key: int) -> Sending | None:
    rows = Sending.objects.select_for_update(of=("self",)).select_related("author")
    return rows.filter(pk=key).first()


def _give_back(held: Sending) -> None:
    fields = {"body": [held.body]}
    if held.kind == DraftKind.ANSWER:
        fields["answer_kind"] = ["qualified" if held.qualified else "acknowledgement"]
    _forget(held)
    return_words(DraftKind(held.kind), held.ticket, fields=fields, by=held.author)


def _forget(held: Sending) -> None:
    stored = [file.file for file in held.files.all()]
    held.delete()
    for file in stored:
        transaction.on_commit(lambda file=file: file.delete(save=False))  # type: ignore[misc]  # a lambda's default has no type
