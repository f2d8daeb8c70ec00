"""Outbreaks: one cause behind tickets of several customers, and one answer to all of them.

What goes out is an ordinary answer in each thread, an ordinary resolution of each ticket: nothing
of it says that there are others.
"""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.errors import DomainError, InvalidInput, NotAllowed
from accounts.models import User
from accounts.operations import record_change
from tickets.choices import EventKind
from tickets.errors import InvalidTransition
from tickets.models import Broadcast, Outbreak, OutbreakTicket, Ticket
from tickets.operations.conversation import answer_ticket
from tickets.operations.conversation.sent_once import require_same_words
from tickets.operations.lifecycle import resolve_ticket
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import can_lead_outbreaks


@dataclass(slots=True)
class Outcome:
    """What became of an act on many tickets: those done, and those refused with why."""

    done: list[Ticket] = field(default_factory=list)
    refused: list[tuple[Ticket, str]] = field(default_factory=list)


@transaction.atomic
def open_outbreak(
    *,
    title: str,
    summary: str,
    by: User,
    tickets: Iterable[Ticket] = (),
    submission_key: uuid.UUID | None = None,
    now: datetime | None = None,
) -> tuple[Outbreak, Outcome]:
    """Open an outbreak, owned by whoever opens it, with the tickets it was seen on.

    The same `submission_key` from the same person opens one; the second time its tickets are told.
    Raises: NotAllowed, InvalidInput. Effects: the Outbreak, an audit row, and for each ticket as
    join_outbreak; those that cannot join are told.
    """
    moment = now or timezone.now()
    _require_lead(by)
    if not title.strip():
        raise InvalidInput("Name it so that colleagues know it again.", field="title")
    if not summary.strip():
        raise InvalidInput("Say what is known.", field="summary")
    told = {"title": title.strip(), "summary": summary.strip(), "owner": by, "opened_at": moment}
    if submission_key is None:
        outbreak, is_new = Outbreak.objects.create(**told, opened_by=by), True
    else:
        outbreak, is_new = Outbreak.objects.get_or_create(
            opened_by=by, submission_key=submission_key, defaults=told
        )
    if not is_new:
        return outbreak, Outcome(done=_tickets_of(outbreak))
    record_change("outbreak opened", outbreak, by=by, now=moment)
    return outbreak, join_outbreak(outbreak, tickets, by=by, now=moment)


@transaction.atomic
def join_outbreak(
    outbreak: Outbreak, tickets: Iterable[Ticket], *, by: User, now: datetime | None = None
) -> Outcome:
    """Let tickets join; an ended one, or one in an open outbreak already, is refused by itself.

    Raises: NotAllowed; InvalidTransition when the outbreak has ended. Effects: an OutbreakTicket
    and one internal event for each.
    """
    moment = now or timezone.now()
    _require_lead(by)
    outbreak = _lock(outbreak)

    def join(ticket: Ticket) -> None:
        if not ticket.is_open:
            raise InvalidTransition("It has ended.")
        parts = OutbreakTicket.objects.current().select_related("outbreak")
        other = parts.filter(ticket=ticket).first()
        if other is not None and other.outbreak.is_open:
            here = other.outbreak_id == outbreak.pk
            raise InvalidTransition(
                "It is in here already." if here else f"It is part of “{other.outbreak}”."
            )
        if other is not None:
            # That one has ended and tells of it for good: it was part of it until then.
            other.left_at = moment
            other.save(update_fields=["left_at"])
        OutbreakTicket.objects.create(
            outbreak=outbreak, ticket=ticket, joined_by=by, joined_at=moment
        )
        add_event(
            ticket,
            EventKind.JOINED_OUTBREAK,
            by=by,
            now=moment,
            outbreak=outbreak.pk,
            title=outbreak.title,
        )

    return _each(tickets, join)


@transaction.atomic
def leave_outbreak(
    outbreak: Outbreak, ticket: Ticket, *, by: User, now: datetime | None = None
) -> None:
    """Take a ticket out of an outbreak; what was sent to it was sent.

    Raises: NotAllowed; InvalidTransition when it is not in it. Effects: the OutbreakTicket, one
    internal event.
    """
    moment = now or timezone.now()
    _require_lead(by)
    outbreak = _lock(outbreak)
    ticket = lock_ticket(ticket)
    part = OutbreakTicket.objects.current().filter(outbreak=outbreak, ticket=ticket).first()
    if part is None:
        raise InvalidTransition("This ticket is not part of it.")
    part.left_at = moment
    part.save(update_fields=["left_at"])
    add_event(
        ticket,
        EventKind.LEFT_OUTBREAK,
        by=by,
        now=moment,
        outbreak=outbreak.pk,
        title=outbreak.title,
    )


@transaction.atomic
def broadcast_answer(
    outbreak: Outbreak,
    *,
    body: str,
    qualified: bool,
    by: User,
    submission_key: uuid.UUID,
    now: datetime | None = None,
) -> tuple[Broadcast, Outcome]:
    """Answer each customer in their own thread with the same words, as answer_ticket does.

    A qualified one stops each clock that still runs. A ticket that has ended is refused by itself.
    The same form sent twice is one broadcast.
    Raises: NotAllowed, InvalidInput; InvalidTransition when it has ended or nobody is reached;
    SentOtherwise for a form that was sent with other words.
    Effects: the Broadcast, and for each ticket as answer_ticket.
    """
    moment = now or timezone.now()
    _require_lead(by)
    outbreak = _lock_any(outbreak)
    sent = Broadcast.objects.filter(submission_key=submission_key).first()
    if sent is not None:
        if (sent.outbreak_id, sent.author_id) != (outbreak.pk, by.pk):
            raise _sent_elsewhere()
        require_same_words(is_same=(sent.body, sent.qualified) == (body.strip(), qualified))
        return sent, Outcome(done=[one.ticket for one in sent.messages.select_related("ticket")])
    _require_open(outbreak)
    if not body.strip():
        raise InvalidInput("Write something first.", field="body")
    broadcast = Broadcast(
        outbreak=outbreak,
        body=body.strip(),
        qualified=qualified,
        author=by,
        at=moment,
        submission_key=submission_key,
    )
    try:
        with transaction.atomic():
            broadcast.save()
    except IntegrityError:
        raise _sent_elsewhere() from None

    def answer(ticket: Ticket) -> None:
        message = answer_ticket(ticket, body=body, qualified=qualified, by=by, now=moment)
        broadcast.messages.add(message)

    outcome = _each(_tickets_of(outbreak), answer)
    if not outcome.done:
        raise InvalidTransition("No open ticket is part of it: nobody would be told.", field="body")
    return broadcast, outcome


@transaction.atomic
def end_outbreak(
    outbreak: Outbreak, *, resolution: str, by: User, now: datetime | None = None
) -> Outcome:
    """Resolve each open ticket with the same words, and end the outbreak if none was refused.

    Raises: NotAllowed, InvalidInput; InvalidTransition when it has ended. Effects: for each open
    ticket as resolve_ticket; a Broadcast of the words; the Outbreak, an audit row.
    """
    moment = now or timezone.now()
    _require_lead(by)
    outbreak = _lock(outbreak)
    if not resolution.strip():
        raise InvalidInput("Say what solved it.", field="resolution")

    def resolve(ticket: Ticket) -> None:
        resolve_ticket(ticket, resolution=resolution, by=by, now=moment)

    still_open = [ticket for ticket in _tickets_of(outbreak) if ticket.is_open]
    outcome = _each(still_open, resolve)
    if outcome.done:
        words, key = resolution.strip(), uuid.uuid4()
        told = outbreak.broadcasts.create(
            body=words, qualified=True, author=by, at=moment, submission_key=key
        )
        for ticket in outcome.done:
            told.messages.add(ticket.messages.filter(author=by, qualified=True).latest("pk"))
    if not outcome.refused:
        outbreak.ended_at, outbreak.ended_by = moment, by
        outbreak.save(update_fields=["ended_at", "ended_by"])
        record_change("outbreak ended", outbreak, by=by, now=moment)
    return outcome


@transaction.atomic
def give_outbreak(outbreak: Outbreak, *, to: User, by: User) -> Outbreak:
    """Give an outbreak to another owner.

    Raises: NotAllowed, InvalidInput. Effects: the Outbreak, an audit row.
    """
    _require_lead(by)
    outbreak = _lock(outbreak)
    if not can_lead_outbreaks(to):
        raise InvalidInput("Choose an engineer.", field="to")
    if outbreak.owner_id != to.pk:
        before, outbreak.owner = outbreak.owner, to
        outbreak.save(update_fields=["owner"])
        record_change("outbreak given", outbreak, by=by, changes={"owner": [before.name, to.name]})
    return outbreak


def _require_lead(by: User) -> None:
    if not can_lead_outbreaks(by):
        raise NotAllowed("Only engineers lead an outbreak.")


def _lock(outbreak: Outbreak) -> Outbreak:
    """Lock an open outbreak, before any of its tickets. Raises: InvalidTransition."""
    locked = _lock_any(outbreak)
    _require_open(locked)
    return locked


def _lock_any(outbreak: Outbreak) -> Outbreak:
    return Outbreak.objects.select_for_update(of=("self",)).get(pk=outbreak.pk)


def _require_open(outbreak: Outbreak) -> None:
    if not outbreak.is_open:
        raise InvalidTransition("This outbreak has ended.")


def _sent_elsewhere() -> InvalidInput:
    return InvalidInput("This form was sent already, to another outbreak.", field="body")


def _tickets_of(outbreak: Outbreak) -> list[Ticket]:
    return list(
        Ticket.objects.filter(
            outbreak_parts__outbreak=outbreak, outbreak_parts__left_at__isnull=True
        )
        .select_related("customer")
        .order_by("pk")
    )


def _each(tickets: Iterable[Ticket], act: Callable[[Ticket], None]) -> Outcome:
    """Act on each ticket by itself, locked in one order; a refusal undoes that one alone."""
    outcome = Outcome()
    for ticket in sorted(tickets, key=lambda one: one.pk):
        try:
            with transaction.atomic():
                locked = lock_ticket(ticket)
                act(locked)
        except DomainError as error:
            outcome.refused.append((ticket, error.message))
        else:
            outcome.done.append(locked)
    return outcome
