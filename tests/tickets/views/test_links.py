"""Links, merges and splits on the pages of both sides."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from entitlements.models import Customer
from tests.factories.tickets import make_ticket, newest_event
from tests.programs import program_of
from tests.tickets.views.reading import words
from tickets.choices import LinkKind
from tickets.models import Ticket, TicketLink
from tickets.operations.assignment import assign_ticket
from tickets.operations.conversation import answer_ticket, write_message, write_note
from tickets.operations.lifecycle import close_ticket
from tickets.operations.links import link_tickets
from tickets.operations.merging import merge_ticket
from tickets.operations.splitting import split_message

pytestmark = pytest.mark.django_db

CANARY = "Zaunkoenig"
FIVE = timedelta(minutes=5)


@pytest.fixture
def later(ticket: Ticket, contact: User, customer: Customer) -> Ticket:
    """Another ticket of the same matter, an hour later."""
    return make_ticket(
        contact,
        customer,
        subject="Labels again",
        description="The second floor, too.",
        now=ticket.filed_at + timedelta(hours=1),
    )


def post(client: Client, name: str, ticket: Ticket, *more: int, **typed: Any) -> Any:
    return client.post(reverse(name, args=[ticket.number, *more]), typed, follow=True)


def test_a_ticket_is_linked_by_its_number_and_unlinked(
    desk: Client, ticket: Ticket, later: Ticket
) -> None:
    page = post(desk, "ticket_links", later, kind="duplicate", other=f"tk-{ticket.number}")
    assert f"Duplicate of TK-{ticket.number}" in words(page)
    assert f"Has the duplicate TK-{later.number}" in words(desk.get(ticket.get_absolute_url()))

    post(desk, "ticket_link", later, TicketLink.objects.get().pk)
    assert not TicketLink.objects.exists()


@pytest.mark.parametrize("typed", ["", "TK-9999999", "abc", "9" * 24])
def test_a_number_of_nothing_comes_back_beside_its_field(
    desk: Client, ticket: Ticket, typed: str
) -> None:
    page = post(desk, "ticket_links", ticket, kind="related", other=typed)

    assert page.status_code == 422
    assert "number" in words(page)


def test_a_merge_shows_on_both_tickets_and_to_both_sides(
    desk: Client, ticket: Ticket, later: Ticket, contact: User, engineer: User
) -> None:
    write_message(later, body="It got worse.", by=contact)
    write_note(later, body="Our rule 7.", by=engineer)
    page = post(desk, "ticket_merge", later, into=str(ticket.number), reason="One matter.")

    assert page.redirect_chain[-1][0] == ticket.get_absolute_url()
    for text in ("The second floor, too.", "It got worse.", "Our rule 7."):
        assert text in words(page)
    assert f"(from TK-{later.number})" in words(page)
    assert "Undo the merge" in words(desk.get(later.get_absolute_url()))

    desk.force_login(contact)
    theirs = words(desk.get(ticket.get_absolute_url()))
    assert "The second floor, too." in theirs
    assert "It got worse." in theirs
    assert "Our rule 7." not in theirs
    old = words(desk.get(later.get_absolute_url()))
    assert f"Merged into TK-{ticket.number}" in old
    assert "Undo the merge" not in old
    assert "Open a follow-up" not in old


@pytest.mark.parametrize("is_answered", [True, False])
def test_a_merged_ticket_tells_of_an_answer_there_and_of_none_when_it_was_withdrawn(
    desk: Client, ticket: Ticket, later: Ticket, contact: User, engineer: User, *, is_answered: bool
) -> None:
    at = later.filed_at + FIVE
    merge_ticket(later, into=ticket, reason="One matter.", by=engineer, now=at)
    if is_answered:
        answer_ticket(ticket, body="We look.", qualified=True, by=engineer, now=at + 2 * FIVE)
    close_ticket(ticket, by=contact, now=at + 3 * FIVE)

    for reader in (engineer, contact):
        desk.force_login(reader)
        for one in (ticket, later):
            assert ("First answer after" in words(desk.get(one.get_absolute_url()))) is is_answered


def test_a_merge_that_cannot_be_stands_beside_its_field(
    desk: Client, ticket: Ticket, later: Ticket
) -> None:
    page = post(desk, "ticket_merge", ticket, into=str(later.number), reason="One matter.")

    assert page.status_code == 422
    assert "owes none before it" in words(page)
    assert "One matter." in page.content.decode()


def test_a_merge_is_undone_from_the_page(
    desk: Client, ticket: Ticket, later: Ticket, engineer: User
) -> None:
    merge_ticket(later, into=ticket, reason="One matter.", by=engineer)
    page = post(desk, "ticket_merge_removal", later)

    assert "stands by itself again" in words(page)
    assert Ticket.objects.get(pk=later.pk).is_open


def test_what_a_reader_does_not_see_a_merge_does_not_show(
    client: Client,
    contact: User,
    colleague: User,
    engineer: User,
    customer: Customer,
    ticket: Ticket,
) -> None:
    own = make_ticket(colleague, customer, kind="break_fix", subject="Own")
    secret = make_ticket(contact, customer, kind="break_fix", description=CANARY)
    merge_ticket(secret, into=own, reason="One matter.", by=engineer)
    client.force_login(colleague)

    assert CANARY not in client.get(own.get_absolute_url()).content.decode()


def test_a_message_is_split_off_and_the_same_form_files_once(
    desk: Client, ticket: Ticket, contact: User
) -> None:
    message = write_message(ticket, body="And the VPN.", by=contact)
    typed = {
        "message": message.pk,
        "subject": "The VPN drops",
        "submission_key": "6f3a4b1c-7a53-4a0e-9c1f-0d8a3d2b5e77",
    }
    page = post(desk, "ticket_split", ticket, **typed)
    assert "The VPN drops" in words(page)

    post(desk, "ticket_split", ticket, **typed)
    assert Ticket.objects.filter(subject="The VPN drops").count() == 1


@pytest.mark.parametrize(
    ("name", "field"),
    [("ticket_links", "other"), ("ticket_merge", "into"), ("ticket_split", "subject")],
)
def test_a_form_is_fetched_when_it_is_opened_and_has_a_page_of_its_own(
    desk: Client, ticket: Ticket, contact: User, name: str, field: str
) -> None:
    write_message(ticket, body="And the VPN.", by=contact)
    address = reverse(name, args=[ticket.number])

    page = desk.get(ticket.get_absolute_url()).content.decode()
    assert f'hx-get="{address}"' in page
    seen = newest_event(ticket).pk
    assert f'href="{address}?seen_event={seen}">' in page  # Without script.
    assert f'name="{field}"' not in page
    for headers in ({}, {"HX-Request": "true"}):
        answer = desk.get(address, headers=headers)
        text = answer.content.decode()
        assert f'<form method="post" action="{address}"' in text
        assert f'name="{field}"' in text
        # Text that is kept goes back to the ticket's page.
        assert f'name="_page" value="{ticket.get_absolute_url()}"' in text
        assert ("<html" in text) == (not headers)
        assert "And the VPN." in text or name != "ticket_split"


def test_a_split_without_a_message_of_the_customer_says_so_instead(
    desk: Client, ticket: Ticket
) -> None:
    address = reverse("ticket_split", args=[ticket.number])

    assert f'hx-get="{address}"' not in desk.get(ticket.get_absolute_url()).content.decode()
    answer = desk.get(address)
    assert "there is nothing to split off" in words(answer)
    assert f'action="{address}"' not in answer.content.decode()


def test_what_was_split_off_is_not_offered_again(
    desk: Client, ticket: Ticket, contact: User, engineer: User
) -> None:
    message = write_message(ticket, body="And the VPN.", by=contact)
    address = reverse("ticket_split", args=[ticket.number])
    assert f'action="{address}"' in desk.get(address).content.decode()
    split_message(message, subject="The VPN", by=engineer)
    assert "there is nothing to split off" in words(desk.get(address))


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("ticket_merge", {"into": "TK-{second}", "reason": "One cause."}),
        ("ticket_split", {"message": "{message}", "subject": "The VPN drops"}),
    ],
)
def test_a_fetched_form_has_seen_what_the_page_it_is_opened_on_shows(
    desk: Client,
    ticket: Ticket,
    customer: Customer,
    contact: User,
    other: User,
    duty_lead: User,
    name: str,
    typed: dict[str, str],
) -> None:
    message, second = write_message(ticket, body="VPN.", by=contact), make_ticket(contact, customer)
    typed = {
        key: value.format(message=message.pk, second=second.number) for key, value in typed.items()
    }
    address, seen = reverse(name, args=[ticket.number]), newest_event(ticket).pk
    assign_ticket(ticket, to=other, by=duty_lead)
    newest = newest_event(ticket).pk
    assert newest > seen
    field = '<input type="hidden" name="seen_event" value="{}">'

    assert field.format(newest) in desk.get(address).content.decode()
    assert field.format(newest) in desk.get(address, {"seen_event": "x"}).content.decode()
    fetched = desk.get(address, {"seen_event": seen}, headers={"HX-Request": "true"})
    assert field.format(seen) in fetched.content.decode()
    answer = desk.post(address, {**typed, "seen_event": seen})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert other.name in page.partition("nothing was done")[2][:800]
    # Open, as it was typed, with what the page shows now.
    fold, _, rest = page.partition(f'<form method="post" action="{address}"')
    form = rest.partition("</form>")[0]
    assert fold.rpartition("<details")[2].startswith(' class="fold" open>')
    assert list(typed.values())[1] in form
    assert field.format(newest) in form
    assert desk.post(address, {**typed, "seen_event": newest}).status_code == 302


def test_text_kept_over_a_sign_in_finds_its_form(
    client: Client, ticket: Ticket, engineer: User, contact: User
) -> None:
    write_message(ticket, body="And the VPN.", by=contact)
    client.force_login(engineer)
    client.get(ticket.get_absolute_url())  # The cookie says for whom text is kept.
    client.cookies.pop("__Host-session", None)
    client.cookies.pop("sessionid", None)
    address = reverse("ticket_split", args=[ticket.number])
    typed = {"subject": "The VPN drops", "_page": ticket.get_absolute_url()}
    assert client.post(address, typed).status_code == 302
    client.force_login(engineer)

    page = client.get(ticket.get_absolute_url()).content.decode()
    assert f'<form method="post" action="{address}"' in page
    assert 'id="kept-text"' in page
    assert f'hx-get="{reverse("ticket_merge", args=[ticket.number])}"' in page


def test_no_customer_learns_of_a_link_to_another_company(
    client: Client,
    ticket: Ticket,
    engineer: User,
    contact: User,
    foreign_contact: User,
    foreign_customer: Customer,
) -> None:
    foreign = make_ticket(foreign_contact, foreign_customer, subject=CANARY)
    link_tickets(foreign, ticket, kind=LinkKind.DUPLICATE, by=engineer)
    for reader, own, other in ((contact, ticket, foreign), (foreign_contact, foreign, ticket)):
        client.force_login(reader)
        program = program_of(reader)
        answers: list[Any] = [client.get(own.get_absolute_url())]
        answers += [
            program.get(f"/api/v1/tickets/{own.number}/{part}")
            for part in ("", "events/", "links/", "messages/")
        ]
        for answer in answers:
            assert answer.status_code == 200
            assert str(other.number) not in answer.content.decode()
            assert other.subject not in answer.content.decode()


def test_a_program_links_merges_and_undoes(ticket: Ticket, later: Ticket, engineer: User) -> None:
    program = program_of(engineer)
    address = f"/api/v1/tickets/{later.number}/"
    made = program.post(f"{address}links/", {"kind": "parent", "ticket": ticket.number})
    assert made.json()["words"] == "Part of"
    assert program.delete(f"{address}links/{made.json()['key']}/").status_code == 204

    merged = program.post(f"{address}merge/", {"into": ticket.number, "reason": "One."})
    assert merged.json()["state"] == "closed"
    assert program.delete(f"{address}merge/").json()["state"] == "new"
