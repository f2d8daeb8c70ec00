"""What a form became is written once, however often the form arrives."""

import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput
from accounts.models import User
from tickets.errors import SentOtherwise
from tickets.models import Message, Note, Ticket


def sent_before[Sent: (Message, Note)](
    model: type[Sent], ticket: Ticket, by: User, submission_key: uuid.UUID | None
) -> Sent | None:
    """What the same form already became; callers hold the ticket's lock, so none is in flight."""
    if submission_key is None:
        return None
    sent = model._default_manager.filter(author=by, submission_key=submission_key).first()
    if sent is not None and sent.ticket_id != ticket.pk:
        raise InvalidInput(_("This form was sent already, on another ticket."), field="body")
    return sent


def require_same_words(*, is_same: bool) -> None:
    """Refuse a form that was sent before with other words, which else were lost.

    Raises: SentOtherwise.
    """
    if not is_same:
        raise SentOtherwise


def create_once[Sent: (Message, Note)](model: type[Sent], **values: Any) -> Sent:
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
