"""Links between tickets, and who sees them."""

import pytest

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from tests.factories.tickets import TUESDAY, kinds_of, newest_event, nothing_changes
from tests.racing import race, refusals
from tickets.choices import EventKind, LinkKind
from tickets.errors import InvalidTransition
from tickets.links import link_lines
from tickets.models import Ticket, TicketLink
from tickets.operations.links import link_tickets, unlink_tickets

pytestmark = pytest.mark.django_db


def seen_by(reader: User, ticket: Ticket) -> list[tuple[str, int]]:
    lines = link_lines(ticket, TicketLink.objects.of(ticket, reader))
    return [(line.words, line.other.number) for line in lines]


def test_a_link_shows_at_both_ends_and_is_told_on_both(
    first: Ticket, second: Ticket, engineer: User
) -> None:
    link = link_tickets(second, first, kind=LinkKind.DUPLICATE, by=engineer)

    assert seen_by(engineer, second) == [("Duplicate of", first.number)]
    assert seen_by(engineer, first) == [("Has the duplicate", second.number)]
    assert newest_event(second).details == {"ticket": first.number, "link": "Duplicate of"}

    unlink_tickets(link, by=engineer)
    for ticket in (first, second):
        assert kinds_of(ticket) == [EventKind.LINKED, EventKind.UNLINKED]
        assert seen_by(engineer, ticket) == []
    with pytest.raises(InvalidTransition, match="gone already"):
        unlink_tickets(link, by=engineer)


def test_two_tickets_have_one_link_and_none_to_itself(
    first: Ticket, second: Ticket, engineer: User, contact: User
) -> None:
    link_tickets(first, second, kind=LinkKind.PARENT, by=engineer)

    with nothing_changes():
        with pytest.raises(InvalidInput, match="linked already"):
            link_tickets(second, first, kind=LinkKind.RELATED, by=engineer)
        with pytest.raises(InvalidInput, match="another ticket"):
            link_tickets(first, first, kind=LinkKind.RELATED, by=engineer)
        with pytest.raises(NotAllowed):
            link_tickets(first, second, kind=LinkKind.RELATED, by=contact)


def test_a_customer_sees_links_to_tickets_they_may_see_alone(
    first: Ticket,
    second: Ticket,
    foreign: Ticket,
    engineer: User,
    contact: User,
    colleague: User,
    foreign_contact: User,
    tam: User,
) -> None:
    link_tickets(first, foreign, kind=LinkKind.RELATED, by=engineer)
    link_tickets(first, second, kind=LinkKind.RELATED, by=engineer)

    assert seen_by(engineer, first) == [
        ("Related to", foreign.number),
        ("Related to", second.number),
    ]
    assert seen_by(contact, first) == [("Related to", second.number)]
    assert seen_by(tam, first) == [("Related to", second.number)]
    assert seen_by(foreign_contact, foreign) == []
    # The colleague watches the second ticket and does not see the first.
    assert seen_by(colleague, second) == []
    # Not even somebody of both companies learns that we see a connection.
    foreign.customer.memberships.create(user=contact, is_manager=True, joined_at=TUESDAY)
    assert seen_by(contact, first) == [("Related to", second.number)]


@pytest.mark.django_db(transaction=True)
def test_two_tickets_linked_from_both_ends_at_once_have_one_link(
    first: Ticket, second: Ticket, engineer: User
) -> None:
    outcomes = race(
        lambda: link_tickets(first, second, kind=LinkKind.DUPLICATE, by=engineer),
        lambda: link_tickets(second, first, kind=LinkKind.DUPLICATE, by=engineer),
    )

    assert len(refusals(outcomes, InvalidInput)) == 1
    assert TicketLink.objects.count() == 1
