"""Who is told what of a ticket, in words. Outbox rows in the caller's transaction."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from functools import cached_property

from accounts.choices import Role
from accounts.compiled import Compiled
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Membership
from notifications.operations import Telling, notify, notify_all
from notifications.words import Words, said
from sla.choices import Audience, DutyRole
from sla.models import Clock, Shift
from tickets.mail_words import matter_of
from tickets.models import Sending, Ticket, TicketEvent
from tickets.permissions import WORKS_TICKETS, sees_as_staff
from tickets.querysets import SEES_ALL_TICKETS

_WATCHING = Compiled(
    lambda tickets: Ticket.watchers.through.objects.filter(ticket__in=tickets).order_by("pk")
)
_BELONGING = Compiled(
    lambda customers, people: (
        Membership.objects.filter(
            customer__in=customers,
            user__in=people,
            user__is_active=True,
            left_at__isnull=True,
        )
        .select_related("user")
        .order_by("user")
    )
)
_STAFF_WATCHING = Compiled(
    lambda ticket: User.objects.filter(desk_watched_tickets=ticket, is_active=True)
)
_CLOCK = Compiled(
    lambda key: Clock.objects.filter(pk=key).select_related("calendar_version__calendar")
)


def customer_people(ticket: Ticket, *, besides: User | None = None) -> list[User]:
    """Who follows the ticket at the customer, as followers_of, but for one."""
    return [user for user in followers_of([ticket])[ticket.pk] if user != besides]


def followers_of(tickets: Sequence[Ticket]) -> dict[int, list[User]]:
    """Who follows each ticket at its customer: the filer and the watchers who still belong there.

    A watcher who left the company, or never belonged to it, is told nothing. Two queries.
    """
    named = {ticket.pk: {ticket.filed_by_id} for ticket in tickets}
    for one in _WATCHING.all(sorted(named)):
        named[one.ticket_id].add(one.user_id)
    belonging = _BELONGING.all(
        sorted({ticket.customer_id for ticket in tickets}), sorted(set().union(*named.values()))
    )
    people = {(one.customer_id, one.user_id): one.user for one in belonging}
    return {
        ticket.pk: [
            user
            for (customer, key), user in people.items()
            if customer == ticket.customer_id and key in named[ticket.pk]
        ]
        for ticket in tickets
    }


def managers_of(tickets: Sequence[Ticket]) -> dict[int, list[User]]:
    """The managers of each ticket's company; one query."""
    managers = Membership.objects.filter(
        customer__in={ticket.customer_id for ticket in tickets},
        is_manager=True,
        user__is_active=True,
        left_at__isnull=True,
    )
    found = list(managers.select_related("user").order_by("user"))
    return {
        ticket.pk: [one.user for one in found if one.customer_id == ticket.customer_id]
        for ticket in tickets
    }


def staff_following(ticket: Ticket, *, besides: User | None = None) -> list[User]:
    """Who follows the ticket among us: whoever has it, and those who watch it. One query."""
    people = {user.pk: user for user in _STAFF_WATCHING.all(ticket.pk)}
    if ticket.assignee is not None:
        people[ticket.assignee.pk] = ticket.assignee
    return [user for user in people.values() if user != besides]


def staff_working(ticket: Ticket, *, besides: User, now: datetime) -> list[User]:
    """Who follows the ticket among us; and who is on duty where whoever has it works here no more.

    Such a ticket is nobody's, but no queue of free ones shows it.
    """
    people = staff_following(ticket, besides=besides)
    owner = ticket.assignee
    if owner is not None and not _works_here(owner):
        people += [
            one for one in people_of(ticket, [Audience.DUTY_ENGINEERS], now=now) if one != besides
        ]
    return people


def _works_here(user: User) -> bool:
    return user.is_active and user.has_role(*WORKS_TICKETS)


def tell_watching_staff(ticket: Ticket, event: TicketEvent, *, subject: str, by: User) -> None:
    """Tell those of us who watch the ticket what a colleague did; the assignee sees it there."""
    watching = [
        user for user in staff_following(ticket, besides=by) if user.pk != ticket.assignee_id
    ]
    if watching:
        tell_staff(ticket, event, watching, subject=subject, body=f"You watch {ticket.reference}.")


def tell_customer(
    ticket: Ticket, event: TicketEvent, *, subject: Words, body: Words, besides: User | None = None
) -> None:
    """Tell the people who follow the ticket at the customer."""
    _look_at_the_clock(ticket)
    people = customer_people(ticket, besides=besides)
    notify_all([customer_telling(ticket, event, people, subject=subject, body=body)], now=event.at)


def tell_staff(
    ticket: Ticket,
    event: TicketEvent,
    people: Iterable[User],
    *,
    subject: str,
    body: Words,
    urgent: bool = False,
    why: str = "",
) -> None:
    """Tell people of the vendor; those whose role no longer shows them the ticket are left out."""
    _look_at_the_clock(ticket)
    telling = staff_telling(
        ticket, event, people, subject=subject, body=body, urgent=urgent, why=why
    )
    notify_all([telling], now=event.at)


def customer_telling(
    ticket: Ticket,
    event: TicketEvent,
    people: Iterable[User],
    *,
    subject: Words,
    body: Words,
    why: Words = "",
) -> Telling:
    """What `tell_customer` tells, for those who tell of many tickets at once.

    Of their own critical tickets people hear by mail whatever they chose.
    """
    return Telling(
        list(people),
        key=f"ticket-event:{event.pk}",
        kind=event.kind,
        subject=lambda reader: f"{ticket.reference} {said(subject, reader)}",
        body=body,
        path=ticket.get_absolute_url(),
        must_reach=ticket.severity == Severity.CRITICAL,
        around_the_clock=runs_around_the_clock(ticket),
        matter=matter_of(ticket, now=event.at, why=why),
    )


def staff_telling(
    ticket: Ticket,
    event: TicketEvent,
    people: Iterable[User],
    *,
    subject: str,
    body: Words,
    urgent: bool = False,
    why: str = "",
) -> Telling:
    """What `tell_staff` tells, for those who tell of many tickets at once."""
    return Telling(
        [user for user in people if sees_as_staff(user, ticket)],
        key=f"ticket-event:{event.pk}",
        kind=event.kind,
        subject=f"{ticket.reference} {subject}",
        body=body,
        path=ticket.get_absolute_url(),
        urgent=urgent,
        around_the_clock=runs_around_the_clock(ticket),
        matter=matter_of(ticket, now=event.at, why=why),
    )


def tell_of_returned_words(ticket: Ticket, sending: Sending, *, why: str) -> None:
    """Tell somebody that what they sent did not go out and is their draft again."""
    notify(
        [sending.author],
        key=f"sending:{sending.kind}:{sending.submission_key}",
        kind="sending_returned",
        subject=f"{ticket.reference} was not sent: {ticket.subject}",
        body=f"What you sent did not go out: {why} It is kept for when you can send it; you wrote:"
        f"\n\n{sending.body}",
        path=ticket.get_absolute_url(),
        urgent=True,
        matter=matter_of(ticket, now=sending.due_at),
    )


def readable_tickets(reader: User, numbers: Collection[str]) -> set[str]:
    """Say which of the tickets a person may read now (notifications.sight)."""
    if reader.has_role(*SEES_ALL_TICKETS):
        return set(numbers)  # They may be thousands, and tickets are never deleted.
    found = Ticket.objects.visible_to(reader).filter(number__in=[int(one) for one in numbers])
    return {str(number) for number in found.values_list("number", flat=True)}


def _look_at_the_clock(ticket: Ticket) -> None:
    """Give the ticket its clock as it stands now: its own may be from before this change."""
    if ticket.response_clock_id is not None:
        ticket.response_clock = _CLOCK.first(ticket.response_clock_id)


def runs_around_the_clock(ticket: Ticket) -> bool:
    """Whether what is promised for a ticket counts day and night."""
    return ticket.response_clock is not None and ticket.response_clock.schedule.is_always_open


def people_of(ticket: Ticket, audience: Iterable[str], *, now: datetime) -> list[User]:
    """Turn a ladder's audience into people, as RollCall.people_of."""
    return RollCall(now).people_of(ticket, audience)


class RollCall:
    """Who stands behind the words of a ladder's audience at one instant.

    The roster is asked once, however many tickets are asked about.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now

    def people_of(self, ticket: Ticket, audience: Iterable[str]) -> list[User]:
        """Turn a ladder's audience into people of ours.

        The assignee, else the engineers on duty now; the duty lead on duty; the customer's TAM
        and TAM team; the support managers. Where the roster has nobody on duty, everybody with
        the role. Nobody is named twice. The customer's own manager is none of ours: managers_of.
        """
        found: dict[int, User] = {}
        for word in audience:
            for user in _AUDIENCES[Audience(word)](self, ticket):
                if user.is_active:
                    found[user.pk] = user
        return list(found.values())

    def assignee(self, ticket: Ticket) -> Iterable[User]:
        owner = ticket.assignee
        return [owner] if owner is not None and _works_here(owner) else self._engineers

    def duty_engineers(self, ticket: Ticket) -> Iterable[User]:
        return self._engineers

    def nobody_of_ours(self, ticket: Ticket) -> Iterable[User]:
        return []

    def tams(self, ticket: Ticket) -> Iterable[User]:
        return ticket.customer.tams()

    def duty_leads(self, ticket: Ticket) -> Iterable[User]:
        return self._duty_leads

    def support_managers(self, ticket: Ticket) -> Iterable[User]:
        return self._support_managers

    @cached_property
    def _engineers(self) -> list[User]:
        on_duty = Shift.objects.people_on_duty(self._now, DutyRole.ENGINEER)
        return on_duty or list(User.objects.active().with_role(Role.ENGINEER))

    @cached_property
    def _duty_leads(self) -> list[User]:
        on_duty = Shift.objects.people_on_duty(self._now, DutyRole.DUTY_LEAD)
        return on_duty or list(User.objects.active().with_role(Role.DUTY_LEAD))

    @cached_property
    def _support_managers(self) -> list[User]:
        return list(User.objects.active().with_role(Role.SUPPORT_MANAGER))


_AUDIENCES: dict[Audience, Callable[[RollCall, Ticket], Iterable[User]]] = {
    Audience.ASSIGNEE: RollCall.assignee,
    Audience.DUTY_ENGINEERS: RollCall.duty_engineers,
    Audience.DUTY_LEAD: RollCall.duty_leads,
    Audience.TAM: RollCall.tams,
    Audience.SUPPORT_MANAGER: RollCall.support_managers,
    Audience.CUSTOMER_MANAGER: RollCall.nobody_of_ours,
}
