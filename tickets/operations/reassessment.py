"""Re-assessment: a running clock put on today's terms, by a lead, with a reason."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from notifications.words import worded
from sla import wording
from sla.operations import reassess_clock
from tickets.choices import Basis, EventKind
from tickets.errors import InvalidTransition
from tickets.mail_words import in_zones
from tickets.models import Ticket
from tickets.notices import tell_customer, tell_staff
from tickets.operations.conversation import require_merged_owed_on
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import can_reassess
from tickets.reassessment import Outlook, outlooks


@transaction.atomic
def reassess_ticket(
    ticket: Ticket,
    *,
    basis: Basis,
    reason: str,
    by: User,
    seen_due_at: datetime | None = None,
    now: datetime | None = None,
) -> Ticket:
    """Put the running clock on today's version of its calendar, or on the terms in force today.

    Nothing else ever does: filed terms do not move by themselves. `seen_due_at` is the deadline
    that was shown before this was decided. The superseded one stays on record.
    Raises: NotAllowed, InvalidInput; InvalidTransition when nothing would differ, the deadline
    would not be the one that was shown, or what is merged into it would be due before it.
    Effects: the clock and its event; with the contract's terms the Ticket's edition, contract and
    service level; one event; notices to the customer's people and the assignee.
    Source: domain, Frozen terms.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    if not can_reassess(by, ticket):
        raise NotAllowed("Only a duty lead or support manager re-assesses a deadline.")
    if not reason.strip():
        raise InvalidInput("Say why: the customer sees the reason.", field="reason")
    if not ticket.is_open:
        raise InvalidTransition("This ticket has ended.")
    outlook = outlooks(ticket, moment).get(basis)
    if outlook is None:
        raise InvalidTransition(_NOTHING[basis])
    zone = ZoneInfo(outlook.proposal.zone)
    before = wording.moment_words(outlook.before, zone, now=moment)
    after = wording.moment_words(outlook.after, zone, now=moment)
    if seen_due_at is not None and not _is_as_shown(outlook, seen_due_at):
        raise InvalidTransition(f"It would be due {after} now, not as shown. Look at it again.")
    _put_on(ticket, outlook, by=by, reason=reason, now=moment)
    event = add_event(
        ticket,
        EventKind.REASSESSED,
        by=by,
        now=moment,
        reason=reason,
        basis=basis,
        deadline=[outlook.before.isoformat(), outlook.after.isoformat()],
    )
    subject = f"is due {after} now: {ticket.subject}"
    body = f"{by} re-assessed the deadline. It was {before}, it is {after}. {reason}"
    due = {
        name: partial(in_zones, at, counted_in=outlook.proposal.zone, now=moment)
        for name, at in (("before", outlook.before), ("after", outlook.after))
    }
    tell_customer(
        ticket,
        event,
        subject=worded(
            gettext_noop("is due %(after)s now: %(subject)s"), **due, subject=ticket.subject
        ),
        body=worded(
            gettext_noop(
                "%(by)s re-assessed the deadline. It was %(before)s, it is %(after)s. %(reason)s"
            ),
            **due,
            by=by,
            reason=reason,
        ),
    )
    if ticket.assignee is not None and ticket.assignee != by:
        tell_staff(ticket, event, [ticket.assignee], subject=subject, body=body)
    return ticket


def _is_as_shown(outlook: Outlook, seen_due_at: datetime) -> bool:
    """Whether the deadline is the one shown; what counts from now is later by the time to decide.

    It is never later than the deadline before.
    """
    if outlook.proposal.is_anew:
        return seen_due_at <= outlook.after
    return seen_due_at == outlook.after


_NOTHING = {
    Basis.CALENDAR: "On today’s version of its calendar it would be due at the same moment.",
    Basis.CONTRACT: "It stands on the terms in force today, or they promise no time for it.",
}


def _put_on(ticket: Ticket, outlook: Outlook, *, by: User, reason: str, now: datetime) -> None:
    clock, proposal = ticket.response_clock, outlook.proposal
    assert clock is not None, "a ticket with an outlook has a clock"
    ladder = outlook.level.ladder
    ticket.response_clock = reassess_clock(
        clock,
        calendar_version=proposal.calendar_version,
        zone=proposal.zone,
        target=proposal.target,
        counts_from=proposal.counts_from,
        latest_due_at=proposal.latest_due_at,
        at=now,
        by=by,
        reason=reason,
        ladder=ladder if outlook.basis == Basis.CONTRACT else None,
    )
    require_merged_owed_on(ticket)
    if outlook.basis == Basis.CONTRACT:
        assert ladder is not None, "a level with a target has a ladder"
        ticket.edition, ticket.contract = outlook.terms.edition, outlook.terms.contract
        ticket.service_level, ticket.weight = outlook.level, ladder.weight
        ticket.save(update_fields=["edition", "contract", "service_level", "weight"])
