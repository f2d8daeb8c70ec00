"""What people read of their notices once they may no longer see what these are about."""

import pytest
from django.test import Client

from accounts.models import User
from entitlements.models import Customer, Membership
from entitlements.operations.customers import remove_person
from notifications.models import Notice
from notifications.operations import notify
from tests.factories.tickets import TUESDAY, make_ticket
from tests.programs import program_of
from tickets.models import Ticket
from tickets.operations.conversation import answer_ticket
from tickets.operations.watching import add_watcher, remove_watcher

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contract")]


def test_who_leaves_one_company_reads_nothing_more_of_it_and_keeps_the_rest(
    client: Client,
    contact: User,
    customer: Customer,
    foreign_contact: User,
    foreign_customer: Customer,
    engineer: User,
    administrator: User,
) -> None:
    Membership.objects.create(user=contact, customer=foreign_customer, sees_company=True)
    own = make_ticket(contact, customer)
    other = make_ticket(foreign_contact, foreign_customer)
    add_watcher(other, contact, by=foreign_contact)
    for ticket, body in ((own, "Northwind’s plan"), (other, "Eastgate’s plan")):
        answer_ticket(ticket, body=body, qualified=True, by=engineer)
    untold = notify([contact], key="any", kind="test", subject="Of no ticket", body="Text.")[0]
    answered = Notice.objects.get(recipient=contact, kind="answered", thread=thread_of(own))
    client.force_login(contact)
    page = client.get("/notices/").content.decode()
    assert "Northwind’s plan" in page
    assert "Eastgate’s plan" in page

    remove_person(contact.memberships.get(customer=customer), by=administrator)

    unread = Notice.objects.filter(recipient=contact, read_at=None)
    home = client.get("/tickets/").content.decode()
    assert f"Notices, {unread.count()} new" in home
    assert not unread.filter(thread=thread_of(own)).exists()
    for address in ("/notices/", "/notices/?show=unread", "/api/v1/notices/"):
        page = client.get(address).content.decode()
        assert "Northwind’s plan" not in page
        assert "Eastgate’s plan" in page
        assert untold.subject in page
    assert client.post(f"/notices/{answered.pk}/").status_code == 404
    assert program_of(contact).post(f"/api/v1/notices/{answered.pk}/reading/").status_code == 404


def test_the_list_counts_nothing_as_new_that_it_does_not_show(
    client: Client, contact: User, customer: Customer, engineer: User
) -> None:
    """However sight was lost: here past every operation."""
    ticket = make_ticket(contact, customer)
    answer_ticket(ticket, body="Northwind’s plan", qualified=True, by=engineer)
    client.force_login(contact)
    assert "Nothing new" not in client.get("/notices/").content.decode()
    contact.memberships.update(left_at=TUESDAY)
    page = client.get("/notices/").content.decode()
    assert "Northwind’s plan" not in page
    assert "Nothing new" in page


def test_who_gets_no_copies_any_more_has_nothing_new_of_the_ticket(
    contact: User, colleague: User, customer: Customer, engineer: User
) -> None:
    ticket = make_ticket(contact, customer)
    add_watcher(ticket, colleague, by=contact)
    answer_ticket(ticket, body="Look at the logs.", qualified=True, by=engineer)
    unread = Notice.objects.filter(recipient=colleague, thread=thread_of(ticket), read_at=None)
    assert unread.exists()

    remove_watcher(ticket, colleague, by=contact)

    assert not unread.exists()


def thread_of(ticket: Ticket) -> str:
    return f"ticket:{ticket.number}"
