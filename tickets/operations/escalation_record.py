"""What every change of a customer's escalation shares: its lock, and the row that tells of it."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.operations import record_change
from tickets.choices import EventKind
from tickets.errors import InvalidTransition
from tickets.models import CustomerEscalation
from tickets.operations.timeline import add_event, lock_ticket

_AUDIT_WORDS = {
    EventKind.HELP_ANSWERED: "account escalation answered",
    EventKind.HELP_HANDED_OVER: "account escalation handed over",
    EventKind.HELP_ENDED: "account escalation ended",
    EventKind.HELP_OVERDUE: "account escalation without word",
}


def lock_escalation(escalation: CustomerEscalation) -> CustomerEscalation:
    """Re-read an escalation under its row lock, its ticket's taken before."""
    ticket = None if escalation.ticket is None else lock_ticket(escalation.ticket)
    locked = CustomerEscalation.objects.select_for_update(of=("self",), no_key=True).get(
        pk=escalation.pk
    )
    locked.ticket = ticket
    return locked


def require_open(escalation: CustomerEscalation) -> None:
    """Refuse a change of what has ended. Raises: InvalidTransition."""
    if not escalation.is_open:
        raise InvalidTransition(_("This escalation has ended."))


def record_escalation(
    escalation: CustomerEscalation,
    kind: EventKind,
    *,
    by: User | None,
    now: datetime,
    reason: str,
    **details: object,
) -> str:
    """Write the one event of a change where it belongs, and name it for the notices."""
    if escalation.ticket is not None:
        event = add_event(escalation.ticket, kind, by=by, now=now, reason=reason, **details)
        return f"ticket-event:{event.pk}"
    owner = details.get("owner")
    audit = record_change(
        _AUDIT_WORDS[kind],
        escalation.customer,
        by=by,
        changes={"owner": owner} if owner else {},
        reason=reason,
        now=now,
    )
    return f"audit-event:{audit.pk}"
