"""Linking tickets that belong together. Staff only; customers see what concerns their own."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from tickets.choices import EventKind, LinkKind
from tickets.errors import InvalidTransition
from tickets.links import link_words
from tickets.models import Ticket, TicketLink
from tickets.operations.timeline import add_event, lock_tickets
from tickets.permissions import can_work


@transaction.atomic
def link_tickets(
    ticket: Ticket, other: Ticket, *, kind: LinkKind, by: User, now: datetime | None = None
) -> TicketLink:
    """Say that a ticket is a duplicate or a part of another, or related to it.

    The tickets may be of two customers: then neither's people ever learn of it.
    Raises: NotAllowed; InvalidInput for a ticket and itself, or for two that are linked already.
    Effects: one TicketLink, one internal event on each.
    """
    moment = now or timezone.now()
    ticket, other = lock_tickets(ticket, other)
    if not can_work(by, ticket):
        raise NotAllowed("Only engineers link tickets.")
    if ticket.pk == other.pk:
        raise InvalidInput("Choose another ticket.", field="other")
    pair = Q(source=ticket, target=other) | Q(source=other, target=ticket)
    if TicketLink.objects.filter(pair).exists():
        raise InvalidInput(
            f"{ticket.reference} and {other.reference} are linked already.", field="other"
        )
    link = TicketLink.objects.create(
        source=ticket, target=other, kind=kind, created_by=by, created_at=moment
    )
    _tell(link, ticket, other, EventKind.LINKED, by=by, now=moment)
    return link


@transaction.atomic
def unlink_tickets(link: TicketLink, *, by: User, now: datetime | None = None) -> None:
    """Take a link away again.

    Raises: NotAllowed; InvalidTransition for what a merge linked, or when it is gone already.
    Effects: the TicketLink is gone, one internal event on each of its tickets.
    """
    source, target = lock_tickets(link.source, link.target)
    if not can_work(by, source):
        raise NotAllowed("Only engineers change links.")
    if link.kind == LinkKind.MERGED:
        raise InvalidTransition("Undo the merge instead.")
    if not TicketLink.objects.filter(pk=link.pk).exists():
        raise InvalidTransition("This link is gone already.")
    TicketLink.objects.filter(pk=link.pk).delete()
    _tell(link, source, target, EventKind.UNLINKED, by=by, now=now or timezone.now())


def _tell(
    link: TicketLink, source: Ticket, target: Ticket, kind: EventKind, *, by: User, now: datetime
) -> None:
    for one, other, from_source in ((source, target, True), (target, source, False)):
        words = link_words(link.kind, from_source=from_source)
        add_event(one, kind, by=by, now=now, ticket=other.number, link=words)
