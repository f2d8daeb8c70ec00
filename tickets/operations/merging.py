"""Merging a ticket into another of the same customer, and undoing it.

What becomes of messages, clocks, incidents and people: docs/decisions, 0022.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from notifications.operations import mark_hidden_read
from notifications.words import worded
from sla.operations import overturn_stop
from tickets.choices import EventKind, LinkKind, TicketState
from tickets.errors import InvalidTransition
from tickets.models import (
    CustomerEscalation,
    OutbreakTicket,
    Ticket,
    TicketEvent,
    TicketLink,
    TicketMerge,
)
from tickets.notices import customer_people, staff_following, tell_customer, tell_staff
from tickets.operations.conversation import is_owed_on
from tickets.operations.meanwhile import (
    require_no_answer_on_its_way,
    require_no_changes,
    require_nothing_on_its_way,
)
from tickets.operations.sendings import let_out_own
from tickets.operations.timeline import add_event, lock_tickets
from tickets.permissions import can_work


@transaction.atomic
def merge_ticket(
    ticket: Ticket,
    *,
    into: Ticket,
    reason: str,
    by: User,
    seen_event: int | None = None,
    now: datetime | None = None,
) -> TicketMerge:
    """Close a ticket because another one goes on for both; its messages show there.

    A promise never goes unwatched: a ticket whose clock runs is merged only into one whose clock
    runs too and is due no later. The next qualified answer there stops both.
    `seen_event`, of the ticket that is merged, as in answer_ticket. What `by` sent on either before
    and is still held goes out first.
    Raises: NotAllowed; InvalidInput for another customer's ticket, itself, or without a reason;
    InvalidTransition when either has ended or is merged, the promise would be lost, the source is
    part of an open outbreak and the target is not, or a colleague's answer on the target is held.
    Effects: the Ticket is closed, one TicketMerge and TicketLink, the people who followed it follow
    the target, one event on each, notices to its followers on both sides. The incident it drew
    stays drawn.
    """
    moment = now or timezone.now()
    source, target = lock_tickets(ticket, into)
    if not can_work(by, source):
        raise NotAllowed("Only engineers merge tickets.")
    if source.pk == target.pk:
        raise InvalidInput("Choose another ticket.", field="into")
    if source.customer_id != target.customer_id:
        raise InvalidInput("Only tickets of one customer are merged. Link them.", field="into")
    if not reason.strip():
        raise InvalidInput("Say why they are one.", field="reason")
    require_no_changes(source, seen_event, by=by)
    if seen_event is not None:
        require_nothing_on_its_way(source, by=by, field="into")
    source, target = _settle(source, target, by=by, field="into")
    _require_mergeable(source, target)
    before = source.state
    source.state, source.closed_at = TicketState.CLOSED, moment
    source.save(update_fields=["state", "closed_at"])
    merge = TicketMerge.objects.create(
        source=source,
        target=target,
        by=by,
        at=moment,
        reason=reason.strip(),
        state_before=before,
        joined=_join(target.watchers, customer_people(source, besides=target.filed_by)),
        joined_staff=_join(target.staff_watchers, source.staff_watchers.all()),
    )
    TicketLink.objects.create(
        source=source, target=target, kind=LinkKind.MERGED, created_by=by, created_at=moment
    )
    event = add_event(
        source,
        EventKind.MERGED,
        by=by,
        now=moment,
        reason=merge.reason,
        ticket=target.number,
        state=[before, source.state],
    )
    event_there = add_event(
        target, EventKind.MERGED_IN, by=by, now=moment, reason=merge.reason, ticket=source.number
    )
    tell_customer(
        source,
        event,
        subject=worded(
            gettext_noop("goes on in %(ticket)s: %(subject)s"),
            ticket=target.reference,
            subject=source.subject,
        ),
        body=worded(
            gettext_noop(
                "%(by)s merged %(source)s into %(target)s, %(subject)s. We answer both there."
            ),
            by=by,
            source=source.reference,
            target=target.reference,
            subject=target.subject,
        ),
    )
    told = _tell_colleagues(
        source,
        event,
        by=by,
        subject=f"goes on in {target.reference}: {source.subject}",
        body=f"{by} merged it. Reason: {merge.reason}",
    )
    _tell_colleagues(
        target,
        event_there,
        by=by,
        subject=f"takes in {source.reference}: {target.subject}",
        body=f"{by} merged {source.reference}, {source.subject}, into it. Reason: {merge.reason}",
        besides=told,
    )
    return merge


@transaction.atomic
def undo_merge(ticket: Ticket, *, by: User, now: datetime | None = None) -> Ticket:
    """Take a merge back: the ticket stands as before, and whoever joined the target leaves it.

    Who follows another ticket that is merged into the target stays, until that merge is undone.
    An answer given meanwhile was given: a clock that it stopped stays stopped. One that stopped
    because the customer closed the target runs on: this ticket they did not close.
    What `by` sent on the target before and is still held goes out first.
    Raises: NotAllowed; InvalidTransition when it is not merged, or a colleague's answer on the
    target is held.
    Effects: the Ticket, its clock, its link, the target's watchers, one event on each, notices to
    who follows it on both sides; the other TicketMerges by which somebody stays.
    """
    moment = now or timezone.now()
    merge = TicketMerge.objects.filter(source=ticket, undone_at__isnull=True).first()
    if not can_work(by, ticket):
        raise NotAllowed("Only engineers undo a merge.")
    if merge is None:
        raise InvalidTransition("This ticket is not merged into another.")
    source, target = _settle(*lock_tickets(ticket, merge.target), by=by)
    undone = TicketMerge.objects.filter(pk=merge.pk, undone_at__isnull=True).update(
        undone_at=moment, undone_by=by
    )
    if not undone:
        raise InvalidTransition("This merge is undone already.")
    TicketLink.objects.filter(source=source, kind=LinkKind.MERGED).delete()
    _leave(target, merge, now=moment)
    source.state, source.closed_at = merge.state_before, None
    clock = source.response_clock
    if clock is not None and clock.stopped_at is not None:
        if clock.stopped_at == target.closed_at:
            reason = f"The merge into {target.reference} was undone."
            source.response_clock = overturn_stop(clock, at=moment, by=by, reason=reason)
        else:
            source.escalation_level = 0
    # Named, so that the database reads anew what it keeps of open tickets alone.
    kept = ["answer_due_at", "account_escalated_at"]
    source.save(update_fields=["state", "closed_at", "escalation_level", *kept])
    event = add_event(
        source,
        EventKind.UNMERGED,
        by=by,
        now=moment,
        ticket=target.number,
        state=[TicketState.CLOSED, source.state],
    )
    add_event(target, EventKind.UNMERGED_FROM, by=by, now=moment, ticket=source.number)
    tell_customer(
        source,
        event,
        subject=worded(gettext_noop("stands by itself again: %(subject)s"), subject=source.subject),
        body=worded(
            gettext_noop("%(by)s took the merge into %(target)s back. We answer here again."),
            by=by,
            target=target.reference,
        ),
    )
    _tell_colleagues(
        source,
        event,
        by=by,
        subject=f"stands by itself again: {source.subject}",
        body=f"{by} took the merge into {target.reference} back.",
    )
    return source


def _tell_colleagues(
    ticket: Ticket,
    event: TicketEvent,
    *,
    by: User,
    subject: str,
    body: str,
    besides: Collection[User] = (),
) -> list[User]:
    """Tell who follows the ticket among us, and say who that is."""
    following = [one for one in staff_following(ticket, besides=by) if one not in besides]
    if following:
        tell_staff(ticket, event, following, subject=subject, body=body)
    return following


def _settle(source: Ticket, target: Ticket, *, by: User, field: str = "") -> tuple[Ticket, Ticket]:
    """Let out what `by` holds on either, and refuse while another's answer to the target is held.

    That was given to the target as it stood when it was sent, and counts from then.
    """
    was_held = [let_out_own(one, by=by) for one in (source, target)]
    if any(was_held):
        source, target = lock_tickets(source, target)
    require_no_answer_on_its_way(target, by=by, field=field)
    return source, target


def _require_mergeable(source: Ticket, target: Ticket) -> None:
    for one in (source, target):
        if not one.is_open:
            raise InvalidTransition(f"{one.reference} has ended.", field="into")
    if TicketLink.objects.filter(target=source, kind=LinkKind.MERGED).exists():
        raise InvalidTransition(
            "Another ticket is merged into this one. Merge that one by itself first.", field="into"
        )
    if CustomerEscalation.objects.filter(ticket=source, ended_at__isnull=True).exists():
        raise InvalidTransition(
            f"{source.reference} is escalated. End the escalation first, or merge the other way.",
            field="into",
        )
    parts = OutbreakTicket.objects.current().filter(outbreak__ended_at__isnull=True)
    part = parts.filter(ticket=source).select_related("outbreak").first()
    if part is not None and not parts.filter(ticket=target, outbreak=part.outbreak_id).exists():
        raise InvalidTransition(
            f"{source.reference} is part of the outbreak “{part.outbreak}”. Let {target.reference} "
            "join it first, so that its customer hears of it.",
            field="into",
        )
    owed = source.response_clock
    if owed is not None and owed.stopped_at is None and not is_owed_on(target, owed):
        raise InvalidTransition(
            f"An answer to {source.reference} is promised, and {target.reference} owes none "
            f"before it. Answer {source.reference} first, or merge the other way.",
            field="into",
        )


def _join(watchers: Any, people: Iterable[User]) -> list[int]:
    """Let people follow who do not yet, and return the keys of those."""
    present = set(watchers.values_list("pk", flat=True))
    new = {one.pk for one in people} - present
    watchers.add(*new)
    return sorted(new)


def _leave(target: Ticket, merge: TicketMerge, *, now: datetime) -> None:
    """Let those whom a merge brought follow no more, but for whom another merge would have."""
    leaving, leaving_staff = set(merge.joined), set(merge.joined_staff)
    others = TicketMerge.objects.filter(target=target, undone_at__isnull=True)
    for other in others.select_related("source"):
        source = other.source
        follow = {source.filed_by_id, *source.watchers.values_list("pk", flat=True)}
        stay = leaving & follow
        stay_staff = leaving_staff & set(source.staff_watchers.values_list("pk", flat=True))
        other.joined = sorted({*other.joined, *stay})
        other.joined_staff = sorted({*other.joined_staff, *stay_staff})
        other.save(update_fields=["joined", "joined_staff"])
        leaving -= stay
        leaving_staff -= stay_staff
    target.watchers.remove(*leaving)
    for person in User.objects.filter(pk__in=leaving):
        mark_hidden_read(person, now=now)
    target.staff_watchers.remove(*leaving_staff)
