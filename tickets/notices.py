"""Who is told what of a ticket, in words. Outbox rows in the caller's transaction."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db.models import Q

from accounts.choices import Role
from accounts.models import User
from notifications.operations import notify
from sla.choices import Audience, DutyRole
from sla.models import Shift
from tickets.models import Ticket, TicketEvent
from tickets.permissions import WORKS_TICKETS, sees_as_staff


def customer_people(ticket: Ticket, *, besides: User | None = None) -> list[User]:
    """Who follows the ticket at the customer: the filer and the watchers who still belong there.

    A watcher who left the company, or never belonged to it, is told nothing.
    """
    followers = (
        User.objects.active()
        .filter(memberships__customer=ticket.customer_id, memberships__left_at__isnull=True)
        .filter(Q(pk=ticket.filed_by_id) | Q(watched_tickets=ticket))
    )
    if besides is not None:
        followers = followers.exclude(pk=besides.pk)
    return list(followers.distinct())


def tell_customer(
    ticket: Ticket, event: TicketEvent, *, subject: str, body: str, besides: User | None = None
) -> None:
    """Tell the people who follow the ticket at the customer."""
    notify(
        customer_people(ticket, besides=besides),
        key=f"ticket-event:{event.pk}",
        kind=event.kind,
        subject=f"{ticket.reference} {subject}",
        body=body,
        path=ticket.get_absolute_url(),
        now=event.at,
    )


def tell_staff(
    ticket: Ticket,
    event: TicketEvent,
    people: Iterable[User],
    *,
    subject: str,
    body: str,
    urgent: bool = False,
) -> None:
    """Tell people of the vendor; those whose role no longer shows them the ticket are left out."""
    notify(
        [user for user in people if sees_as_staff(user, ticket)],
        key=f"ticket-event:{event.pk}",
        kind=event.kind,
        subject=f"{ticket.reference} {subject}",
        body=body,
        path=ticket.get_absolute_url(),
        urgent=urgent,
        now=event.at,
    )


def people_of(ticket: Ticket, audience: Iterable[str], *, now: datetime) -> list[User]:
    """Turn a ladder's audience into people.

    The assignee, else the engineers on duty now; the duty lead on duty; the customer's TAM and
    TAM team; the support managers. Where the roster has nobody on duty, everybody with the role.
    Nobody is named twice.
    """
    found: dict[int, User] = {}
    for word in audience:
        for user in _AUDIENCES[Audience(word)](ticket, now):
            if user.is_active:
                found[user.pk] = user
    return list(found.values())


def _assignee(ticket: Ticket, now: datetime) -> Iterable[User]:
    if ticket.assignee is not None and ticket.assignee.has_role(*WORKS_TICKETS):
        return [ticket.assignee]
    on_duty = Shift.objects.people_on_duty(now, DutyRole.ENGINEER)
    return on_duty or User.objects.active().with_role(Role.ENGINEER)


def _tams(ticket: Ticket, now: datetime) -> Iterable[User]:
    customer = ticket.customer
    tams = [customer.tam] if customer.tam else []
    return tams + (list(customer.tam_team.members.all()) if customer.tam_team else [])


def _duty_leads(ticket: Ticket, now: datetime) -> Iterable[User]:
    on_duty = Shift.objects.people_on_duty(now, DutyRole.DUTY_LEAD)
    return on_duty or User.objects.active().with_role(Role.DUTY_LEAD)


def _support_managers(ticket: Ticket, now: datetime) -> Iterable[User]:
    return User.objects.active().with_role(Role.SUPPORT_MANAGER)


_AUDIENCES: dict[Audience, Callable[[Ticket, datetime], Iterable[User]]] = {
    Audience.ASSIGNEE: _assignee,
    Audience.DUTY_LEAD: _duty_leads,
    Audience.TAM: _tams,
    Audience.SUPPORT_MANAGER: _support_managers,
}
