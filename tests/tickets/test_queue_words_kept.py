"""The rows the queue's search reads say of each open ticket what the ticket says."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection

from accounts.choices import Role
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from tests.factories import entitlements as people
from tests.factories.tickets import TUESDAY, make_ticket
from tests.racing import race
from tickets.choices import TicketState
from tickets.models import QueueWords, Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.customer_escalation import escalate_as_customer
from tickets.operations.lifecycle import reopen_ticket, resolve_ticket
from tickets.operations.severity import change_severity
from tickets.operations.tags import change_tags

HOUR = timedelta(hours=1)
COPIED = (
    "rank",
    "answer_due_at",
    "answer_at_risk_at",
    "state",
    "severity",
    "assignee_id",
    "customer_id",
    "edition_id",
    "product_id",
    "tags",
)


def kept() -> set[Any]:
    """What the rows say, lists as text."""
    return {str(row) for row in QueueWords.objects.values_list("ticket_id", *COPIED)}


def told() -> set[Any]:
    """What the open tickets say."""
    return {str(row) for row in Ticket.objects.open().values_list("pk", *COPIED)}


def saying(word: str) -> list[int]:
    found = QueueWords.objects.saying(SearchQuery(word, config="english"))
    return list(found.values_list("pk", flat=True))


@pytest.mark.django_db
def test_each_change_of_a_ticket_stands_in_its_row(
    contact: User, customer: Customer, engineer: User
) -> None:
    ticket = make_ticket(contact, customer, subject="Printers are slow")
    assert kept() == told() != set()

    take_ticket(ticket, by=engineer, now=TUESDAY + HOUR)
    assert kept() == told()
    change_tags(ticket, add=["driver"], by=engineer)
    assert kept() == told()
    change_severity(
        ticket, severity=Severity.LOW, reason="It is four.", by=engineer, now=TUESDAY + HOUR
    )
    assert kept() == told()
    escalate_as_customer(ticket, reason="We wait.", by=contact, now=TUESDAY + 2 * HOUR)
    assert kept() == told()


@pytest.mark.django_db
def test_a_row_stands_exactly_while_the_ticket_is_open(
    contact: User, customer: Customer, engineer: User
) -> None:
    ticket = make_ticket(contact, customer, subject="Printers are slow")
    assert saying("printer") == [ticket.pk]

    resolve_ticket(ticket, resolution="Restart it.", by=engineer, now=TUESDAY + HOUR)
    assert saying("printer") == []
    assert not QueueWords.objects.exists()

    reopen_ticket(ticket, reason="Still slow.", by=contact, now=TUESDAY + 2 * HOUR)
    assert saying("printer") == [ticket.pk]
    assert kept() == told() != set()


@pytest.mark.django_db
def test_changed_words_are_found_and_the_old_ones_not(contact: User, customer: Customer) -> None:
    ticket = make_ticket(contact, customer, subject="Printers are slow")

    Ticket.objects.filter(pk=ticket.pk).update(subject="Scanners are slow")

    assert saying("printer") == []
    assert saying("scanner") == [ticket.pk]


@pytest.mark.django_db
def test_whatever_happens_to_rows_in_any_order_both_say_the_same(
    contact: User, customer: Customer, engineer: User
) -> None:
    rng = random.Random(11)
    tickets = [make_ticket(contact, customer, subject=f"Printer {one}") for one in range(6)]
    for _ in range(60):
        changed: dict[str, Any] = rng.choice(
            [
                {"severity": rng.randint(1, 4)},
                {"state": TicketState.WAITING_FOR_CUSTOMER, "resolved_at": None},
                {"state": TicketState.RESOLVED, "resolved_at": TUESDAY},
                {"state": TicketState.IN_PROGRESS, "assignee": engineer},
                {"escalation_level": rng.randint(0, 3), "weight": rng.randint(0, 9)},
                {"state": TicketState.NEW, "product": None, "tags": ["driver"]},
            ]
        )
        some = [each.pk for each in rng.sample(tickets, 2)]
        Ticket.objects.filter(pk__in=some).update(**changed)
        assert kept() == told()


@pytest.mark.django_db
def test_a_change_of_what_the_row_does_not_hold_leaves_it_alone(
    contact: User, customer: Customer
) -> None:
    ticket = make_ticket(contact, customer)
    with connection.cursor() as cursor:
        cursor.execute("SELECT ctid, xmin FROM tickets_queuewords")
        before = cursor.fetchall()
        Ticket.objects.filter(pk=ticket.pk).update(version="7.2", updated_at=TUESDAY + HOUR)
        cursor.execute("SELECT ctid, xmin FROM tickets_queuewords")

        assert cursor.fetchall() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_", range(5))
def test_of_a_resolution_and_a_tag_at_once_the_row_follows_both(catalogue: Any, _: int) -> None:
    customer = people.make_customer("Northwind Logistics")
    contact = people.make_contact(people.make_contract(customer), "Priya Raman").membership.user
    engineer = people.make_staff_member("Mara Holt", Role.ENGINEER)
    ticket, other = make_ticket(contact, customer), make_ticket(contact, customer)

    outcomes = race(
        lambda: resolve_ticket(ticket, resolution="Restart it.", by=engineer, now=TUESDAY + HOUR),
        lambda: change_tags(Ticket.objects.get(pk=ticket.pk), add=["driver"], by=engineer),
        lambda: change_tags(Ticket.objects.get(pk=other.pk), add=["driver"], by=engineer),
    )

    assert not isinstance(outcomes[0], Exception)
    assert kept() == told()
    assert QueueWords.objects.get().ticket_id == other.pk
