"""What was put together once finds what the queryset itself finds, for everybody."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import EmptyResultSet
from django.db import transaction
from django.db.transaction import TransactionManagementError
from pytest_django import DjangoAssertNumQueries

from accounts.choices import Role
from accounts.compiled import Compiled
from accounts.models import User
from entitlements.models import Contract, Customer
from tests.factories.tickets import make_ticket
from tickets.choices import TicketKind, TicketState
from tickets.models import Message, Ticket
from tickets.operations.conversation import write_message

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)

SEEN = Compiled(lambda reader: Ticket.objects.visible_to(reader).with_clock())
NUMBERED = Compiled(lambda number, state: Ticket.objects.filter(number=number, state=state))
SAID_ON = Compiled(lambda tickets: Message.objects.filter(ticket__in=tickets))


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer, now=NOW)


def test_each_reader_finds_what_they_may_see(
    contact: User,
    colleague: User,
    foreign_contact: User,
    engineer: User,
    analyst: User,
    tam: User,
    customer: Customer,
) -> None:
    mine = make_ticket(contact, customer, now=NOW)
    theirs = make_ticket(colleague, customer, kind=TicketKind.BREAK_FIX, now=NOW)
    everybody = [contact, colleague, foreign_contact, engineer, analyst, tam]

    for _ in range(2):  # Put together by the first with the same roles, asked by the others.
        for reader in everybody:
            assert SEEN.all(reader) == list(Ticket.objects.visible_to(reader))

    assert set(SEEN.all(contact)) == {mine, theirs}
    assert SEEN.all(colleague) == [theirs]
    assert SEEN.all(foreign_contact) == []


def test_whoever_loses_a_role_or_the_account_finds_nothing_more(
    engineer: User, ticket: Ticket
) -> None:
    assert SEEN.all(engineer) == [ticket]

    engineer.roles = [Role.ANALYST]
    assert SEEN.all(engineer) == []

    engineer.roles, engineer.is_active = [Role.ENGINEER], False
    assert SEEN.all(engineer) == []


def test_values_stand_in_their_places(contact: User, customer: Customer) -> None:
    one, other = make_ticket(contact, customer, now=NOW), make_ticket(contact, customer, now=NOW)

    assert NUMBERED.first(one.number, TicketState.NEW) == one
    assert NUMBERED.first(other.number, TicketState.NEW) == other
    assert NUMBERED.first(other.number, TicketState.CLOSED) is None


def test_lists_of_any_length_are_asked_for(
    contact: User, customer: Customer, ticket: Ticket
) -> None:
    other = make_ticket(contact, customer, now=NOW)
    said = [write_message(one, body="It stopped.", by=contact) for one in (ticket, other)]

    assert SAID_ON.all([]) == []
    assert SAID_ON.all([ticket.pk]) == said[:1]
    assert SAID_ON.all([ticket.pk, other.pk]) == said


def test_rows_are_counted_for_each_reader(
    contact: User,
    foreign_contact: User,
    engineer: User,
    ticket: Ticket,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for reader, size in ((contact, 1), (foreign_contact, 0), (engineer, 1)):
        with django_assert_num_queries(1):
            assert SEEN.count(reader) == size

    engineer.is_active = False
    assert SEEN.count(engineer) == 0


def test_days_are_compared_with(contract: Contract) -> None:
    begun = Compiled(lambda day: Contract.objects.filter(starts_on__lte=day))

    assert begun.all(date(2026, 1, 1)) == [contract]
    assert begun.all(date(2025, 12, 31)) == []


def test_joined_rows_come_along(
    ticket: Ticket, engineer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    SEEN.all(engineer)

    with django_assert_num_queries(1):
        [found] = SEEN.all(engineer)
        assert (found.customer, found.filed_by) == (ticket.customer, ticket.filed_by)
        assert found.response_clock == ticket.response_clock


def test_a_value_that_is_not_compared_with_is_refused() -> None:
    newest = Compiled(lambda number, most: Ticket.objects.filter(number=number)[:most])

    with pytest.raises(ValueError, match="stand nowhere"):
        newest.all(1, 5)


def test_a_question_that_can_have_no_answer_is_refused() -> None:
    nothing = Compiled(lambda number: Ticket.objects.filter(number=number).none())

    with pytest.raises(EmptyResultSet):
        nothing.all(1)


@pytest.mark.django_db(transaction=True)
def test_a_lock_that_would_hold_nothing_is_refused_the_second_time_too() -> None:
    locked = Compiled(lambda key: User.objects.select_for_update().filter(pk=key))
    with transaction.atomic():
        locked.all(1)

    with pytest.raises(TransactionManagementError):
        locked.all(1)
