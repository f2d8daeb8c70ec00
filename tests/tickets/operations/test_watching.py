"""Who follows a ticket: our people for themselves, the customer's among themselves."""

import pytest

from accounts.choices import Role
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.models import Customer
from tests.factories.entitlements import make_person, make_staff_member
from tests.factories.tickets import kinds_of, make_ticket, newest_event, nothing_changes, told_of
from tickets.choices import EventKind
from tickets.models import Ticket, TicketEvent
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket, write_message
from tickets.operations.lifecycle import reopen_ticket, resolve_ticket
from tickets.operations.watching import (
    add_watcher,
    remove_watcher,
    unwatch_ticket,
    watch_ticket,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


@pytest.fixture
def other(db: None) -> User:
    return make_staff_member("Jan Novak", Role.ENGINEER)


def test_staff_who_watch_hear_what_is_said_and_how_it_ends(
    ticket: Ticket, engineer: User, other: User, contact: User
) -> None:
    take_ticket(ticket, by=engineer)
    watch_ticket(ticket, by=other)

    write_message(ticket, body="Any news?", by=contact)
    assert told_of(newest_event(ticket)) == {"Mara Kovac", "Jan Novak"}
    answer_ticket(ticket, body="We look.", qualified=True, by=engineer)
    assert told_of(newest_event(ticket)) == {"Priya Raman", "Jan Novak"}
    resolve_ticket(ticket, resolution="Update.", by=engineer)
    assert told_of(newest_event(ticket)) == {"Priya Raman", "Jan Novak"}
    reopen_ticket(ticket, reason="It is back.", by=contact)
    assert told_of(newest_event(ticket)) == {"Mara Kovac", "Jan Novak"}

    unwatch_ticket(ticket, by=other)
    write_message(ticket, body="Any news?", by=contact)
    assert told_of(newest_event(ticket)) == {"Mara Kovac"}


def test_who_watches_among_us_is_ours_to_know(
    ticket: Ticket, other: User, contact: User, colleague: User
) -> None:
    watch_ticket(ticket, by=other)
    watch_ticket(ticket, by=other)
    unwatch_ticket(ticket, by=other)
    unwatch_ticket(ticket, by=other)

    assert kinds_of(ticket) == [EventKind.WATCHED, EventKind.UNWATCHED]
    seen = TicketEvent.objects.visible_to(contact).filter(ticket=ticket)
    assert [event.kind for event in seen] == [EventKind.FILED]
    with pytest.raises(NotAllowed), nothing_changes():
        watch_ticket(ticket, by=contact)


def test_a_watcher_who_loses_the_role_hears_nothing(
    ticket: Ticket, other: User, contact: User
) -> None:
    watch_ticket(ticket, by=other)
    User.objects.filter(pk=other.pk).update(roles=[])

    write_message(ticket, body="Any news?", by=contact)
    assert told_of(newest_event(ticket)) == set()


def test_the_customers_people_choose_who_gets_copies(
    ticket: Ticket, contact: User, colleague: User
) -> None:
    assert not Ticket.objects.visible_to(colleague).exists()

    add_watcher(ticket, colleague, by=contact)
    assert newest_event(ticket).details == {"person_name": "Daniel Osei"}
    assert list(Ticket.objects.visible_to(colleague)) == [ticket]
    write_message(ticket, body="More.", by=contact)
    assert told_of(newest_event(ticket)) == {"Daniel Osei"}

    remove_watcher(ticket, colleague, by=contact)
    assert not Ticket.objects.visible_to(colleague).exists()
    assert [kind for kind in kinds_of(ticket) if kind != EventKind.CUSTOMER_WROTE] == [
        EventKind.COPIED,
        EventKind.UNCOPIED,
    ]


def test_an_engineer_changes_the_copies_for_a_caller(
    ticket: Ticket, engineer: User, colleague: User
) -> None:
    add_watcher(ticket, colleague, by=engineer)

    assert list(ticket.watchers.all()) == [colleague]


def test_copies_never_leave_the_company(
    ticket: Ticket,
    contact: User,
    engineer: User,
    foreign_contact: User,
    foreign_customer: Customer,
    customer: Customer,
) -> None:
    gone = make_person(customer, "Gone Away")
    gone.left_at = ticket.filed_at
    gone.save()
    for by in (contact, engineer):
        for person in (foreign_contact, engineer, gone.user):
            with pytest.raises(InvalidInput, match="Choose somebody of Northwind"):
                add_watcher(ticket, person, by=by)
    with pytest.raises(NotAllowed):
        add_watcher(ticket, foreign_contact, by=foreign_contact)
    with pytest.raises(NotAllowed):
        remove_watcher(ticket, contact, by=foreign_contact)
    with pytest.raises(InvalidInput, match="gets copies"):
        remove_watcher(ticket, foreign_contact, by=contact)

    assert kinds_of(ticket) == []
