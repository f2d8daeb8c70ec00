"""The pages of customers' escalations: what each side reads and does there."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from entitlements.models import Contract, Customer
from entitlements.operations.contracts import add_seats
from notifications.models import Notice
from tests.factories.tickets import nothing_changes
from tests.tickets.views.reading import queries_of, words
from tickets.choices import EscalationEnd
from tickets.models import CustomerEscalation, Ticket
from tickets.operations.customer_escalation import escalate_account, escalate_as_customer
from tickets.operations.escalation_course import (
    answer_escalation,
    end_escalation,
    hand_over_escalation,
)
from tickets.operations.overdue_words import remind_of_overdue_words

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def escalation(ticket: Ticket, contact: User, duty_lead: User) -> CustomerEscalation:
    return escalate_as_customer(ticket, reason="Trucks are waiting.", by=contact)


@pytest.fixture
def of_account(customer: Customer, manager: User, duty_lead: User) -> CustomerEscalation:
    return escalate_account(customer, reason="Three outages.", by=manager)


def act(client: Client, name: str, escalation: CustomerEscalation, **typed: object) -> Any:
    return client.post(reverse(name, args=[escalation.pk]), typed)


def test_a_lead_answers_hands_over_and_ends_on_one_page(
    client: Client, escalation: CustomerEscalation, duty_lead: User, support_manager: User
) -> None:
    client.force_login(duty_lead)
    page = words(client.get(escalation.get_absolute_url()))
    assert "The customer hears by Tue 10 Mar, 12:00 ET." in page
    assert "Trucks are waiting." in page

    act(client, "escalation_answers", escalation, body="Mara has it.", next_word_in="4")
    page = words(client.get(escalation.get_absolute_url()))
    assert "The customer hears again by Tue 10 Mar, 15:00 ET." in page
    assert "Mara has it." in page

    act(client, "escalation_owner", escalation, to=support_manager.pk, reason="My shift ends.")
    assert "Ingrid Solberg owns it" in words(client.get(escalation.get_absolute_url()))

    act(client, "escalation_end", escalation, how="agreed", reason="We talked.")
    page = words(client.get(escalation.get_absolute_url()))
    assert "by Jonas Lindqvist: agreed with the customer. We talked." in page
    assert "Send the answer" not in page


@pytest.mark.parametrize(
    ("name", "typed", "error"),
    [
        ("escalation_answers", {"body": "", "next_word_in": "4"}, "Say what happens now."),
        ("escalation_answers", {"body": "Kept words", "next_word_in": "9"}, "9 is not one of"),
        ("escalation_owner", {"to": "", "reason": "Kept words"}, "Choose the new owner."),
        ("escalation_end", {"how": "agreed", "reason": ""}, "Say why it ends."),
        ("escalation_end", {"how": "withdrawn", "reason": "Kept words"}, "withdrawn is not one"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(
    client: Client,
    escalation: CustomerEscalation,
    duty_lead: User,
    name: str,
    typed: dict[str, str],
    error: str,
) -> None:
    client.force_login(duty_lead)
    with nothing_changes():
        response = act(client, name, escalation, **typed)

    assert response.status_code == 422
    assert error in words(response)
    if "Kept words" in typed.values():
        assert "Kept words" in response.content.decode()


def test_what_came_too_late_is_said_on_the_page_as_it_is_now(
    client: Client, escalation: CustomerEscalation, duty_lead: User
) -> None:
    end_escalation(escalation, how=EscalationEnd.AGREED, reason="We talked.", by=duty_lead)
    client.force_login(duty_lead)
    response = act(client, "escalation_answers", escalation, body="Too late.", next_word_in="4")

    assert response.status_code == 409
    assert "This escalation has ended." in words(response)


def test_the_customer_reads_who_has_it_and_withdraws_it(
    client: Client, escalation: CustomerEscalation, contact: User, duty_lead: User
) -> None:
    answer_escalation(
        escalation, body="Mara has **both** hosts.", next_word_in=4 * HOUR, by=duty_lead
    )
    client.force_login(contact)
    page = words(client.get(escalation.get_absolute_url()))
    assert "Jonas Lindqvist owns it and first answered" in page
    assert "You hear again by Tue 10 Mar, 15:00 ET." in page
    assert "Mara has both hosts." in page
    assert "Hand over" not in page
    assert not Notice.objects.unread().filter(recipient=contact, kind="help_answered").exists()

    with nothing_changes():
        assert act(client, "escalation_end", escalation, reason="").status_code == 422
    act(client, "escalation_end", escalation, reason="It works again.", how="solved")
    escalation.refresh_from_db()
    assert escalation.ended_how == EscalationEnd.WITHDRAWN


def test_who_may_not_do_it_is_refused(
    client: Client, escalation: CustomerEscalation, engineer: User, contact: User
) -> None:
    for person in (engineer, contact):
        client.force_login(person)
        with nothing_changes():
            for name, typed in (
                ("escalation_answers", {"body": "We look.", "next_word_in": "4"}),
                ("escalation_owner", {"to": "", "reason": ""}),
            ):
                assert act(client, name, escalation, **typed).status_code == 403
    client.force_login(engineer)
    response = act(client, "escalation_end", escalation, how="agreed", reason="Over.")
    assert response.status_code == 403


def test_nobody_learns_of_a_foreign_escalation(
    client: Client,
    escalation: CustomerEscalation,
    of_account: CustomerEscalation,
    foreign_contact: User,
    analyst: User,
) -> None:
    for person in (foreign_contact, analyst):
        client.force_login(person)
        for one in (escalation, of_account):
            assert client.get(one.get_absolute_url()).status_code == 404
            for name in ("escalation_answers", "escalation_owner", "escalation_end"):
                assert act(client, name, one).status_code == 404
        page = client.get(reverse("escalation_list"))
        assert "Nothing is escalated" in words(page)
        assert "Northwind" not in page.content.decode()


def test_a_person_who_sees_own_tickets_only_reads_nothing_of_the_accounts_escalation(
    client: Client, of_account: CustomerEscalation, contact: User, colleague: User
) -> None:
    client.force_login(colleague)
    assert client.get(of_account.get_absolute_url()).status_code == 404
    assert "escalated" not in words(client.get(reverse("home")))


def test_the_manager_escalates_the_whole_account_from_the_home_page(
    client: Client, ticket: Ticket, manager: User, contact: User, duty_lead: User
) -> None:
    client.force_login(manager)
    form = reverse("account_escalation", args=["northwind-logistics"])
    assert form in client.get(reverse("home")).content.decode()
    assert "Northwind Logistics, 1 open ticket" in words(client.get(form))
    with nothing_changes():
        assert client.post(form, {"reason": ""}).status_code == 422

    response = client.post(form, {"reason": "Three outages in a week."}, follow=True)
    assert "Northwind Logistics is escalated." in words(response)
    assert "Jonas Lindqvist owns it. You hear by Tue 10 Mar, 12:00 ET." in words(response)
    again = client.post(form, {"reason": "Typed words"})
    assert again.status_code == 409
    assert "Typed words" in again.content.decode()
    assert client.get(form).status_code == 302

    client.force_login(contact)
    home = words(client.get(reverse("home")))
    assert "Your whole account is escalated. Jonas Lindqvist owns it." in home
    assert "Escalate the whole account" not in home


def test_the_companys_history_keeps_what_is_for_colleagues_from_its_manager(
    client: Client,
    of_account: CustomerEscalation,
    customer: Customer,
    contract: Contract,
    manager: User,
    duty_lead: User,
    support_manager: User,
    administrator: User,
) -> None:
    add_seats(contract, amount=1, reason="Second warehouse.", by=administrator)
    remind_of_overdue_words(now=of_account.next_word_at + HOUR)
    hand_over_escalation(
        of_account, to=support_manager, reason="They shout; be firm.", by=duty_lead
    )

    client.force_login(duty_lead)
    page = words(client.get(reverse("customer", args=[customer.slug])))
    assert "They shout; be firm." in page
    assert "account escalation without word" in page

    client.force_login(manager)
    page = words(client.get(reverse("company_history", args=[customer.slug])))
    assert "Owner: Jonas Lindqvist → Ingrid Solberg" in page
    assert "They shout; be firm." not in page
    assert "without word" not in page
    for told in ("Three outages.", "Second warehouse."):
        assert told in page


def test_staff_see_and_escalate_the_account_on_the_customers_page(
    client: Client, customer: Customer, engineer: User, tam: User, duty_lead: User
) -> None:
    page = reverse("customer", args=[customer.slug])
    client.force_login(engineer)
    assert "Escalate the whole account" not in words(client.get(page))
    client.force_login(tam)
    assert "Escalate the whole account" in words(client.get(page))
    client.post(
        reverse("account_escalation", args=[customer.slug]), {"reason": "The renewal is at risk."}
    )

    client.force_login(engineer)
    text = words(client.get(page))
    assert "The whole account is escalated. Jonas Lindqvist owns it." in text
    assert "account escalated" in text  # in the customer's history


def test_the_list_shows_owner_age_and_next_word_with_the_nearest_first(
    client: Client,
    escalation: CustomerEscalation,
    of_account: CustomerEscalation,
    duty_lead: User,
    tuesday: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer_escalation(escalation, body="Mara has it.", next_word_in=8 * HOUR, by=duty_lead)
    monkeypatch.setattr("django.utils.timezone.now", lambda: tuesday + 2 * HOUR)
    client.force_login(duty_lead)
    page = words(client.get(reverse("escalation_list")))

    account, own = page.index("The whole account"), page.index("Label printer quarantined")
    assert account < own
    assert "Tue 10 Mar, 12:00, passed first answer" in page
    assert "Tue 10 Mar, 19:00" in page


def test_the_customers_list_has_what_ended_too(
    client: Client, escalation: CustomerEscalation, contact: User
) -> None:
    end_escalation(escalation, how=EscalationEnd.WITHDRAWN, reason="It works.", by=contact)
    client.force_login(contact)
    page = words(client.get(reverse("escalation_list")))

    assert "Nothing is escalated" in page
    assert "Withdrawn by the customer It works." in page


def test_the_list_takes_as_many_queries_for_twenty_as_for_one(
    client: Client, escalation: CustomerEscalation, duty_lead: User
) -> None:
    client.force_login(duty_lead)
    with_one = queries_of(client, reverse("escalation_list"))
    ticket, asked_by = escalation.ticket, escalation.asked_by
    assert ticket is not None
    for number in range(19):
        CustomerEscalation.objects.create(
            customer=ticket.customer,
            ticket=Ticket.objects.create(
                **{
                    field.attname: getattr(ticket, field.attname)
                    for field in ticket._meta.concrete_fields
                    if field.attname
                    in {
                        "customer_id",
                        "edition_id",
                        "service_level_id",
                        "subject",
                        "description",
                        "severity",
                        "asked_severity",
                        "filed_by_id",
                        "submitted_by_id",
                        "filed_at",
                        "updated_at",
                    }
                },
                number=90000 + number,
                kind="break_fix",
            ),
            reason="Trucks.",
            asked_by=asked_by,
            asked_at=ticket.filed_at,
            owner=duty_lead,
            owned_at=ticket.filed_at,
            next_word_at=ticket.filed_at,
        )
    assert queries_of(client, reverse("escalation_list")) == with_one
