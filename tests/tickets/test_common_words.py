"""What many open tickets say is told from what few say, by what the database knows of them."""

import pytest
from django.db import connection

from accounts.kept_rows import KeptRows
from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import TUESDAY, make_ticket
from tickets import common_words
from tickets.choices import TicketKind
from tickets.common_words import are_common
from tickets.queue_narrowing import Narrowing
from tickets.queue_page import queue_page
from tickets.search.asking import Term

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither from another test, nor for the next."""
    monkeypatch.setattr(common_words, "_shares", KeptRows(common_words._share))


@pytest.fixture
def forty(contact: User, customer: Customer) -> None:
    """Forty open tickets: all of a printer, half of them loud, one that smokes."""
    for number in range(40):
        make_ticket(
            contact,
            customer,
            kind=TicketKind.BREAK_FIX,
            severity=1 + number % 4,
            subject=f"Printer {'loud' if number % 2 else 'quiet'} {'smoke' if number == 7 else ''}",
            now=TUESDAY,
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_queuewords")


def test_a_share_is_what_all_words_of_a_text_have_together(forty: None) -> None:
    shares = {text: common_words._share(text) for text in ("printers", "loud", "printer loud")}

    assert shares["printers"] == pytest.approx(1)
    assert shares["loud"] == pytest.approx(0.5)
    assert shares["printer loud"] == pytest.approx(0.5)
    assert common_words._share("smoke") < common_words.COMMON
    assert common_words._share("elephant") == 0
    assert common_words._share("the") == 0
    assert common_words._share("") == 0


def test_only_plain_words_that_many_have_are_common(forty: None) -> None:
    assert are_common([Term("printer"), Term("loud")])
    assert not are_common([Term("printer"), Term("smoke")])
    assert not are_common([Term("printer", is_phrase=True)])
    assert not are_common([Term("printer"), Term("loud", is_out=True)])
    assert not are_common([Term("printer", is_beginning=True)])


def test_common_words_find_the_tickets_that_rare_words_are_found_by(
    forty: None, engineer: User
) -> None:
    asked = Narrowing(engineer, "open", {}, (Term("printer"), Term("loud")))
    assert asked._steps() != [[None]], "It does not go through the queue."

    for size in (3, 20, 50):
        found = asked.first_page(size=size, now=TUESDAY)
        assert found == queue_page(asked.tickets(TUESDAY), size=size, now=TUESDAY, few=True)
    assert len(found.rows) == 20


def test_who_sees_few_tickets_has_theirs_found_first(
    forty: None, engineer: User, tam: User
) -> None:
    printers = (Term("printer"),)

    assert Narrowing(tam, "open", {}, printers)._steps() == [[None]]
    assert Narrowing(engineer, "mine", {}, printers)._steps() == [[None]]
    assert Narrowing(engineer, "open", {"severity": [1]}, printers)._steps() == [[None]]
