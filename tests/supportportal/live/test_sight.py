from datetime import timedelta

import pytest
from django.contrib.auth import HASH_SESSION_KEY
from django.test import Client
from django.utils import timezone

from accounts.choices import Role
from supportportal.live.responses import Wish
from supportportal.live.sight import judge
from tests.factories.tickets import make_ticket, newest_event
from tickets.models import Ticket
from tickets.operations.conversation import write_note


def wish_of(client: Client, user, ticket: Ticket | None = None) -> Wish:
    client.force_login(user)
    session = client.session
    assert session.session_key is not None
    return Wish(
        session=session.session_key,
        user=user.pk,
        proof=session[HASH_SESSION_KEY],
        ticket=ticket.pk if ticket else None,
    )


@pytest.fixture
def ticket(contact, customer, contract) -> Ticket:
    return make_ticket(contact, customer)


def events(*tickets: Ticket) -> dict[int, int]:
    return {newest_event(one).pk: one.pk for one in tickets}


def test_nobody_is_told_of_another_customers_ticket(
    ticket, contact, foreign_contact, foreign_customer, tam
):
    theirs = make_ticket(foreign_contact, foreign_customer)
    both = events(ticket, theirs)
    mine = wish_of(Client(), contact, ticket)
    # Somebody who has made up a wish for a ticket they do not see.
    crafted = wish_of(Client(), foreign_contact, ticket)
    account = wish_of(Client(), tam)
    sights = judge([mine, crafted, account], both).sights
    assert sights[mine].events == {newest_event(ticket).pk}
    assert sights[crafted].events == frozenset()
    assert sights[account].events == {newest_event(ticket).pk}  # the TAM of Northwind only


def test_a_note_is_told_to_staff_and_not_to_the_customer(ticket, contact, engineer):
    write_note(ticket, body="Canary", by=engineer)
    customer, desk = wish_of(Client(), contact, ticket), wish_of(Client(), engineer, ticket)
    sights = judge([customer, desk], events(ticket)).sights
    assert sights[customer].events == frozenset()
    assert sights[desk].events == {newest_event(ticket).pk}


def test_a_ticket_is_not_told_to_who_listens_to_another(ticket, contact, customer, engineer):
    other = make_ticket(contact, customer)
    wish = wish_of(Client(), engineer, other)
    assert judge([wish], events(ticket)).sights[wish].events == frozenset()


@pytest.mark.parametrize("how", ["signed out", "expired", "another password", "inactive"])
def test_a_session_that_has_ended_is_told_nothing_more(ticket, engineer, how):
    client = Client()
    wish = wish_of(client, engineer)
    assert wish in judge([wish], events(ticket)).sights
    if how == "signed out":
        client.logout()
    elif how == "expired":
        session = client.session
        session.set_expiry(timezone.now() - timedelta(seconds=1))
        session.save()
    elif how == "another password":
        engineer.set_password("another-lantern-orbit")
        engineer.save()
    else:
        engineer.is_active = False
        engineer.save()
    assert judge([wish], events(ticket)).sights == {}


def test_a_role_taken_away_hides_what_it_showed(ticket, engineer):
    wish = wish_of(Client(), engineer)
    engineer.roles = [Role.ANALYST]
    engineer.save()
    assert judge([wish], events(ticket)).sights[wish].events == frozenset()


def test_only_staff_see_who_looks_at_a_ticket(ticket, contact, engineer, tam, foreign_contact):
    people = [contact, engineer, tam, foreign_contact]
    wishes = {user.name: wish_of(Client(), user, ticket) for user in people}
    sights = judge(list(wishes.values()), None, [ticket.pk], [engineer.pk])
    assert {name for name, one in wishes.items() if sights.sights[one].sees_colleagues} == {
        engineer.name,
        tam.name,
    }
    assert sights.names == {engineer.pk: engineer.name}


def test_a_queue_shows_whos_at_the_tickets_its_reader_sees_as_staff(
    ticket, foreign_contact, foreign_customer, engineer, tam, analyst
):
    foreign = make_ticket(foreign_contact, foreign_customer)
    wishes = {user.name: wish_of(Client(), user) for user in (engineer, tam, analyst)}
    sights = judge(list(wishes.values()), looked_at=[ticket.pk, foreign.pk]).sights
    assert {name: set(sights[wish].numbers.values()) for name, wish in wishes.items()} == {
        engineer.name: {ticket.number, foreign.number},
        tam.name: {ticket.number},
        analyst.name: set(),
    }


def test_forty_engineers_cost_no_more_questions_than_one(
    ticket, engineer, django_assert_max_num_queries
):
    wishes = [wish_of(Client(), engineer) for _ in range(40)]
    happened = events(ticket)
    with django_assert_max_num_queries(2):
        assert len(judge(wishes, happened).sights) == 40
    with django_assert_max_num_queries(3):
        assert len(judge(wishes, happened, looked_at=[ticket.pk]).sights) == 40
