"""Nothing that a kept question holds is anybody's own, and whoever asks gets their own rows."""

import gc
import threading
import weakref
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import Prefetch, Value
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.choices import Role
from accounts.compiled import LONGEST, MOST, Compiled
from accounts.models import User
from entitlements.models import Customer, Membership
from tests.factories.tickets import make_ticket
from tests.racing import race
from tickets.choices import TicketState
from tickets.models import Message, Note, Ticket
from tickets.operations.conversation import write_message

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


def _seen() -> Compiled[Ticket]:
    return Compiled(lambda reader: Ticket.objects.visible_to(reader).order_by("number"))


def test_each_value_is_bound_where_it_is_compared_with(contact: User, customer: Customer) -> None:
    """The same values the other way round, one of them twice, and a list between them."""
    one, other = make_ticket(contact, customer, now=NOW), make_ticket(contact, customer, now=NOW)
    question = Compiled(
        lambda first, numbers, last, state: Ticket.objects.filter(
            number__gte=first, number__in=numbers, number__lte=last, state=state
        ).exclude(description=state)
    )
    new, numbers = TicketState.NEW, [one.number, other.number]

    assert set(question.all(one.number, numbers, other.number, new)) == {one, other}
    assert question.all(other.number, numbers, one.number, new) == []
    assert question.all(one.number, numbers[::-1], one.number, new) == [one]
    assert question.all(one.number, [other.number] * 2, other.number, new) == [other]
    assert question.all(one.number, numbers, other.number, TicketState.CLOSED) == []


def test_lists_of_other_lengths_do_not_share_what_is_kept(
    contact: User, customer: Customer
) -> None:
    made = [make_ticket(contact, customer, now=NOW) for _ in range(4)]
    keys = [one.pk for one in made]
    question = Compiled(
        lambda left, right: Ticket.objects.filter(pk__in=left).exclude(pk__in=right).order_by("pk")
    )

    assert question.all(keys[:3], keys[:1]) == made[1:3]
    assert question.all(keys[:1], keys[:3]) == []
    assert question.all(keys[:2], keys[1:3]) == made[:1]
    assert question.all([], keys) == []
    assert question.all(keys, keys[:1]) == made[1:]


@pytest.mark.parametrize(
    "value", [None, True, 1.5, (1, 2), {1}, timedelta(1), NOW.replace(tzinfo=None)]
)
def test_what_django_would_ask_otherwise_is_refused(value: object) -> None:
    question = Compiled(lambda number: Ticket.objects.filter(number=number))

    with pytest.raises(TypeError, match="nothing that a kept question compares with"):
        question.all(value)
    with pytest.raises(TypeError, match="nothing that a kept question compares with"):
        question.all([value])


def test_a_value_too_big_for_its_column_finds_nothing(ticket: Ticket) -> None:
    question = Compiled(lambda number: Ticket.objects.filter(number=number))

    assert question.all(ticket.number) == [ticket]
    assert question.all(10**30) == []
    assert question.all(-(10**30)) == []


@pytest.mark.parametrize("bits", [16, 31, 32, 63, 64, 100])
def test_a_number_wider_than_its_column_is_no_other_number(ticket: Ticket, bits: int) -> None:
    """A driver that sends the last bits of a number asks for another one."""
    severity = Compiled(lambda severity: Ticket.objects.filter(severity=severity))
    number = Compiled(lambda number: Ticket.objects.filter(number=number))
    assert severity.all(ticket.severity) == number.all(ticket.number) == [ticket]

    for sign in (1, -1):
        assert severity.all(ticket.severity + sign * 2**bits) == []
        assert number.all(ticket.number + sign * 2**bits) == []


def test_words_that_look_like_sql_are_words(ticket: Ticket) -> None:
    question = Compiled(lambda words: Ticket.objects.filter(subject=words))

    assert question.all(ticket.subject) == [ticket]
    for words in ("' OR TRUE --", "%s", "%(a)s", "\ue0000", "\ue000", "100 %"):
        assert question.all(words) == []


@pytest.mark.parametrize(
    "put",
    [
        lambda number: Ticket.objects.filter(number=number)[:number],
        lambda number: Ticket.objects.filter(number=number, subject=str(number)),
        lambda number: Ticket.objects.filter(number=number, subject__contains=number),
        lambda number: Ticket.objects.filter(number=number).annotate(more=Value(number + 1)),
        lambda number: Ticket.objects.filter(number=number, filed_at__lt=timezone.now()),
    ],
)
def test_what_more_than_a_comparison_follows_from_is_refused(put: Any) -> None:
    with pytest.raises(ValueError, match="More than comparisons"):
        Compiled(put).all(1)


@pytest.mark.parametrize("told", ["name", "email", "timezone", "language"])
def test_of_a_person_no_more_than_the_key_goes_into_a_question(engineer: User, told: str) -> None:
    question = Compiled(
        lambda reader: Ticket.objects.filter(assignee=reader, subject=getattr(reader, told))
    )

    with pytest.raises(User.DoesNotExist):
        question.all(engineer)


def test_a_prefetch_with_rows_of_a_reader_is_refused(engineer: User) -> None:
    question = Compiled(
        lambda reader: Ticket.objects.visible_to(reader).prefetch_related(
            Prefetch("messages", Message.objects.visible_to(reader))
        )
    )

    with pytest.raises(ValueError, match="prefetch"):
        question.all(engineer)


def test_what_stands_in_for_a_person_is_nobodys_key(contact: User, ticket: Ticket) -> None:
    """A question that asks something itself, while it is put together, asks for nobody."""
    found: list[int] = []

    def put(reader: User) -> Any:
        found.extend(Membership.objects.filter(user=reader).values_list("customer", flat=True))
        return Ticket.objects.visible_to(reader)

    User.objects.filter(pk=contact.pk).update(name="Renamed")
    assert Compiled(put).all(contact) == [ticket]
    assert found == []


def test_a_change_of_what_somebody_is_shows_with_the_next_question(
    contact: User, colleague: User, engineer: User, foreign_contact: User, ticket: Ticket
) -> None:
    """Roles, seats, places and accounts change between two questions, in every direction."""
    seen = _seen()
    assert [seen.all(one) for one in (contact, colleague, foreign_contact)] == [[ticket], [], []]

    place = Membership.objects.get(user=colleague)
    Membership.objects.filter(pk=place.pk).update(sees_company=True)
    assert seen.all(colleague) == [ticket]
    Membership.objects.filter(pk=place.pk).update(left_at=NOW)
    assert seen.all(colleague) == []

    Ticket.objects.filter(pk=ticket.pk).update(customer=foreign_contact.memberships.get().customer)
    assert seen.all(contact) == []
    assert seen.all(foreign_contact) == [ticket]

    foreign_contact.is_active = False
    assert seen.all(foreign_contact) == []
    foreign_contact.is_active = True
    assert seen.all(foreign_contact) == [ticket]

    assert seen.all(engineer) == [ticket]
    engineer.roles = []
    assert seen.all(engineer) == []
    engineer.roles = [Role.ANALYST.value]
    assert seen.all(engineer) == []
    engineer.roles = [Role.ANALYST.value, Role.ENGINEER.value]
    assert seen.all(engineer) == [ticket]


def test_notes_stay_with_staff_whoever_asked_first(
    contact: User, engineer: User, tam: User, analyst: User, ticket: Ticket
) -> None:
    note = Note.objects.create(ticket=ticket, author=engineer, body="Ours.", at=NOW)
    both = User.objects.get(pk=contact.pk)
    both.roles = [Role.ANALYST.value]
    notes = Compiled(Note.objects.visible_to)

    assert notes.all(engineer) == [note]
    assert notes.all(tam) == [note]
    assert notes.all(analyst) == []
    assert notes.all(both) == []  # The ticket is seen as a contact, and not as an analyst.
    engineer.is_active = False
    assert notes.all(engineer) == []


def test_a_filter_on_what_was_found_cannot_be_lost(engineer: User, ticket: Ticket) -> None:
    """What is returned is rows: a queryset would take a further filter and not ask for it."""
    assert type(_seen().all(engineer)) is list


def test_no_more_than_so_many_kinds_are_kept(contact: User, customer: Customer) -> None:
    made = make_ticket(contact, customer, now=NOW)
    question = Compiled(lambda keys: Ticket.objects.filter(pk__in=keys))

    for length in range(1, MOST + 10):
        assert question.all([made.pk] * length) == [made]

    assert len(question._known) == 9


def test_a_very_long_list_is_asked_for_and_not_kept(ticket: Ticket) -> None:
    question = Compiled(
        lambda keys, number: Ticket.objects.filter(pk__in=keys).filter(number=number)
    )
    keys = [ticket.pk, *range(10**6, 10**6 + LONGEST)]

    assert question.all(keys, ticket.number) == [ticket]
    assert question.all(keys, ticket.number + 1) == []
    assert question.all(keys[2:], ticket.number) == []
    assert len(question._known) == 1  # The last is as long as is kept.


def test_what_is_refused_or_breaks_off_is_not_kept(engineer: User, ticket: Ticket) -> None:
    calls = iter([RuntimeError("Out of memory"), None])

    def put(reader: User) -> Any:
        if error := next(calls, None):
            raise error
        return Ticket.objects.visible_to(reader)

    seen = Compiled(put)
    with pytest.raises(RuntimeError):
        seen.all(engineer)
    assert seen.all(engineer) == [ticket]


@pytest.mark.django_db(transaction=True)
def test_readers_at_the_same_instant_get_their_own_rows(
    contact: User, colleague: User, foreign_contact: User, customer: Customer
) -> None:
    make_ticket(contact, customer, now=NOW)
    theirs = make_ticket(foreign_contact, foreign_contact.memberships.get().customer, now=NOW)
    write_message(theirs, body="Ours alone.", by=foreign_contact)
    seen = _seen()
    people = [contact, colleague, foreign_contact] * 2
    expected = [[one.pk for one in Ticket.objects.visible_to(person)] for person in people]
    assert expected[0] != expected[1] != expected[2] != []

    def ask(person: User) -> list[list[int]]:
        return [[one.pk for one in seen.all(person)] for _ in range(40)]

    outcomes = race(*[lambda person=person: ask(person) for person in people])

    assert outcomes == [[mine] * 40 for mine in expected]


@pytest.mark.django_db(transaction=True)
def test_a_thread_that_ended_leaves_no_connection_behind(ticket: Ticket, engineer: User) -> None:
    seen, kept = _seen(), []

    def ask() -> None:
        assert seen.all(engineer) == [ticket]
        kept.append(weakref.ref(connections["default"]))
        connections.close_all()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    gc.collect()

    assert kept[0]() is None
    assert seen.all(engineer) == [ticket]


def test_what_is_kept_is_asked_and_not_put_together(ticket: Ticket, contact: User) -> None:
    times = []

    def put(reader: User) -> Any:
        times.append(reader)
        return Ticket.objects.visible_to(reader)

    seen = Compiled(put)
    with CaptureQueriesContext(connection) as asked:
        assert [seen.all(contact) for _ in range(3)] == [[ticket]] * 3

    assert (len(times), len(asked)) == (2, 3)  # Twice, to compare what came of it.
    assert len({one["sql"] for one in asked}) == 1


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer, now=NOW)
