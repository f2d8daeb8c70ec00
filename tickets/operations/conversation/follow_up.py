"""What a reply to a closed ticket becomes."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import NotAllowed
from accounts.models import User
from entitlements.choices import Severity
from tickets.choices import TicketKind, TicketState
from tickets.errors import InvalidTransition
from tickets.models import Ticket
from tickets.operations.conversation.refusals import require_not_merged, require_words
from tickets.operations.filing import file_ticket
from tickets.operations.timeline import lock_ticket
from tickets.permissions import can_write_as_customer
from tickets.uploads import Upload


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

    It is filed as break/fix, so that no incident is drawn by a reply. Whoever filed or watched the
    closed ticket gets copies.
    Raises: NotAllowed; InvalidInput when empty; InvalidTransition when the ticket is not closed.
    Effects: as file_ticket.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_write_as_customer(by, ticket):
        raise NotAllowed(_("Only people of this company write here."))
    require_words(body, files)
    if ticket.state != TicketState.CLOSED:
        raise InvalidTransition(_("This ticket is not closed: write on it instead."))
    require_not_merged(ticket)
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
        watchers=[*ticket.watchers.all(), ticket.filed_by],
        submission_key=submission_key,
        follows=ticket,
        now=moment,
    )
