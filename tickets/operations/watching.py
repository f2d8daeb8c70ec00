"""Who follows a ticket: staff for themselves, and the customer's people among themselves."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.permissions import membership_of
from notifications.operations import mark_hidden_read
from tickets.choices import EventKind
from tickets.models import Ticket, TicketMerge
from tickets.operations.timeline import add_event, lock_ticket
from tickets.permissions import can_change_watchers, sees_as_staff


@transaction.atomic
def watch_ticket(ticket: Ticket, *, by: User, now: datetime | None = None) -> Ticket:
    """Follow a ticket as staff: told of what is said and of its end. Customers do not learn of it.

    Raises: NotAllowed. Effects: the watcher, one internal event; nothing when they follow already.
    """
    ticket = lock_ticket(ticket)
    if not sees_as_staff(by, ticket):
        raise NotAllowed("Only staff who see the ticket watch it.")
    if not ticket.staff_watchers.contains(by):
        ticket.staff_watchers.add(by)
        add_event(ticket, EventKind.WATCHED, by=by, now=now or timezone.now())
    return ticket


@transaction.atomic
def unwatch_ticket(ticket: Ticket, *, by: User, now: datetime | None = None) -> Ticket:
    """Follow a ticket no more. Effects: the watcher, one internal event when they followed it."""
    ticket = lock_ticket(ticket)
    if ticket.staff_watchers.contains(by):
        ticket.staff_watchers.remove(by)
        _no_more_by_merge(ticket, "joined_staff", by)
        add_event(ticket, EventKind.UNWATCHED, by=by, now=now or timezone.now())
    return ticket


@transaction.atomic
def add_watcher(ticket: Ticket, person: User, *, by: User, now: datetime | None = None) -> Ticket:
    """Give somebody of the customer copies of a ticket, and with that the sight of it.

    Raises: NotAllowed; InvalidInput for somebody who does not belong to the customer.
    Effects: the watcher, one event; nothing when they get copies already.
    """
    ticket = lock_ticket(ticket)
    if not can_change_watchers(by, ticket):
        raise NotAllowed(
            _("Only people of %(company)s and engineers change the copies.")
            % {"company": ticket.customer}
        )
    if not person.is_active or membership_of(person, ticket.customer) is None:
        raise InvalidInput(
            _("Choose somebody of %(company)s.") % {"company": ticket.customer}, field="person"
        )
    if not ticket.watchers.contains(person):
        ticket.watchers.add(person)
        moment = now or timezone.now()
        add_event(ticket, EventKind.COPIED, by=by, now=moment, person_name=person.name)
    return ticket


@transaction.atomic
def remove_watcher(
    ticket: Ticket, person: User, *, by: User, now: datetime | None = None
) -> Ticket:
    """Send somebody no more copies of a ticket.

    Raises: NotAllowed; InvalidInput for somebody who gets none. Effects: the watcher, one event.
    """
    ticket = lock_ticket(ticket)
    if not can_change_watchers(by, ticket):
        raise NotAllowed(
            _("Only people of %(company)s and engineers change the copies.")
            % {"company": ticket.customer}
        )
    if not ticket.watchers.contains(person):
        raise InvalidInput(_("Nobody of this name gets copies."), field="person")
    ticket.watchers.remove(person)
    _no_more_by_merge(ticket, "joined", person)
    moment = now or timezone.now()
    mark_hidden_read(person, now=moment)
    add_event(ticket, EventKind.UNCOPIED, by=by, now=moment, person_name=person.name)
    return ticket


def _no_more_by_merge(ticket: Ticket, joined: str, person: User) -> None:
    """Who left by hand and comes again stays, although the merge that brought them is undone."""
    standing = TicketMerge.objects.filter(target=ticket, undone_at__isnull=True)
    for merge in standing.filter(**{f"{joined}__contains": [person.pk]}):
        setattr(merge, joined, [one for one in getattr(merge, joined) if one != person.pk])
        merge.save(update_fields=[joined])
