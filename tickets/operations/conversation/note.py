"""An internal note: of staff, for staff."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.errors import NotAllowed
from accounts.models import User
from tickets.choices import EventKind
from tickets.mentions import mentioned_in
from tickets.models import Note, Ticket
from tickets.notices import tell_staff
from tickets.operations.attachments import attach_files
from tickets.operations.conversation.refusals import require_words
from tickets.operations.conversation.sent_once import create_once, sent_before
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import can_note
from tickets.uploads import Upload


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
    if (sent := sent_before(Note, ticket, by, submission_key)) is not None:
        return sent
    require_notable(ticket, body=body, by=by, files=files)
    note = create_once(
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


def require_notable(ticket: Ticket, *, body: str, by: User, files: Sequence[Upload] = ()) -> None:
    """Refuse what write_note refuses. Raises: as that."""
    if not can_note(by, ticket):
        raise NotAllowed("Only staff writes notes.")
    require_words(body, files)
