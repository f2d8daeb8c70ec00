"""The pages of outbreaks; and that no customer learns of one, or of another customer, anywhere."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from notifications.models import Notice, Webhook, WebhookCall
from notifications.sealing import seal
from notifications.signing import new_secret
from notifications.webhook_events import CUSTOMER_EVENTS, customer_owner
from tests.factories.tickets import make_ticket
from tests.programs import program_of
from tests.tickets.views.reading import queries_of, words
from tickets.choices import TicketKind
from tickets.models import Outbreak, Ticket
from tickets.operations.conversation import answer_ticket
from tickets.operations.lifecycle import close_ticket, resolve_ticket
from tickets.operations.outbreaks import (
    broadcast_answer,
    end_outbreak,
    join_outbreak,
    open_outbreak,
)

pytestmark = pytest.mark.django_db

CANARY = "Zaunkoenig"


@pytest.fixture
def foreign(foreign_contact: User, foreign_customer: Customer) -> Ticket:
    return make_ticket(foreign_contact, foreign_customer, subject="Eastgate subject")


@pytest.fixture
def outbreak(ticket: Ticket, foreign: Ticket, engineer: User) -> Outbreak:
    found, _ = open_outbreak(
        title=CANARY, summary=f"{CANARY} is behind it.", tickets=[ticket, foreign], by=engineer
    )
    return found


def post(client: Client, name: str, outbreak: Outbreak, *more: int, **typed: Any) -> Any:
    return client.post(reverse(name, args=[outbreak.pk, *more]), typed, follow=True)


def sent(**given: Any) -> dict[str, Any]:
    return {
        "body": "We withdrew the update.",
        "answer_kind": "qualified",
        "submission_key": str(uuid.uuid4()),
        **given,
    }


def test_an_outbreak_is_opened_with_the_tickets_chosen_in_the_queue(
    desk: Client, ticket: Ticket, foreign: Ticket
) -> None:
    page = desk.post(
        reverse("outbreak_selection"), {"ticket": [ticket.number, foreign.number]}, follow=True
    )
    assert f"{ticket.number},{foreign.number}" in page.content.decode()
    form = {
        "title": "Update 4711",
        "summary": "x",
        "tickets": f"{ticket.number},{foreign.number}",
        "submission_key": page.context["form"]["submission_key"].value(),
    }
    assert f'value="{form["submission_key"]}"' in page.content.decode()
    page = desk.post(reverse("outbreak_new"), form, follow=True)

    assert "2 joined." in words(page)
    assert "2 tickets of 2 customers" in words(page)
    assert "Update 4711" in words(desk.get(reverse("outbreak_list")))
    assert "Update 4711" in words(desk.get(ticket.get_absolute_url()))
    again = desk.post(reverse("outbreak_new"), form | {"title": "Update 4712"})
    assert again["Location"] == Outbreak.objects.get().get_absolute_url()


def test_the_box_above_the_queue_chooses_its_whole_page_without_script(
    desk: Client, ticket: Ticket, foreign: Ticket
) -> None:
    chosen = f"{ticket.number},{foreign.number}"
    response = desk.post(reverse("outbreak_selection"), {"whole_page": chosen})

    assert response["Location"] == f"{reverse('outbreak_new')}?tickets={chosen}"


def test_a_broadcast_that_came_too_late_is_shown_to_be_copied(
    desk: Client, outbreak: Outbreak, engineer: User
) -> None:
    end_outbreak(outbreak, resolution="Update 4712.", by=engineer)

    page = post(desk, "outbreak_broadcasts", outbreak, **sent())

    assert "What you had written We withdrew the update." in words(page)


def test_the_list_says_of_each_how_many_were_told_and_solved(
    desk: Client, outbreak: Outbreak, foreign: Ticket, engineer: User, foreign_contact: User
) -> None:
    assert "0 of 2 0 of 2" in words(desk.get(reverse("outbreak_list")))

    for _ in range(2):
        broadcast_answer(
            outbreak, body="Gone.", qualified=True, by=engineer, submission_key=uuid.uuid4()
        )
    close_ticket(foreign, by=foreign_contact)

    assert "2 of 2 1 of 2" in words(desk.get(reverse("outbreak_list")))


def test_wrong_numbers_come_back_beside_their_field(desk: Client, outbreak: Outbreak) -> None:
    page = desk.post(reverse("outbreak_new"), {"title": "x", "summary": "y", "tickets": "TK-1 zz"})
    assert page.status_code == 422
    assert "is no ticket number" in words(page)

    page = post(desk, "outbreak_tickets", outbreak, tickets="TK-99999999")
    assert page.status_code == 422
    assert words(page).count("There is no ticket TK-99999999.") == 2
    assert "Nothing was changed. One thing needs a look. Tickets: There is no ticket" in words(page)
    assert page.content.decode().count("data-focus") == 1


def test_the_progress_of_each_ticket_is_on_the_page(
    desk: Client, outbreak: Outbreak, ticket: Ticket
) -> None:
    assert "0 told, 2 still owed a first answer, 2 open" in words(
        desk.get(outbreak.get_absolute_url())
    )
    page = post(desk, "outbreak_broadcasts", outbreak, **sent())
    assert "2 answered." in words(page)
    assert "2 told, 0 still owed a first answer, 2 open" in words(page)

    page = post(desk, "outbreak_removal", outbreak, ticket.number)
    assert "1 ticket of 1 customer" in words(page)
    page = post(desk, "outbreak_end", outbreak, resolution="Update 4712.")
    assert "1 resolved." in words(page)
    assert "Ended" in words(page)


def test_an_answer_without_its_kind_comes_back_with_what_was_typed(
    desk: Client, outbreak: Outbreak
) -> None:
    page = post(desk, "outbreak_broadcasts", outbreak, **sent(answer_kind=""))

    assert page.status_code == 422
    assert "We withdrew the update." in page.content.decode()
    assert page.content.decode().count("data-focus") == 1
    assert not outbreak.broadcasts.exists()


def test_the_page_takes_as_many_queries_with_ten_tickets_as_with_two(
    desk: Client, outbreak: Outbreak, contact: User, customer: Customer, engineer: User
) -> None:
    two = queries_of(desk, outbreak.get_absolute_url())
    more = [make_ticket(contact, customer, kind="break_fix") for _ in range(8)]
    join_outbreak(outbreak, more, by=engineer)

    assert queries_of(desk, outbreak.get_absolute_url()) == two
    assert two <= 10


def test_no_customer_learns_of_an_outbreak_or_of_another_customer(
    client: Client,
    outbreak: Outbreak,
    ticket: Ticket,
    foreign: Ticket,
    engineer: User,
    contact: User,
    foreign_contact: User,
) -> None:
    for own in (ticket, foreign):
        Webhook.objects.create(
            owner=customer_owner(own.customer_id),
            place=1,
            name="Ours",
            url="https://hooks.example/",
            events=list(CUSTOMER_EVENTS),
            sealed_secret=seal(new_secret()),
            created_by=engineer,
        )
    broadcast_answer(
        outbreak, body="Withdrawn.", qualified=True, by=engineer, submission_key=uuid.uuid4()
    )
    end_outbreak(outbreak, resolution="Update 4712.", by=engineer)

    for reader, own, other in ((contact, ticket, foreign), (foreign_contact, foreign, ticket)):
        client.force_login(reader)
        program = program_of(reader)
        pages: list[Any] = [client.get(own.get_absolute_url()), client.get("/tickets/")]
        pages += [client.get("/notices/")]
        pages += [
            program.get(address)
            for address in (
                "/api/v1/tickets/",
                "/api/v1/notices/",
                *(
                    f"/api/v1/tickets/{own.number}/{part}"
                    for part in ("", "messages/", "events/", "links/", "watchers/")
                ),
            )
        ]
        texts = [page.content.decode() for page in pages]
        assert all(page.status_code == 200 for page in pages)
        notices = Notice.objects.filter(recipient=reader)
        texts += [f"{one.subject} {one.body}" for one in notices]
        calls = WebhookCall.objects.filter(webhook__owner=customer_owner(own.customer_id))
        assert calls.exists()
        texts += list(calls.values_list("body", flat=True))
        for text in texts:
            assert CANARY not in text
            assert "utbreak" not in text
            assert str(other.number) not in text
            assert other.subject not in text
            assert str(other.customer) not in text
        for address in ("outbreak_list", "outbreak_new"):
            assert client.get(reverse(address)).status_code == 404
        assert client.get(outbreak.get_absolute_url()).status_code == 404


def test_staff_who_see_some_customers_only_are_turned_away(
    client: Client, outbreak: Outbreak, tam: User, ticket: Ticket
) -> None:
    client.force_login(tam)

    assert client.get(outbreak.get_absolute_url()).status_code == 403
    assert client.get(reverse("outbreak_list")).status_code == 403
    page = words(client.get(ticket.get_absolute_url()))
    assert CANARY not in page
    assert "outbreak" not in page


def test_the_progress_is_drawn(
    client: Client, outbreak: Outbreak, ticket: Ticket, engineer: User
) -> None:
    client.force_login(engineer)
    answer_ticket(ticket, body="We look.", qualified=True, by=engineer)

    page = client.get(outbreak.get_absolute_url())

    assert "Told 0 of 2" in words(page)
    assert '<progress class="gauge" max="2" value="1">' in page.content.decode()


def test_a_first_answer_is_counted_where_one_is_promised(
    client: Client, contact: User, customer: Customer, engineer: User
) -> None:
    plain = make_ticket(contact, customer, kind=TicketKind.BREAK_FIX, severity=Severity.LOW)
    assert plain.response_clock is None
    one, _ = open_outbreak(title="Slow", summary="Slow.", tickets=[plain], by=engineer)
    client.force_login(engineer)
    page = words(client.get(one.get_absolute_url()))
    assert "Told 0 of 1" in page
    assert "First answer given" not in page
    resolve_ticket(plain, resolution="Mended.", by=engineer)
    page = words(client.get(one.get_absolute_url()))
    assert "ended by itself" in page
    assert "Answer all customers" not in page
