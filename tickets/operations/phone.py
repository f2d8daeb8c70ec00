"""A ticket filed for somebody on the phone."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Membership
from tickets.choices import Channel, TicketKind
from tickets.models import Product, Ticket
from tickets.operations.escalation import log_phone_call
from tickets.operations.filing import file_ticket


@transaction.atomic
def file_phone_ticket(
    *,
    caller: Membership,
    caller_pin: str,
    by: User,
    kind: TicketKind,
    severity: Severity,
    subject: str,
    description: str,
    product: Product | None = None,
    version: str = "",
    submission_key: uuid.UUID | None = None,
    now: datetime | None = None,
) -> Ticket:
    """File for a caller and log the call, so that a clock that waits for one runs at once.

    Raises: as file_ticket and log_phone_call; InvalidInput without a PIN. Effects: as both, in
    one transaction; the same form sent twice files once and logs one call.
    """
    moment = now or timezone.now()
    if not caller_pin.strip():
        raise InvalidInput("Ask the caller for their PIN.", field="caller_pin")
    ticket = file_ticket(
        customer=caller.customer,
        by=by,
        on_behalf_of=caller.user,
        channel=Channel.PHONE,
        kind=kind,
        severity=severity,
        subject=subject,
        description=description,
        product=product,
        version=version,
        submission_key=submission_key,
        now=moment,
    )
    if ticket.filed_at != moment:  # the same form, sent before: its call is logged
        return ticket
    return log_phone_call(ticket, caller_pin=caller_pin, at=moment, by=by, now=moment)
