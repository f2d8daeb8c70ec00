import pytest

from supportportal.live.responses import LiveResponse
from tests.factories.tickets import make_ticket
from tickets.models import Ticket


@pytest.fixture
def ticket(contact, customer, contract) -> Ticket:
    return make_ticket(contact, customer)


def listen(client, **asked):
    return client.get("/live/", asked)


def test_a_listener_is_held_for_the_ticket_and_the_session_that_asked(client, contact, ticket):
    client.force_login(contact)
    answer = listen(client, ticket=ticket.number, version=7)
    assert isinstance(answer, LiveResponse)
    wish = answer.wish
    assert (wish.user, wish.ticket, wish.version) == (contact.pk, ticket.pk, 7)
    assert wish.session == client.session.session_key
    assert answer["Content-Type"] == "text/event-stream"
    assert answer["Cache-Control"] == "no-store"


def test_staff_listen_to_the_queue(client, engineer):
    client.force_login(engineer)
    assert listen(client).wish.ticket is None


@pytest.mark.parametrize("asked", ["0", "x", "9" * 30, "-1"])
def test_what_is_no_ticket_is_not_there(client, engineer, asked):
    client.force_login(engineer)
    assert listen(client, ticket=asked).status_code == 404


def test_a_ticket_of_another_customer_is_not_there(client, foreign_contact, ticket):
    client.force_login(foreign_contact)
    assert listen(client, ticket=ticket.number).status_code == 404


def test_a_customer_does_not_listen_to_the_queue(client, contact):
    client.force_login(contact)
    assert listen(client).status_code == 404


def test_whoever_is_signed_out_is_told_so_without_a_page(client, db):
    assert listen(client).status_code == 401
