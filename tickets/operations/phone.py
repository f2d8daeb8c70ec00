"""Phone calls: a ticket filed for somebody on the phone, and a call logged on one."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Membership
from sla.operations import log_call
from tickets.callers import find_caller
from tickets.choices import Channel, EventKind, TicketKind
from tickets.models import Product, Ticket
from tickets.operations.conversation.refusals import require_not_merged
from tickets.operations.filing import file_ticket
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import can_work


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


@transaction.atomic
def log_phone_call(
    ticket: Ticket, *, caller_pin: str, at: datetime, by: User, now: datetime | None = None
) -> Ticket:
    """Log a customer's call, checked by the caller's PIN; it starts a clock that waits for one.

    Of one caller at one time there is one call: the same form sent twice logs it once.
    Raises: NotAllowed; InvalidInput as find_caller, and for a call in the future or before the
    filing; InvalidTransition on a merged ticket. Effects: the clock's event, one event.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_work(by, ticket):
        raise NotAllowed("Only engineers log calls.")
    # There the call would start a clock ahead of the one that is worked on.
    require_not_merged(ticket, field="caller_pin")
    caller = find_caller(ticket.customer, caller_pin, by=by)
    if not ticket.filed_at <= at <= moment:
        raise InvalidInput("Give a time between the filing and now.", field="at")
    call = {"caller": caller.user.name, "called_at": at.isoformat()}
    if ticket.events.filter(kind=EventKind.CALLED, details__contains=call).exists():
        return ticket
    if ticket.response_clock is not None and ticket.response_clock.stopped_at is None:
        ticket.response_clock = log_call(ticket.response_clock, at=at, by=by)
    add_event(
        ticket,
        EventKind.CALLED,
        by=by,
        now=moment,
        **call,
    )
    return ticket
