"""My work: whose turn it is, what was given to me, what the team has."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import Role
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from sla.choices import DutyRole
from sla.operations.shifts import add_shift
from tests.factories import entitlements as people
from tests.factories.tickets import make_ticket
from tests.tickets.views.reading import element, queries_of, words
from tickets.choices import TicketKind
from tickets.models import Ticket
from tickets.my_work import end_of_day, own_tickets
from tickets.operations.assignment import assign_ticket, take_ticket
from tickets.operations.conversation import answer_ticket
from tickets.operations.customer_escalation import escalate_as_customer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday", "contract")]


@pytest.fixture
def other(db: None) -> User:
    return people.make_staff_member("Jan Novak", Role.ENGINEER)


def test_own_tickets_stand_by_whose_turn_it_is(
    desk: Client, contact: User, customer: Customer, engineer: User, other: User, tuesday: datetime
) -> None:
    def mine(subject: str, **given: Any) -> Ticket:
        ticket = make_ticket(contact, customer, subject=subject, now=tuesday, **given)
        return take_ticket(ticket, by=engineer)

    mine("Breaks at seven")  # High on MSA Business: due at 19:00 ET today.
    mine("Low and later", kind=TicketKind.BREAK_FIX, severity=Severity.LOW)
    asked = mine("Asked them", kind=TicketKind.BREAK_FIX, severity=Severity.LOW)
    answer_ticket(asked, body="Which one?", qualified=False, wait_for_customer=True, by=engineer)
    take_ticket(make_ticket(contact, customer, subject="Of another"), by=other)

    page = desk.get(reverse("my_work"))

    assert "Breaks at seven" in element(page, "today")
    assert "Of another" not in words(page)
    own = own_tickets(engineer, tuesday)
    assert [ticket.subject for ticket in own.breaking_today] == ["Breaks at seven"]
    assert [ticket.subject for ticket in own.own_turn] == ["Low and later"]
    assert [ticket.subject for ticket in own.others_turn] == ["Asked them"]


def test_today_ends_at_midnight_where_the_reader_is(tuesday: datetime) -> None:
    # 11:00 in New York, daylight time: midnight is 04:00 UTC.
    with timezone.override("America/New_York"):
        assert end_of_day(tuesday) == datetime(2026, 3, 11, 4, 0, tzinfo=UTC)


def test_what_was_handed_over_stands_with_the_word_that_came_with_it(
    desk: Client, contact: User, customer: Customer, engineer: User, other: User
) -> None:
    ticket = take_ticket(make_ticket(contact, customer), by=other)
    assign_ticket(ticket, to=engineer, reason="The log is with them.", by=other)
    gone = take_ticket(make_ticket(contact, customer, subject="Gone on"), by=other)
    assign_ticket(gone, to=engineer, reason="For a moment.", by=other)
    assign_ticket(gone, to=other, reason="Back.", by=engineer)

    page = words(desk.get(reverse("my_work")))

    assert "The log is with them." in page
    assert "Jan Novak" in page
    assert "For a moment." not in page


def test_what_went_to_and_fro_stands_once_with_the_last_word(
    desk: Client, contact: User, customer: Customer, engineer: User, other: User
) -> None:
    ticket = make_ticket(contact, customer)
    assign_ticket(ticket, to=engineer, reason="Please look.", by=other)
    assign_ticket(ticket, to=other, reason="Not mine.", by=engineer)
    assign_ticket(ticket, to=engineer, reason="It is.", by=other)

    page = words(desk.get(reverse("my_work")))

    assert "It is." in page
    assert "Please look." not in page


def test_a_lead_sees_own_escalations_who_is_on_duty_and_everybodys_load(
    client: Client,
    contact: User,
    customer: Customer,
    engineer: User,
    other: User,
    duty_lead: User,
    administrator: User,
    tuesday: datetime,
) -> None:
    add_shift(
        person=other,
        duty=DutyRole.ENGINEER,
        starts_at=tuesday + timedelta(minutes=1),
        ends_at=tuesday + timedelta(hours=2),
        zone="America/New_York",
        by=administrator,
    )
    ticket = take_ticket(make_ticket(contact, customer), by=engineer)
    escalate_as_customer(ticket, reason="We need a plan.", by=contact)
    client.force_login(duty_lead)

    page = client.get(reverse("my_work"))

    assert ticket.subject in element(page, "escalations")
    load = words(page).split("The team’s load")[1]
    assert load.index("Mara Kovac") < load.index("Jan Novak")
    assert "Mara Kovac 0 0 1 0 1" in load
    assert "Nobody. Escalations go to everybody" in words(page)


def test_a_lead_sees_whose_customers_wait_for_a_promised_word(
    client: Client,
    contact: User,
    customer: Customer,
    engineer: User,
    duty_lead: User,
    support_manager: User,
    tuesday: datetime,
) -> None:
    ticket = take_ticket(make_ticket(contact, customer), by=engineer)
    # The first word is due within the hour; it was escalated two hours ago.
    escalate_as_customer(
        ticket, reason="We need a plan.", by=contact, now=tuesday - timedelta(hours=2)
    )
    owner = ticket.escalations.get().owner
    other_lead = support_manager if owner == duty_lead else duty_lead
    client.force_login(other_lead)
    page = client.get(reverse("my_work"))
    unheard = element(page, "unheard")
    assert all(words in unheard for words in (ticket.subject, str(customer), str(owner)))
    assert "You own no escalation." in words(page)

    client.force_login(engineer)
    assert "Customers waiting for our word" not in words(client.get(reverse("my_work")))


def test_an_engineer_is_shown_no_load_of_others(desk: Client) -> None:
    page = words(desk.get(reverse("my_work")))

    assert "The team’s load" not in page
    assert "You have no open ticket" in page


def test_customers_find_nothing_there(client: Client, contact: User) -> None:
    client.force_login(contact)

    assert client.get(reverse("my_work")).status_code == 404


def test_it_takes_at_most_eleven_queries(
    client: Client, contact: User, customer: Customer, duty_lead: User, engineer: User
) -> None:
    client.force_login(duty_lead)
    ticket = take_ticket(make_ticket(contact, customer), by=engineer)
    assign_ticket(ticket, to=duty_lead, reason="For you.", by=engineer)
    one = queries_of(client, reverse("my_work"))
    for _ in range(3):
        more = take_ticket(make_ticket(contact, customer), by=engineer)
        assign_ticket(more, to=duty_lead, reason="And this.", by=engineer)

    assert queries_of(client, reverse("my_work")) == one
    assert one <= 11


def test_who_is_no_engineer_any_more_still_stands_with_what_they_hold(
    client: Client, contact: User, customer: Customer, other: User, duty_lead: User
) -> None:
    ticket = take_ticket(make_ticket(contact, customer), by=other)
    User.objects.filter(pk=other.pk).update(roles=[])
    client.force_login(duty_lead)

    load = words(client.get(reverse("my_work"))).split("The team’s load")[1]
    assert "Jan Novak, no longer an engineer 0 0 1 0 1" in load
    listed = client.get(reverse("queue"), {"assignee": other.pk})
    assert ticket.subject in words(listed)
    assert "narrows nothing" not in words(listed)
    # Nobody gives them another.
    bar = listed.content.decode().split('name="to"')[1].split("</select>")[0]
    assert "Jan Novak" not in bar


def test_more_than_the_page_shows_are_counted(
    client: Client,
    contact: User,
    customer: Customer,
    duty_lead: User,
    tuesday: datetime,
) -> None:
    for number in range(9):
        escalate_as_customer(
            make_ticket(contact, customer, subject=f"Escalated {number}"),
            reason="We need a plan.",
            by=contact,
            now=tuesday - timedelta(hours=2),
        )
    client.force_login(duty_lead)
    page = client.get(reverse("my_work"))
    assert "Customers waiting for our word 8 of 9" in words(page)
