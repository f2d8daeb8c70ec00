"""Internal notes reach no customer: by no address of the portal, by no notice, by no file.

The addresses come from the URL resolver, so that a page added tomorrow is asked too.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.choices import Role
from accounts.models import User
from entitlements.models import Customer, Membership
from notifications.models import Notice
from tests.factories.entitlements import make_person, make_staff_member
from tests.factories.tickets import TUESDAY, make_ticket
from tickets.models import Attachment, Ticket
from tickets.operations.assignment import assign_ticket, take_ticket
from tickets.operations.conversation import answer_ticket, write_message, write_note
from tickets.operations.lifecycle import resolve_ticket

pytestmark = pytest.mark.django_db

CANARY = "Zaunkoenig"
CUSTOMERS = ("contact", "colleague", "manager", "foreign_contact", "foreign_manager", "")


@pytest.fixture
def foreign_manager(foreign_customer: Customer) -> User:
    return make_person(foreign_customer, "Nora Lind", is_manager=True).user


@pytest.fixture
def ticket(contact: User, customer: Customer, engineer: User, duty_lead: User) -> Ticket:
    """A ticket with everything on it, and the canary in each place only staff may read."""
    hour = timedelta(hours=1)
    ticket = make_ticket(contact, customer)
    take_ticket(ticket, by=engineer, now=TUESDAY + hour)
    write_note(
        ticket,
        body=f"{CANARY}: our rule 7 is too wide.",
        by=engineer,
        files=[SimpleUploadedFile(f"{CANARY}.txt", CANARY.encode())],
        now=TUESDAY + hour,
    )
    answer_ticket(ticket, body="We look.", qualified=True, by=engineer, now=TUESDAY + 2 * hour)
    write_message(ticket, body="Thank you.", by=contact, now=TUESDAY + 3 * hour)
    write_note(ticket, body=f"Again {CANARY}.", by=duty_lead, now=TUESDAY + 3 * hour)
    resolve_ticket(ticket, resolution="Update.", by=engineer, now=TUESDAY + 4 * hour)
    return ticket


def patterns(
    found: list[URLPattern | URLResolver], before: str = ""
) -> Iterator[tuple[str, URLPattern]]:
    for one in found:
        if isinstance(one, URLResolver):
            yield from patterns(one.url_patterns, before + str(one.pattern))
        else:
            yield before + str(one.pattern), one


def addresses(ticket: Ticket) -> list[str]:
    """Every address of the portal, with what is on this ticket put into its gaps."""
    numbers = {
        *ticket.messages.values_list("pk", flat=True),
        *ticket.notes.values_list("pk", flat=True),
        *Attachment.objects.values_list("pk", flat=True),
        *Notice.objects.values_list("pk", flat=True),
        ticket.pk,
        ticket.customer_id,
    }
    made = []
    for route, _ in patterns(get_resolver().url_patterns):
        if "^" in route or "<path:" in route:
            continue  # sign-in addresses with a secret in them
        filled = (
            route.replace("<int:number>", str(ticket.number))
            .replace("<slug:number>", str(ticket.contract))
            .replace("<slug:slug>", ticket.customer.slug)
            .replace("<slug:key>", "msa-business")
            .replace("<str:token>", "x" * 40)
            .replace("<slug:secret>", "x" * 40)
            .replace("<slug:form>", "csv")
            .replace("<slug:figure>", "kept")
            .replace("<int:call>", "1")
            .replace("<uuid:key>", "0" * 8 + "-0000-4000-8000-" + "0" * 12)
        )
        gap = re.search(r"<int:(pk|key|message)>", filled)
        made += (
            [f"/{filled.replace(gap[0], str(number))}" for number in sorted(numbers)]
            if gap
            else [f"/{filled}"]
        )
    assert not [address for address in made if "<" in address]
    return made


def content(response: Any) -> str:
    sent: bytes = response.getvalue() if response.streaming else response.content
    headers = " ".join(response.headers.values())
    return sent.decode(errors="replace") + headers


@pytest.mark.parametrize("role", CUSTOMERS)
def test_no_address_of_the_portal_shows_a_note_to_a_customer(
    client: Client, ticket: Ticket, role: str, request: pytest.FixtureRequest
) -> None:
    reader = request.getfixturevalue(role) if role else None
    asked = 0
    for address in addresses(ticket):
        if reader is not None and SESSION_KEY not in client.session:
            client.force_login(reader)  # one of the addresses signs out
        for query in ("", f"?q={CANARY[:-1]}", "?format=json"):
            asked += 1
            response = client.get(address + query)
            assert CANARY not in content(response), address
            if response.status_code == 404:
                break  # What is not there is not there with words behind it.
    assert asked > 100


def test_a_customer_who_searches_for_a_note_finds_no_ticket(
    client: Client, ticket: Ticket, contact: User
) -> None:
    client.force_login(contact)

    assert ticket.subject in content(
        client.get(reverse("ticket_list") + "?state=all&q=quarantined")
    )
    assert ticket.subject not in content(
        client.get(f"{reverse('ticket_list')}?state=all&q={CANARY}")
    )


def test_no_notice_carries_a_note(ticket: Ticket) -> None:
    assert Notice.objects.exists()
    assert not Notice.objects.filter(body__contains=CANARY).exists()
    assert not Notice.objects.filter(subject__contains=CANARY).exists()
    assert not Notice.objects.filter(kind="noted").exists()


def test_a_refused_form_of_a_customer_shows_no_note(
    client: Client, ticket: Ticket, contact: User
) -> None:
    client.force_login(contact)
    for name in ("ticket_messages", "ticket_reopening", "ticket_escalation"):
        response = client.post(reverse(name, args=[ticket.number]), {})
        assert response.status_code in {409, 422}
        assert CANARY not in response.content.decode()


def test_staff_read_the_notes_and_their_files(
    client: Client, ticket: Ticket, engineer: User
) -> None:
    client.force_login(engineer)
    page = content(client.get(ticket.get_absolute_url()))
    file = Attachment.objects.get(note__isnull=False)

    assert f"{CANARY}: our rule 7 is too wide." in page
    assert f"Again {CANARY}." in page
    assert CANARY in content(client.get(file.url))


def test_somebody_on_both_sides_reads_no_note_of_a_company_they_only_belong_to(
    client: Client, ticket: Ticket, tam: User, foreign_customer: Customer
) -> None:
    """An account manager of nobody here who is also a portal user of the company."""
    customer = ticket.customer
    customer.tam = None
    customer.save()
    customer.memberships.create(user=tam, sees_company=True)
    client.force_login(tam)

    assert CANARY not in content(client.get(ticket.get_absolute_url()))


def test_staff_who_only_belong_to_the_company_read_it_as_its_people_do(
    client: Client, contact: User, customer: Customer, engineer: User
) -> None:
    other = make_staff_member("Jan Novak", Role.ENGINEER)
    account_manager_of_others = make_staff_member("Ruth Adler", Role.TAM)
    Membership.objects.create(user=account_manager_of_others, customer=customer, sees_company=True)
    ticket = make_ticket(contact, customer)
    assign_ticket(ticket, to=other, by=engineer, reason="Handed over: difficult customer.")
    client.force_login(account_manager_of_others)
    for path in (f"/tickets/{ticket.number}/", f"/api/v1/tickets/{ticket.number}/events/"):
        page = client.get(path)
        assert page.status_code == 200
        assert "difficult customer" not in page.content.decode()
