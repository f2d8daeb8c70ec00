"""What becomes of a customer's escalation: answered, handed over, ended."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from notifications.words import worded
from tickets.choices import EscalationEnd, EventKind
from tickets.escalation_notices import tell_staff_of, tell_their_people
from tickets.models import CustomerEscalation, EscalationAnswer, Ticket
from tickets.operations.escalation_record import (
    lock_escalation,
    record_escalation,
    require_open,
)
from tickets.operations.timeline import lock_account
from tickets.permissions import (
    can_answer_escalation,
    can_own_escalation,
    can_withdraw_escalation,
)

# Further ahead, nobody would call it a next word.
LONGEST_SILENCE = timedelta(days=14)
# How whom ends it: a customer withdraws, support has done or agreed what was asked for.
BY_SUPPORT = (EscalationEnd.SOLVED, EscalationEnd.AGREED)


@transaction.atomic
def answer_escalation(
    escalation: CustomerEscalation,
    *,
    body: str,
    next_word_in: timedelta,
    by: User,
    now: datetime | None = None,
) -> CustomerEscalation:
    """Tell the customer where it stands and when they hear next; the escalation stays open.

    Raises: NotAllowed, InvalidInput, InvalidTransition. Effects: one EscalationAnswer, the
    escalation, one event, notices to the customer's people.
    """
    moment = now or timezone.now()
    escalation = lock_escalation(escalation)
    if not can_answer_escalation(by, escalation):
        raise NotAllowed("Only its owner or a lead answers an escalation.")
    if not body.strip():
        raise InvalidInput("Say what happens now.", field="body")
    if not timedelta() < next_word_in <= LONGEST_SILENCE:
        raise InvalidInput("Say when the customer hears next.", field="next_word_in")
    require_open(escalation)
    escalation.next_word_at = moment + next_word_in
    escalation.answered_at = escalation.answered_at or moment
    escalation.save(update_fields=["next_word_at", "answered_at"])
    EscalationAnswer.objects.create(
        escalation=escalation,
        author=by,
        body=body.strip(),
        at=moment,
        next_word_at=escalation.next_word_at,
    )
    key = record_escalation(
        escalation,
        EventKind.HELP_ANSWERED,
        by=by,
        now=moment,
        reason=body.strip(),
        next_word_at=escalation.next_word_at.isoformat(),
    )
    tell_their_people(
        escalation,
        key,
        kind=EventKind.HELP_ANSWERED,
        subject=worded(gettext_noop("%(by)s on your escalation"), by=by),
        body=body.strip(),
        now=moment,
    )
    return escalation


@transaction.atomic
def hand_over_escalation(
    escalation: CustomerEscalation,
    *,
    to: User,
    reason: str,
    by: User,
    now: datetime | None = None,
) -> CustomerEscalation:
    """Give an escalation to another owner, or take it. By when the customer hears, stays.

    Raises: NotAllowed, InvalidInput, InvalidTransition. Effects: the owner, one event, notices to
    the new owner and the customer's people. The reason is for colleagues.
    """
    moment = now or timezone.now()
    escalation = lock_escalation(escalation)
    if not can_answer_escalation(by, escalation):
        raise NotAllowed("Only its owner or a lead hands an escalation over.")
    require_open(escalation)
    if not can_own_escalation(to, escalation.customer):
        raise InvalidInput("Choose a lead, or an account manager of this customer.", field="to")
    if escalation.owner_id == to.pk:
        raise InvalidInput(f"{to} owns it already.", field="to")
    if to.pk != by.pk and not reason.strip():
        raise InvalidInput("Say what they should know.", field="reason")
    before, escalation.owner, escalation.owned_at = escalation.owner, to, moment
    escalation.save(update_fields=["owner", "owned_at"])
    key = record_escalation(
        escalation,
        EventKind.HELP_HANDED_OVER,
        by=by,
        now=moment,
        reason=reason.strip(),
        owner=[str(before or ""), str(to)],
        owner_name=str(to),
    )
    if to.pk != by.pk:
        tell_staff_of(
            escalation,
            key,
            [to],
            kind=EventKind.HELP_HANDED_OVER,
            subject="escalation is yours now",
            body=f"{by} hands the escalation of {escalation.subject} over to you: {reason.strip()}",
            urgent=True,
            now=moment,
        )
    tell_their_people(
        escalation,
        key,
        kind=EventKind.HELP_HANDED_OVER,
        subject=worded(gettext_noop("%(name)s owns your escalation now"), name=to),
        body=worded(
            gettext_noop(
                "%(name)s takes over and answers in the portal, by the time you were told."
            ),
            name=to,
        ),
        now=moment,
    )
    return escalation


@transaction.atomic
def end_escalation(
    escalation: CustomerEscalation,
    *,
    how: EscalationEnd,
    reason: str,
    by: User,
    now: datetime | None = None,
) -> CustomerEscalation:
    """De-escalate, with a reason that both sides read.

    Raises: NotAllowed, InvalidInput, InvalidTransition. Effects: the escalation, one event,
    notices to the customer's people, or to the owner when the customer withdraws.
    """
    moment = now or timezone.now()
    if escalation.ticket is None:
        lock_account(escalation.customer)
    escalation = lock_escalation(escalation)
    if how == EscalationEnd.WITHDRAWN:
        if not can_withdraw_escalation(by, escalation):
            raise NotAllowed(_("Only the customer withdraws an escalation."))
    elif not can_answer_escalation(by, escalation):
        raise NotAllowed("Only its owner or a lead ends an escalation.")
    elif how not in BY_SUPPORT:
        raise InvalidInput("Say how it ends.", field="how")
    if not reason.strip():
        raise InvalidInput(_("Say why it ends."), field="reason")
    require_open(escalation)
    _end(escalation, how, reason.strip(), by=by, now=moment)
    return escalation


def end_escalation_of_closed(ticket: Ticket, *, by: User | None, now: datetime) -> User | None:
    """End what is escalated on a ticket that is being closed; call it under the ticket's lock.

    Returns whoever owned it, to be told of the closing. Effects: the escalation, one event.
    """
    escalation = ticket.escalations.open().select_related("customer", "owner").first()
    if escalation is None:
        return None
    escalation.ticket = ticket
    _end(escalation, EscalationEnd.CLOSED, "The ticket was closed.", by=by, now=now)
    return escalation.owner


def _end(
    escalation: CustomerEscalation,
    how: EscalationEnd,
    reason: str,
    *,
    by: User | None,
    now: datetime,
) -> None:
    escalation.ended_at = now
    escalation.ended_by = by
    escalation.ended_how = how
    escalation.end_reason = reason
    escalation.save(update_fields=["ended_at", "ended_by", "ended_how", "end_reason"])
    key = record_escalation(
        escalation,
        EventKind.HELP_ENDED,
        by=by,
        now=now,
        reason=reason,
        how=how.value,
    )
    if how == EscalationEnd.CLOSED:
        return  # The closing itself is told.
    words = f"{by}: {reason}"
    if how == EscalationEnd.WITHDRAWN:
        owner = [escalation.owner] if escalation.owner is not None else []
        tell_staff_of(
            escalation,
            key,
            owner,
            kind=EventKind.HELP_ENDED,
            subject="escalation is withdrawn",
            body=words,
            now=now,
        )
    tell_their_people(
        escalation,
        key,
        kind=EventKind.HELP_ENDED,
        subject=worded(gettext_noop("is no longer escalated")),
        body=words,
        besides=by,
        now=now,
    )
