"""Severity: changed by support with a reason, contested by the customer."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.choices import Severity
from entitlements.promise import Terms, promise_for
from notifications.words import worded
from sla.choices import Audience, ClockEventKind
from sla.models import Clock
from sla.operations import reassess_clock, start_clock
from tickets.choices import EventKind
from tickets.errors import InvalidTransition
from tickets.models import Ticket
from tickets.notices import people_of, tell_customer, tell_staff
from tickets.operations.conversation import require_merged_owed_on
from tickets.operations.meanwhile import require_no_changes
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import can_work, can_write_as_customer
from tickets.reassessment import terms_of


@transaction.atomic
def change_severity(
    ticket: Ticket,
    *,
    severity: Severity,
    reason: str,
    by: User,
    seen_event: int | None = None,
    now: datetime | None = None,
) -> Ticket:
    """Change the severity, with a reason the customer sees; an unanswered clock is re-assessed.

    The edition stays the one filed under. A raised severity counts from now and its deadline is
    never later than the one before; a lowered one counts from the filing. The superseded
    deadline stays on record. `seen_event` as in answer_ticket.
    Raises: NotAllowed, InvalidInput; InvalidTransition, also when what is merged into it would be
    due before it. Effects: the Ticket, its clock, one event, notices to the customer's people.
    Source: docs/decisions, severity change.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_work(by, ticket):
        raise NotAllowed("Only engineers change the severity. You can contest it.")
    if not reason.strip():
        raise InvalidInput("Say why: the customer sees the reason.", field="reason")
    if not ticket.is_open:
        raise InvalidTransition(_("This ticket has ended."))
    require_no_changes(ticket, seen_event, by=by)
    before = Severity(ticket.severity)
    if severity == before:
        raise InvalidInput(f"It is {before.label} already.", field="severity")
    ticket.severity = severity
    _reassess(ticket, raised=severity < before, by=by, reason=reason, now=moment)
    ticket.save(update_fields=["severity", "service_level", "response_clock", "weight"])
    event = add_event(
        ticket,
        EventKind.SEVERITY_CHANGED,
        by=by,
        now=moment,
        reason=reason,
        severity=[before, severity],
    )
    tell_customer(
        ticket,
        event,
        subject=worded(
            gettext_noop("is now %(severity)s: %(subject)s"),
            severity=gettext_lazy(severity.label),
            subject=ticket.subject,
        ),
        body=worded(
            gettext_noop("%(by)s changed the severity from %(before)s to %(severity)s. %(reason)s"),
            by=by,
            before=gettext_lazy(before.label),
            severity=gettext_lazy(severity.label),
            reason=reason,
        ),
    )
    return ticket


@transaction.atomic
def contest_severity(
    ticket: Ticket, *, severity: Severity, reason: str, by: User, now: datetime | None = None
) -> Ticket:
    """Say, as the customer, that the severity is wrong; a lead looks at it.

    Raises: NotAllowed, InvalidInput, InvalidTransition. Effects: `asked_severity`, one event,
    notices to the assignee and the duty leads.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_write_as_customer(by, ticket):
        raise NotAllowed(_("Only people of this company contest the severity."))
    if not reason.strip():
        raise InvalidInput(_("Say what makes it more or less severe."), field="reason")
    if not ticket.is_open:
        raise InvalidTransition(_("This ticket has ended."))
    if severity == ticket.severity:
        raise InvalidInput(
            _("It is %(severity)s already.") % {"severity": _(severity.label)}, field="severity"
        )
    before = ticket.asked_severity
    ticket.asked_severity = severity
    ticket.save(update_fields=["asked_severity"])
    event = add_event(
        ticket,
        EventKind.SEVERITY_CONTESTED,
        by=by,
        now=moment,
        reason=reason,
        asked=[before, severity],
    )
    tell_staff(
        ticket,
        event,
        people_of(ticket, [Audience.ASSIGNEE, Audience.DUTY_LEAD], now=moment),
        subject=f"severity contested: {ticket.subject}",
        body=f"{by} asks for {severity.label}. {reason}",
        urgent=severity == Severity.CRITICAL,
    )
    return ticket


def _reassess(ticket: Ticket, *, raised: bool, by: User, reason: str, now: datetime) -> None:
    """Move the ticket and its unanswered clock to the new severity's service level."""
    terms = terms_of(ticket)
    promise = promise_for(terms, Severity(ticket.severity), now)
    ticket.service_level = promise.level
    clock = ticket.response_clock
    if clock is not None and clock.stopped_at is not None:
        return
    if promise.target is None:
        # A target once promised is not taken away: the clock keeps its terms.
        return
    assert promise.level.ladder is not None
    if clock is None:
        if _answered(ticket):
            return
        ticket.response_clock = start_clock(
            calendar_version=promise.calendar_version,
            zone=promise.zone,
            target=promise.target,
            ladder=promise.level.ladder,
            at=now,
            by=by,
        )
        ticket.weight = promise.level.ladder.weight
        return
    ticket.response_clock = reassess_clock(
        clock,
        calendar_version=promise.calendar_version,
        zone=promise.zone,
        target=promise.target,
        counts_from=now if raised else _start_at_filing(ticket, clock, terms),
        latest_due_at=clock.due_at if raised else None,
        at=now,
        by=by,
        reason=reason,
    )
    require_merged_owed_on(ticket)


def _start_at_filing(ticket: Ticket, clock: Clock, terms: Terms) -> datetime:
    """When a clock of this severity would have started: the filing, or what it waits for.

    Out of hours that is the earlier of the logged call and the next opening of the business
    window, as at the filing itself; else a lowered severity could be due before the higher one.
    """
    promise = promise_for(terms, Severity(ticket.severity), ticket.filed_at)
    if not promise.call_required or promise.starts_at is None:
        return ticket.filed_at
    call = clock.events.filter(kind=ClockEventKind.CALLED).order_by("at").first()
    return promise.starts_at if call is None else min(call.at, promise.starts_at)


def _answered(ticket: Ticket) -> bool:
    return ticket.messages.filter(qualified=True, overturned_at__isnull=True).exists()
