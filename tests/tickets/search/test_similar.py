"""Tickets like another: by which words, across customers for staff, for customers their own."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import TUESDAY, make_ticket
from tests.tickets.views.reading import queries_of, words
from tickets.choices import TicketKind
from tickets.models import Product, Ticket
from tickets.operations.conversation import write_note
from tickets.operations.lifecycle import resolve_ticket
from tickets.search.similar import similar_tickets, solved_like

HOUR = timedelta(hours=1)
CAUSE = "Update mirror refuses the proxy certificate"

pytestmark = pytest.mark.django_db


def filed(by: User, customer: Customer, subject: str, description: str = "Since today.") -> Ticket:
    return make_ticket(
        by, customer, kind=TicketKind.BREAK_FIX, subject=subject, description=description
    )


@pytest.fixture
def asked(contact: User, customer: Customer) -> Ticket:
    return filed(contact, customer, CAUSE)


@pytest.fixture
def foreign_twin(foreign_contact: User, foreign_customer: Customer, engineer: User) -> Ticket:
    twin = filed(foreign_contact, foreign_customer, "Proxy certificate refused by the mirror")
    return resolve_ticket(
        twin, resolution="Trust the proxy’s issuer.", by=engineer, now=TUESDAY + HOUR
    )


def test_staff_find_what_shares_the_words_at_any_customer_with_what_solved_it(
    asked: Ticket, foreign_twin: Ticket, contact: User, customer: Customer, engineer: User
) -> None:
    filed(contact, customer, "Printer on the second floor is slow")

    (found,) = similar_tickets(asked, by=engineer)

    assert found.ticket == foreign_twin
    assert found.solution == "Trust the proxy’s issuer."


def test_more_words_in_common_come_first(
    asked: Ticket, contact: User, customer: Customer, engineer: User
) -> None:
    some = filed(contact, customer, "The mirror forgets its proxy settings")
    most = filed(contact, customer, "Update mirror: certificate of the proxy refused")

    assert [one.ticket for one in similar_tickets(asked, by=engineer)] == [most, some]


def test_the_code_of_an_error_is_compared_too(
    contact: User, customer: Customer, engineer: User
) -> None:
    first = filed(contact, customer, "Setup stops", "Error 0x8007F01F at 40 %.")
    second = filed(contact, customer, "Setup stops again", "It ends with 0x8007F01F.")
    filed(contact, customer, "Holiday hours", "Which?")

    assert [one.ticket for one in similar_tickets(first, by=engineer)] == [second]


def test_an_account_manager_finds_only_tickets_of_their_customers(
    asked: Ticket, foreign_twin: Ticket, tam: User
) -> None:
    assert similar_tickets(asked, by=tam) == []


def test_a_note_makes_no_ticket_alike(
    asked: Ticket, contact: User, customer: Customer, engineer: User
) -> None:
    other = filed(contact, customer, "Printing")
    write_note(other, body="Mirror, proxy, certificate, update, refuses.", by=engineer)

    assert similar_tickets(asked, by=engineer) == []


def test_a_customer_finds_solved_tickets_of_their_own_company_only(
    asked: Ticket,
    foreign_twin: Ticket,
    contact: User,
    colleague: User,
    customer: Customer,
    foreign_customer: Customer,
    engineer: User,
) -> None:
    assert solved_like(CAUSE, customer=customer, by=contact) == []

    resolve_ticket(asked, resolution="Renewed.", by=engineer, now=TUESDAY + HOUR)

    (found,) = solved_like(CAUSE, customer=customer, by=contact)
    assert (found.ticket, found.solution) == (asked, "Renewed.")
    # Who sees only what they filed themselves, and who asks for another company.
    assert solved_like(CAUSE, customer=customer, by=colleague) == []
    assert solved_like(CAUSE, customer=foreign_customer, by=contact) == []


def test_what_is_about_the_same_product_comes_first_and_one_word_of_many_is_a_coincidence(
    asked: Ticket, contact: User, customer: Customer, engineer: User
) -> None:
    product = Product.objects.create(name="Management Server")
    less = make_ticket(contact, customer, subject="Proxy and mirror quarrel", product=product)
    other = filed(contact, customer, "Mirror of the south")
    for one in (asked, less, other):
        resolve_ticket(one, resolution="Renewed.", by=engineer, now=TUESDAY + HOUR)

    def like(subject: str, **given: Any) -> list[Ticket]:
        return [one.ticket for one in solved_like(subject, customer=customer, by=contact, **given)]

    assert like("Mirror, proxy, certificate") == [asked, less]
    assert like("Mirror, proxy, certificate", product=product) == [less, asked]
    assert like("Mirror, proxy, certificate", product=product, most=1) == [less]
    assert set(like("mirror")) == {asked, less, other}


@pytest.mark.parametrize("text", ["", "   ", "the", "'", "\\", "a\x00b", "' | 'x", "¶¶¶", "it’s"])
def test_odd_words_find_nothing_and_break_nothing(
    text: str, asked: Ticket, contact: User, customer: Customer, engineer: User
) -> None:
    asked.subject, asked.description = text, text

    assert similar_tickets(asked, by=engineer) == []
    assert solved_like(text, customer=customer, by=contact) == []


def test_the_part_of_the_page_and_the_page_tell_the_same(
    client: Client, asked: Ticket, foreign_twin: Ticket, engineer: User
) -> None:
    client.force_login(engineer)
    path = f"{asked.get_absolute_url()}similar/"

    page, part = client.get(path), client.get(path, headers={"HX-Request": "true"})

    for answer in (page, part):
        assert f"{foreign_twin.reference} Proxy certificate refused by the mirror" in words(answer)
        assert "Trust the proxy’s issuer." in words(answer)
    assert "<html" in page.content.decode()
    assert "<html" not in part.content.decode()


def test_looking_for_similar_ones_takes_the_same_queries_for_many(
    client: Client, asked: Ticket, contact: User, customer: Customer, engineer: User
) -> None:
    client.force_login(engineer)
    path = f"{asked.get_absolute_url()}similar/"
    one = queries_of(client, path)
    for _ in range(12):
        filed(contact, customer, CAUSE)

    assert queries_of(client, path) <= one + 2


def test_a_ticket_page_leads_there_without_script(
    client: Client, asked: Ticket, engineer: User
) -> None:
    client.force_login(engineer)

    page = client.get(asked.get_absolute_url()).content.decode()

    assert f'<a class="inline small" href="{asked.get_absolute_url()}similar/">' in page


def test_a_count_in_a_subject_hides_none_that_has_another(
    contact: User,
    customer: Customer,
    foreign_contact: User,
    foreign_customer: Customer,
    engineer: User,
) -> None:
    first = filed(contact, customer, "Agent update breaks the label printing on 215 stations")
    twin = filed(
        foreign_contact, foreign_customer, "Agent update breaks the label printing on 42 stations"
    )
    for each in range(12):
        filed(contact, customer, f"Gateway node GW-{each} is out of the cluster")
    learn_statistics()

    assert [one.ticket for one in similar_tickets(first, by=engineer)] == [twin]


def test_of_two_with_the_same_subject_the_one_described_alike_comes_first(
    contact: User, customer: Customer, engineer: User
) -> None:
    told = "The driver of the scanner is blocked."
    asked = filed(contact, customer, "Printers gone", told)
    alike = filed(contact, customer, "Printers gone", told)
    newer = filed(contact, customer, "Printers gone")
    for each in range(12):
        filed(contact, customer, f"Gateway node GW-{each} is out of the cluster")
    learn_statistics()

    assert [one.ticket for one in similar_tickets(asked, by=engineer)] == [alike, newer]


def learn_statistics() -> None:
    """Let PostgreSQL count how often words are, as its own upkeep does."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_ticketwords")
