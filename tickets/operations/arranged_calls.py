"""Calls with a customer: arranged, moved, cancelled; each with a notice to both sides."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from notifications.words import worded
from tickets.choices import EventKind
from tickets.errors import InvalidTransition
from tickets.mail_words import in_zones
from tickets.models import ArrangedCall, Ticket
from tickets.models.call import LONGEST, SHORTEST
from tickets.notices import staff_following, tell_customer, tell_staff
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import can_arrange_call

# Who arranges for later than this means another year.
AHEAD = timedelta(days=180)


@transaction.atomic
def arrange_call(
    ticket: Ticket,
    *,
    starts_at: datetime,
    minutes: int,
    topic: str,
    how: str,
    by: User,
    now: datetime | None = None,
) -> ArrangedCall:
    """Arrange a call about an open ticket; the same form sent twice arranges one.

    Raises: NotAllowed; InvalidTransition once the ticket has ended; InvalidInput for a time that
    is past or too far ahead, a length out of reason, or without topic or way to join.
    Effects: one ArrangedCall, one event, notices to the customer's people and to ours.
    """
    moment = now or timezone.now()
    ticket = lock_ticket(ticket)
    _require(ticket, by)
    _check(starts_at, minutes, moment)
    if not topic.strip():
        raise InvalidInput("Say what it is about.", field="topic")
    if not how.strip():
        raise InvalidInput("Say how it is joined.", field="how")
    arranged = ticket.arranged_calls.filter(
        starts_at=starts_at, topic=topic.strip(), cancelled_at__isnull=True
    ).first()
    if arranged is not None:
        return arranged
    call = ArrangedCall.objects.create(
        ticket=ticket,
        starts_at=starts_at,
        minutes=minutes,
        topic=topic.strip(),
        how=how.strip(),
        arranged_by=by,
        changed_at=moment,
    )
    _record(call, EventKind.CALL_ARRANGED, by, moment)
    return call


@transaction.atomic
def move_call(
    call: ArrangedCall, *, starts_at: datetime, minutes: int, by: User, now: datetime | None = None
) -> ArrangedCall:
    """Put a call at another time. Raises and effects: as arrange_call, for the call that is."""
    moment = now or timezone.now()
    ticket = lock_ticket(call.ticket)
    _require(ticket, by)
    call = _fresh(call, ticket)
    _check(starts_at, minutes, moment)
    if (call.starts_at, call.minutes) != (starts_at, minutes):
        call.starts_at, call.minutes = starts_at, minutes
        _revise(call, moment)
        _record(call, EventKind.CALL_MOVED, by, moment)
    return call


@transaction.atomic
def cancel_call(call: ArrangedCall, *, by: User, now: datetime | None = None) -> ArrangedCall:
    """Call a call off. Raises: NotAllowed, InvalidTransition. Effects: it, one event, notices."""
    moment = now or timezone.now()
    ticket = lock_ticket(call.ticket)
    if not can_arrange_call(by, ticket):
        raise NotAllowed("Whoever answers the ticket cancels its calls.")
    call = _fresh(call, ticket)
    call.cancelled_at = moment
    _revise(call, moment)
    _record(call, EventKind.CALL_CANCELLED, by, moment)
    return call


_TOLD = {
    EventKind.CALL_ARRANGED: gettext_noop("a call is arranged: %(subject)s"),
    EventKind.CALL_MOVED: gettext_noop("a call has another time: %(subject)s"),
    EventKind.CALL_CANCELLED: gettext_noop("a call is cancelled: %(subject)s"),
}
_ARRANGED = gettext_noop(
    "%(topic)s\n\n%(at)s, %(minutes)s min. %(how)s\n\nThe ticket has an entry for your calendar."
)
_CANCELLED = gettext_noop("%(topic)s\n\nIt was to be %(at)s.")


def _require(ticket: Ticket, by: User) -> None:
    if not can_arrange_call(by, ticket):
        raise NotAllowed("Whoever answers the ticket arranges its calls.")
    if not ticket.is_open:
        raise InvalidTransition("This ticket has ended: reopen it first.")


def _check(starts_at: datetime, minutes: int, now: datetime) -> None:
    if starts_at <= now:
        raise InvalidInput("Choose a time to come.", field="starts_at")
    if starts_at > now + AHEAD:
        raise InvalidInput("Choose a time within the next half year.", field="starts_at")
    if not SHORTEST <= minutes <= LONGEST:
        raise InvalidInput(f"Choose {SHORTEST} to {LONGEST} minutes.", field="minutes")


def _fresh(call: ArrangedCall, ticket: Ticket) -> ArrangedCall:
    call = ArrangedCall.objects.select_for_update().get(pk=call.pk)
    call.ticket = ticket
    if call.cancelled_at is not None:
        raise InvalidTransition("This call is cancelled already.")
    return call


def _revise(call: ArrangedCall, now: datetime) -> None:
    call.revision += 1
    call.changed_at = now
    call.save()


def _record(call: ArrangedCall, kind: EventKind, by: User, now: datetime) -> None:
    ticket = call.ticket
    event = add_event(
        ticket, kind, by=by, now=now, starts_at=call.starts_at.isoformat(), topic=call.topic
    )
    words = {
        EventKind.CALL_ARRANGED: "a call is arranged",
        EventKind.CALL_MOVED: "a call has another time",
        EventKind.CALL_CANCELLED: "a call is cancelled",
    }[kind]
    body = worded(
        _CANCELLED if kind == EventKind.CALL_CANCELLED else _ARRANGED,
        topic=call.topic,
        at=lambda reader: in_zones(call.starts_at, reader, reader.timezone, now),
        minutes=call.minutes,
        how=call.how,
    )
    tell_customer(ticket, event, subject=worded(_TOLD[kind], subject=ticket.subject), body=body)
    if people := staff_following(ticket, besides=by):
        tell_staff(ticket, event, people, subject=f"{words}: {ticket.subject}", body=body)
