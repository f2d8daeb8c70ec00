"""Tags: kept once, written one way, and ours alone."""

import pytest

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import kinds_of, make_ticket, newest_event, nothing_changes
from tickets.choices import EventKind
from tickets.models import Tag, Ticket, TicketEvent
from tickets.operations.tags import change_tags
from tickets.tag_names import normal_tag, normal_tags

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Rule 7", "rule-7"),
        ("  FALSE_positive ", "false-positive"),
        ("Größe", "grösse"),
        ("ＡＰＩ", "api"),
        ("c++", "c++"),
        ("a - b", "a-b"),
        ("<script>", "script"),
    ],
)
def test_the_same_words_are_one_tag(typed: str, kept: str) -> None:
    assert normal_tag(typed) == kept


@pytest.mark.parametrize("typed", ["", " ", "!?", "---", "x" * 41])
def test_what_is_no_tag_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInput):
        normal_tag(typed)


def test_tags_are_typed_with_commas_between() -> None:
    assert normal_tags("Printing, rule 7,, PRINTING ,") == ["printing", "rule-7"]


def test_a_tag_is_kept_known_and_told_once(ticket: Ticket, engineer: User) -> None:
    change_tags(ticket, add=["Rule 7", "printing"], by=engineer)
    change_tags(ticket, add=["zebra"], remove=["PRINTING"], by=engineer)

    assert Ticket.objects.get(pk=ticket.pk).tags == ["rule-7", "zebra"]
    assert list(Tag.objects.values_list("name", flat=True)) == ["printing", "rule-7", "zebra"]
    assert kinds_of(ticket) == [EventKind.TAGGED, EventKind.TAGGED]
    assert newest_event(ticket).details == {"tags": [["printing", "rule-7"], ["rule-7", "zebra"]]}
    assert list(Ticket.objects.tagged("zebra")) == [ticket]
    assert not Ticket.objects.tagged("printing").exists()


def test_a_change_that_changes_nothing_writes_nothing(ticket: Ticket, engineer: User) -> None:
    change_tags(ticket, add=["printing"], by=engineer)

    with nothing_changes():
        change_tags(ticket, add=["Printing"], remove=["zebra"], by=engineer)


def test_twenty_tags_are_enough(ticket: Ticket, engineer: User) -> None:
    change_tags(ticket, add=[f"tag{number}" for number in range(20)], by=engineer)

    with pytest.raises(InvalidInput, match="at most 20 tags"), nothing_changes():
        change_tags(ticket, add=["one-more"], by=engineer)


def test_customers_neither_tag_nor_learn_of_tags(
    ticket: Ticket, engineer: User, contact: User
) -> None:
    with pytest.raises(NotAllowed), nothing_changes():
        change_tags(ticket, add=["printing"], by=contact)

    change_tags(ticket, add=["printing"], by=engineer)
    events = TicketEvent.objects.visible_to(contact).filter(ticket=ticket)
    assert not events.filter(kind=EventKind.TAGGED).exists()
