"""An article begun from a ticket."""

import pytest

from accounts.errors import NotAllowed
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from knowledge.models import Article
from tests.factories.knowledge import WORDS
from tickets.choices import TicketKind
from tickets.errors import InvalidTransition
from tickets.models import Ticket, TicketArticle
from tickets.operations.articles import make_article_from
from tickets.operations.filing import file_ticket
from tickets.operations.lifecycle import resolve_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return file_ticket(
        customer=customer,
        by=contact,
        kind=TicketKind.BREAK_FIX,
        severity=Severity.HIGH,
        subject="Printers stopped",
        description="All of them.",
    )


def test_a_solved_ticket_becomes_an_article_that_names_it_to_staff(
    ticket: Ticket, engineer: User
) -> None:
    resolve_ticket(ticket, resolution="Update 4711.", by=engineer)
    ticket.refresh_from_db()
    events = ticket.events.count()
    article = make_article_from(ticket, WORDS, by=engineer)
    made = TicketArticle.objects.get()
    assert (made.ticket, made.article, made.begun_by) == (ticket, article, engineer)
    assert not article.is_current
    assert ticket.events.count() == events


def test_an_open_ticket_is_not_made_into_an_article(ticket: Ticket, engineer: User) -> None:
    with pytest.raises(InvalidTransition):
        make_article_from(ticket, WORDS, by=engineer)
    assert not Article.objects.exists()


@pytest.mark.parametrize("who", ["contact", "tam", "administrator"])
def test_who_writes_no_articles_makes_none_of_a_ticket(
    ticket: Ticket, engineer: User, who: str, request: pytest.FixtureRequest
) -> None:
    resolve_ticket(ticket, resolution="Update 4711.", by=engineer)
    ticket.refresh_from_db()
    with pytest.raises(NotAllowed):
        make_article_from(ticket, WORDS, by=request.getfixturevalue(who))
    assert not Article.objects.exists()
