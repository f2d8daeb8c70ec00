"""Mentions: a colleague who sees the ticket is told; a customer's person never is."""

import pytest
from django.test import Client

from accounts.choices import Role
from accounts.models import User
from entitlements.models import Customer
from notifications.models import Notice
from tests.factories import entitlements as people
from tests.factories.tickets import make_ticket, newest_event, told_of
from tests.tickets.views.reading import words
from tickets.mentions import mentioned_in
from tickets.models import Ticket
from tickets.operations.conversation import write_note

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


def test_who_is_mentioned_is_told_and_stands_on_the_event(
    ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    write_note(ticket, body="@jonas lindqvist, can you look?", by=engineer)

    event = newest_event(ticket)
    assert event.details["mentioned"] == ["Jonas Lindqvist"]
    assert told_of(event) == {"Jonas Lindqvist"}
    notice = Notice.objects.get(recipient=duty_lead)
    assert "Mara Kovac mentioned you" in notice.subject


def test_a_customers_person_is_never_mentioned(
    ticket: Ticket, engineer: User, contact: User
) -> None:
    write_note(ticket, body="@Priya Raman will not read this", by=engineer)

    assert "mentioned" not in newest_event(ticket).details
    assert not Notice.objects.filter(recipient=contact, kind="noted").exists()


def test_a_colleague_who_does_not_see_the_ticket_is_nobody_here(
    ticket: Ticket, engineer: User, analyst: User
) -> None:
    other = people.make_staff_member("Wanjiru Kamau", Role.TAM)

    assert mentioned_in(f"@{analyst.name} @{other.name}", ticket) == []


def test_the_account_manager_of_the_customer_can_be_mentioned(ticket: Ticket, tam: User) -> None:
    assert mentioned_in("Ask (@Ines Duarte).", ticket) == [tam]


def test_writers_do_not_tell_themselves(ticket: Ticket, engineer: User) -> None:
    write_note(ticket, body="@Mara Kovac was here", by=engineer)

    assert told_of(newest_event(ticket)) == set()


def test_a_longer_name_does_not_mention_the_shorter_one(ticket: Ticket, engineer: User) -> None:
    ann = people.make_staff_member("Ann Lee", Role.ENGINEER)
    smith = people.make_staff_member("Ann Lee-Smith", Role.ENGINEER)

    assert mentioned_in("@Ann Lee-Smith", ticket) == [smith]
    assert mentioned_in("@Ann Lee and @Ann Lee-Smith", ticket) == [ann, smith]
    assert mentioned_in("mail ann@Ann Lee, or @Ann Leek", ticket) == []


def test_a_note_without_a_mention_asks_for_nobody(
    ticket: Ticket, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]  # the fixture is a function
        assert mentioned_in("No sign of anybody", ticket) == []


def test_the_page_says_who_was_told(
    client: Client, ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    write_note(ticket, body="@Jonas Lindqvist please", by=engineer)
    client.force_login(engineer)

    assert "Told Jonas Lindqvist" in words(client.get(ticket.get_absolute_url()))


def test_the_script_is_given_colleagues_and_no_customer(
    client: Client, ticket: Ticket, engineer: User, duty_lead: User, contact: User, manager: User
) -> None:
    client.force_login(engineer)
    told = client.get(f"/tickets/{ticket.number}/colleagues/").json()["people"]
    assert {"Jonas Lindqvist", "Ines Duarte"} <= {one["name"] for one in told}
    assert not {"Priya Raman", "Elena Brandt", "Mara Kovac"} & {one["name"] for one in told}

    client.force_login(contact)
    assert client.get(f"/tickets/{ticket.number}/colleagues/").status_code == 404


def test_the_preview_is_drawn_by_the_cleaner(client: Client, contact: User) -> None:
    client.force_login(contact)
    drawn = client.post("/preview/", {"body": "**now** <script>alert(1)</script>"})

    assert "<strong>now</strong>" in drawn.content.decode()
    assert "<script" not in drawn.content.decode()
    assert "Nothing is written yet." in words(client.post("/preview/", {"body": " "}))
