"""The company's home. Times and figures from the catalogue."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Contract, Customer, Membership
from entitlements.operations.incidents import debit_incident
from tests.factories import entitlements as factory
from tests.tickets.views.reading import queries_of, words
from tickets.choices import TicketKind
from tickets.models import Ticket
from tickets.operations.conversation import answer_ticket, write_note
from tickets.operations.filing import file_ticket
from tickets.operations.lifecycle import close_ticket, resolve_ticket

pytestmark = pytest.mark.django_db


def file(customer: Customer, by: User, now: datetime, number: int = 0) -> Ticket:
    return file_ticket(
        customer=customer,
        by=by,
        kind=TicketKind.BREAK_FIX,
        severity=Severity.LOW,
        subject=f"A question {number}",
        description="How do we do it?",
        now=now,
    )


def test_home_leads_the_signed_out_to_the_sign_in_page(client: Client) -> None:
    response = client.get("/")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/"


def test_home_takes_no_post(client: Client, contact: User) -> None:
    client.force_login(contact)
    assert client.post("/").status_code == 405


def test_home_leads_staff_to_the_queue(client: Client, engineer: User) -> None:
    client.force_login(engineer)
    response = client.get("/")
    assert (response.status_code, response["Location"]) == (302, "/queue/")


def test_home_tells_somebody_of_no_company_what_to_do(client: Client) -> None:
    client.force_login(User.objects.create_user("a@b.example", None, name="Nobody"))
    response = client.get("/")
    assert response.status_code == 200
    assert "You belong to no company yet" in words(response)


def test_home_shows_plan_seats_and_what_is_left(
    client: Client, contact: User, contract: Contract, tuesday: datetime
) -> None:
    debit_incident(contract, ticket_number=1, by=contact, now=tuesday)
    client.force_login(contact)
    text = words(client.get("/"))
    assert "MSA Business" in text
    assert "C-2026-0417" in text
    assert "31 Dec 2026 in 296 days" in text  # 10 March to 31 December
    assert "35 of 36 left" in text
    assert "Technical contacts 1 of 4" in text
    assert "Ines Duarte" in text
    assert "Your technical account manager" in text


def test_home_says_in_words_that_incidents_are_unlimited(
    client: Client, foreign_contact: User, tuesday: datetime
) -> None:
    client.force_login(foreign_contact)
    assert "Unlimited 0 used" in words(client.get("/"))


def test_home_is_open_within_every_window(client: Client, contact: User, tuesday: datetime) -> None:
    client.force_login(contact)
    text = words(client.get("/"))
    assert "We are open. Every severity is covered now." in text
    assert "Business hours end today at 19:00 ET." in text
    assert "Critical, 24×7" in text
    assert "High, Medium, Low, Mon–Fri 09:00–19:00 ET" in text
    assert "Break/fix, Mon–Fri 10:00–17:00 ET" in text


def test_home_says_on_a_saturday_what_is_covered_and_when_we_are_back(
    client: Client, contact: User, saturday: datetime
) -> None:
    client.force_login(contact)
    text = words(client.get("/"))
    assert "Business hours are over. Critical is still covered." in text
    assert "We are back Mon 16 Mar, 09:00 ET." in text
    assert "New High, Medium and Low tickets start counting then." in text
    assert "your phone call" not in text  # MSA Business has no such rule


def test_home_tells_enterprise_that_a_call_starts_the_clock(
    client: Client, foreign_contact: User, saturday: datetime
) -> None:
    client.force_login(foreign_contact)
    text = words(client.get("/"))
    assert "Critical and High are still covered." in text
    assert "Critical and High start with your phone call." in text


def test_home_on_standard_has_one_lane_and_no_pin(
    client: Client, catalogue: object, saturday: datetime
) -> None:
    customer = factory.make_customer("Lakeside Schools")
    client.force_login(factory.make_person(customer, "Sam Lake").user)
    text = words(client.get("/"))
    assert "We are closed now." in text
    assert "We are back Mon 16 Mar, 10:00 ET. We read new tickets then." in text
    assert "All severities, Mon–Fri 10:00–17:00 ET" in text
    assert "Standard Support" in text
    assert "Incident PIN" not in text


def test_home_shows_a_pin_to_its_holder_only(
    client: Client, contact: User, colleague: User, tuesday: datetime
) -> None:
    pin = Membership.objects.get(user=contact).caller_pin
    client.force_login(contact)
    assert f"{pin[:3]} {pin[3:]}" in words(client.get("/"))
    client.force_login(colleague)
    response = client.get("/")
    assert pin not in response.content.decode()
    assert f"{pin[:3]} {pin[3:]}" not in words(response)


def test_home_marks_a_holiday_in_the_week_ahead(
    client: Client, contact: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Mon 25 May 2026 is Memorial Day; it is Fri 22 May, 20:00 ET.
    friday = datetime.fromisoformat("2026-05-23T00:00:00+00:00")
    monkeypatch.setattr("django.utils.timezone.now", lambda: friday)
    client.force_login(contact)
    text = words(client.get("/"))
    assert "We are back Tue 26 May, 09:00 ET." in text
    assert "closed" in text


def test_home_shows_what_waits_for_the_reader_first(
    client: Client, ticket: Ticket, contact: User, engineer: User, tuesday: datetime
) -> None:
    other = file(ticket.customer, contact, tuesday, 7)
    answer_ticket(
        other, body="Which build?", qualified=True, wait_for_customer=True, by=engineer, now=tuesday
    )
    client.force_login(contact)
    text = words(client.get("/"))
    waiting, ours = text.index("Waiting for you"), text.index("With us")
    assert waiting < text.index("A question 7") < ours < text.index("Label printer quarantined")
    assert "Answer by Tue 10 Mar, 19:00 ET" in text


def test_home_shows_what_was_solved_lately(
    client: Client, ticket: Ticket, contact: User, engineer: User, tuesday: datetime
) -> None:
    resolve_ticket(ticket, resolution="Fixed in build 8812.", by=engineer, now=tuesday)
    client.force_login(contact)
    text = words(client.get("/"))
    assert "Nothing is open" in text
    lately = text.index("Solved and closed in the last 14 days")
    assert lately < text.index("Label printer quarantined")


def test_home_leaves_out_what_ended_long_ago_whatever_happens_to_it_now(
    client: Client, ticket: Ticket, contact: User, engineer: User, tuesday: datetime
) -> None:
    long_ago = tuesday - timedelta(days=20)
    resolve_ticket(ticket, resolution="Fixed in build 8812.", by=engineer, now=long_ago)
    close_ticket(ticket, by=contact, now=long_ago + timedelta(days=1))
    write_note(ticket, body="Seen again elsewhere.", by=engineer, now=tuesday)
    client.force_login(contact)
    assert "Solved and closed" not in words(client.get("/"))


def test_home_shows_a_portal_user_only_what_is_theirs(
    client: Client, ticket: Ticket, colleague: User
) -> None:
    client.force_login(colleague)
    assert "Label printer quarantined" not in words(client.get("/"))


def test_company_home_of_others_is_not_found(
    client: Client, contact: User, foreign_customer: Customer
) -> None:
    client.force_login(contact)
    assert client.get(f"/companies/{foreign_customer.slug}/").status_code == 404


def test_company_home_is_remembered(
    client: Client, contact: User, foreign_customer: Customer, foreign_contract: Contract
) -> None:
    Membership.objects.create(user=contact, customer=foreign_customer)
    client.force_login(contact)
    first = words(client.get("/"))
    assert "Company: Eastgate Hospitals" in first
    client.get("/companies/northwind-logistics/")
    assert "Company: Northwind Logistics" in words(client.get("/"))


def test_home_says_that_a_contract_ends_soon(
    client: Client, catalogue: object, customer: Customer, tuesday: datetime
) -> None:
    contract = factory.make_contract(
        customer, starts_on=date(2025, 4, 1), ends_on=date(2026, 3, 31)
    )
    client.force_login(factory.make_contact(contract, "Priya Raman").membership.user)
    assert "Ends soon" in words(client.get("/"))


def test_home_takes_as_many_queries_for_twenty_tickets_as_for_one(
    client: Client, contact: User, customer: Customer, contract: Contract, tuesday: datetime
) -> None:
    client.force_login(contact)
    file(customer, contact, tuesday)
    one = queries_of(client, "/")
    for number in range(19):
        file(customer, contact, tuesday - timedelta(minutes=number), number)
    # Two of them are the session and the reader; the cache does not count on being there.
    assert queries_of(client, "/") == one <= 17


def test_a_notice_about_a_company_leads_its_account_manager_to_their_page_of_it(
    client: Client, customer: Customer, tam: User
) -> None:
    client.force_login(tam)
    response = client.get("/companies/northwind-logistics/", follow=True)
    assert response.status_code == 200
    assert response.redirect_chain == [("/customers/northwind-logistics/", 302)]
