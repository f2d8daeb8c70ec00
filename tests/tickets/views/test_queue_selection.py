"""What is done to several chosen tickets: each by itself, refusals named and still chosen."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from entitlements.models import Customer
from tests.factories import entitlements as people
from tests.factories.tickets import kinds_of, make_ticket
from tests.tickets.views.reading import words
from tickets.choices import EventKind, TicketState
from tickets.models import Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import write_message
from tickets.operations.sendings import hold_answer, let_out_due_sendings
from tickets.operations.tags import change_tags

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client: Client, engineer: User) -> Client:
    client.force_login(engineer)
    return client


@pytest.fixture
def other(db: None) -> User:
    return people.make_staff_member("Jan Novak", Role.ENGINEER)


@pytest.fixture
def second(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer, subject="Scanner stopped")


def send(desk: Client, tickets: list[Any], **typed: Any) -> Any:
    chosen = [one.number if isinstance(one, Ticket) else one for one in tickets]
    return desk.post(reverse("queue_selection"), {"ticket": chosen, **typed}, follow=True)


def test_chosen_tickets_are_taken_and_refusals_are_named(
    desk: Client,
    contact: User,
    customer: Customer,
    ticket: Ticket,
    second: Ticket,
    engineer: User,
    other: User,
    tuesday: datetime,
) -> None:
    theirs = make_ticket(contact, customer, subject="Old logo")
    take_ticket(theirs, by=other, now=tuesday)
    response = send(desk, [ticket, second, theirs, 99, "x"], act="take", _page="/queue/?severity=2")

    assert response.redirect_chain == [("/queue/?severity=2", 302)]
    assert (
        "2 taken, 2 refused. What was refused is still selected. "
        f"{theirs.reference} Old logo: Jan Novak has this ticket. Ask for a hand-over. "
        "TK-99: There is no such ticket." in words(response)
    )
    assert set(Ticket.objects.filter(assignee=engineer)) == {ticket, second}


def test_what_was_refused_and_left_the_list_is_not_called_selected(
    desk: Client, ticket: Ticket, other: User, tuesday: datetime
) -> None:
    take_ticket(ticket, by=other, now=tuesday)
    said = words(send(desk, [ticket], act="take", _page="/queue/?view=unassigned"))
    assert "0 taken, 1 refused." in said
    assert "still selected" not in said


def test_what_was_refused_stays_chosen_on_the_next_page_and_no_longer(
    desk: Client, ticket: Ticket, second: Ticket, other: User, tuesday: datetime
) -> None:
    take_ticket(second, by=other, now=tuesday)
    page = send(desk, [ticket, second], act="take").content.decode()

    assert f'value="{second.number}" checked' in page
    assert f'value="{ticket.number}" checked' not in page
    again = desk.get("/queue/")
    assert f'value="{second.number}" checked' not in again.content.decode()
    assert "refused" not in words(again)


def test_the_box_above_the_rows_stands_for_the_whole_page(
    desk: Client, ticket: Ticket, second: Ticket, engineer: User
) -> None:
    assert f'value="{ticket.number},{second.number}"' in desk.get("/queue/").content.decode()
    send(desk, [], whole_page=f"{ticket.number},{second.number}", act="take")

    assert set(Ticket.objects.filter(assignee=engineer)) == {ticket, second}


def test_chosen_tickets_are_given_to_somebody_with_a_word(
    desk: Client, ticket: Ticket, second: Ticket, other: User
) -> None:
    response = send(desk, [ticket, second], act="assign", to=other.pk, reason="You know these.")

    assert "2 given to Jan Novak." in words(response)
    assert set(Ticket.objects.filter(assignee=other)) == {ticket, second}
    assert ticket.events.get(kind=EventKind.ASSIGNED).reason == "You know these."


@pytest.mark.parametrize(
    ("move", "typed", "state", "said"),
    [
        ("lab", "Is it detected?", TicketState.WAITING_FOR_LAB, "2 passed to the lab."),
        ("resolved", "Update 12.4 solves it.", TicketState.RESOLVED, "2 resolved."),
    ],
)
def test_the_state_of_chosen_tickets_is_changed(
    desk: Client,
    ticket: Ticket,
    second: Ticket,
    move: str,
    typed: str,
    state: TicketState,
    said: str,
) -> None:
    response = send(desk, [ticket, second], act="move", move=move, words=typed)

    assert said in words(response)
    assert set(Ticket.objects.values_list("state", flat=True)) == {state}


def test_a_ticket_that_cannot_change_so_says_why(
    desk: Client, ticket: Ticket, second: Ticket, engineer: User
) -> None:
    take_ticket(ticket, by=engineer)
    response = send(desk, [ticket, second], act="move", move="released")

    assert "1 back in the queue, 1 refused." in words(response)
    assert f"{second.reference} Scanner stopped: Nobody has this ticket." in words(response)


def test_nobody_is_answered_past_what_came_since_the_page_was_drawn(
    desk: Client, contact: User, ticket: Ticket, tuesday: datetime
) -> None:
    write_message(ticket, body="It prints again.", by=contact, now=tuesday + timedelta(minutes=1))
    typed = {"act": "move", "move": "resolved", "words": "Solved."}
    response = send(desk, [ticket], drawn_at=tuesday.isoformat(), **typed)

    assert "0 resolved, 1 refused." in words(response)
    assert "wrote while you were writing" in words(response)
    drawn_at = (tuesday + timedelta(minutes=2)).isoformat()
    assert "1 resolved." in words(send(desk, [ticket], drawn_at=drawn_at, **typed))


def test_nor_past_what_was_sent_before_it_was_drawn_and_went_out_since(
    desk: Client, duty_lead: User, ticket: Ticket, settings: LazySettings
) -> None:
    settings.SEND_HOLD_SECONDS = 10.0
    now = timezone.now()
    hold_answer(
        ticket,
        body="Wait.",
        qualified=True,
        submission_key=uuid.uuid4(),
        by=duty_lead,
        now=now - timedelta(seconds=11),
    )
    drawn_at = (now - timedelta(seconds=5)).isoformat()
    let_out_due_sendings()
    typed = {"act": "move", "move": "resolved", "words": "Solved."}
    assert "0 resolved, 1 refused." in words(send(desk, [ticket], drawn_at=drawn_at, **typed))
    drawn_at = timezone.now().isoformat()
    assert "1 resolved." in words(send(desk, [ticket], drawn_at=drawn_at, **typed))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"act": "assign", "reason": "kept words"}, "Choose an engineer."),
        ({"act": "move", "words": "kept words"}, "Choose a state."),
        ({"act": "assign", "to": "0", "reason": "kept words"}, "Select a valid choice."),
    ],
)
def test_a_form_that_lacks_something_comes_back_with_the_choice(
    desk: Client, ticket: Ticket, typed: dict[str, str], said: str
) -> None:
    response = send(desk, [ticket], **typed, _page="/queue/?severity=2")
    page = response.content.decode()

    assert response.status_code == 422
    assert said in words(response)
    assert "kept words" in page
    assert f'value="{ticket.number}" checked' in page
    assert 'name="_page" value="/queue/?severity=2"' in page
    assert kinds_of(ticket) == []


def test_a_resolution_is_said_to_the_customer_in_words(desk: Client, ticket: Ticket) -> None:
    response = send(desk, [ticket], act="move", move="resolved", words=" ")

    assert response.status_code == 422
    assert "Say what solved it" in words(response)


def test_nothing_chosen_takes_nothing_and_no_page_of_others_is_led_to(
    desk: Client, ticket: Ticket
) -> None:
    response = desk.post("/queue/selection/", {"_page": "//elsewhere.example/queue/"})

    assert response["Location"] == "/queue/"
    assert kinds_of(ticket) == []


def test_an_account_manager_takes_nothing_by_hand(
    client: Client, tam: User, ticket: Ticket
) -> None:
    client.force_login(tam)
    page = send(client, [ticket], act="take")

    assert "Only engineers take tickets." in words(page)
    assert kinds_of(ticket) == []


def test_a_foreign_ticket_is_as_one_that_is_not_there(
    client: Client, tam: User, foreign_contact: User, foreign_customer: Customer
) -> None:
    foreign = make_ticket(foreign_contact, foreign_customer, subject="secret")
    client.force_login(tam)
    page = words(send(client, [foreign], act="take"))

    assert f"{foreign.reference}: There is no such ticket." in page
    assert "secret" not in page


@pytest.mark.parametrize("sent", ["9" * 5000, "9" * 30, "²"])
def test_a_number_no_ticket_can_have_is_chosen_in_vain(desk: Client, sent: str) -> None:
    assert "Choose tickets first." in words(send(desk, [sent], act="take"))


def test_chosen_tickets_are_tagged_and_a_full_one_is_refused(
    desk: Client, ticket: Ticket, second: Ticket, engineer: User
) -> None:
    change_tags(second, add=[f"tag-{number}" for number in range(20)], by=engineer)
    change_tags(ticket, add=["old"], by=engineer)

    response = send(desk, [ticket, second], act="tag", add="Rule 7, driver", remove="old")

    assert (
        "1 changed: +rule-7, +driver, −old, 1 refused. What was refused is still selected. "
        f"{second.reference} Scanner stopped: A ticket has at most 20 tags." in words(response)
    )
    ticket.refresh_from_db()
    assert ticket.tags == ["driver", "rule-7"]
    assert EventKind.TAGGED in kinds_of(ticket)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({}, "Name a tag to put on or to take off."),
        ({"add": "!!!"}, "A tag needs letters or digits."),
        ({"remove": "x" * 41}, "A tag has at most 40 letters."),
    ],
)
def test_a_tag_that_is_none_is_refused_beside_its_field(
    desk: Client, ticket: Ticket, typed: dict[str, str], error: str
) -> None:
    response = send(desk, [ticket], act="tag", **typed)

    assert response.status_code == 422
    assert error in words(response)
    assert f'value="{ticket.number}" checked' in response.content.decode()
    assert Ticket.objects.get().tags == []


def test_an_analyst_or_manager_tags_no_ticket_of_others(
    client: Client, foreign_contact: User, foreign_customer: Customer, tam: User
) -> None:
    theirs = make_ticket(foreign_contact, foreign_customer)
    client.force_login(tam)

    response = send(client, [theirs], act="tag", add="mine")

    assert "There is no such ticket." in words(response)
    assert Ticket.objects.get().tags == []


def test_why_it_goes_back_into_the_queue_is_kept(
    desk: Client, ticket: Ticket, engineer: User
) -> None:
    take_ticket(ticket, by=engineer)
    send(desk, [ticket], act="move", move="released", words="Needs somebody with Linux.")
    assert ticket.events.get(kind=EventKind.RELEASED).reason == "Needs somebody with Linux."
    page = desk.get(reverse("ticket", args=[ticket.number]))
    assert "put it back into the queue: Needs somebody with Linux." in words(page)


def test_a_page_drawn_at_the_beginning_of_time_is_no_fault(desk: Client, ticket: Ticket) -> None:
    typed = {"act": "move", "move": "resolved", "words": "Mended."}
    assert send(desk, [ticket], drawn_at="0001-01-01T00:00:00Z", **typed).status_code == 200
