"""Drafts on pages: saved by the script, back on any device, never on anybody else's page."""

import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from entitlements.models import Contract, Customer
from tickets.models import Draft, Ticket
from tickets.operations.lifecycle import reopen_ticket, resolve_ticket

pytestmark = pytest.mark.django_db

WORDS = "Canary-words nobody else may read"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def save(client: Client, ticket: Ticket, kind: str, text: str = WORDS, **given: Any) -> Any:
    typed = {"draft": kind, "submission_key": uuid.uuid4(), "body": text, **given}
    return client.post(f"/tickets/{ticket.number}/draft/", typed)


def save_filing(client: Client, customer: Customer, **given: Any) -> Any:
    typed = {"draft": "filing", "submission_key": uuid.uuid4(), "company": customer.slug, **given}
    return client.post("/tickets/new/draft/", typed)


@pytest.mark.parametrize("kind", ["answer", "note"])
def test_an_engineers_words_come_back_on_another_device(
    ticket: Ticket, engineer: User, kind: str
) -> None:
    answer = save(signed_in(engineer), ticket, kind)
    assert answer.status_code == 200
    assert answer.json()["at"] == "11:00"

    page = signed_in(engineer).get(ticket.get_absolute_url()).content.decode()
    assert f">{WORDS}</textarea>" in page
    assert "Draft saved 11:00" in page
    shown = 'value="note" checked' if kind == "note" else 'value="reply" checked'
    assert shown in page


@pytest.mark.parametrize("kind", ["answer", "note"])
@pytest.mark.parametrize("has_draft", [True, False])
def test_what_is_kept_over_a_sign_in_is_of_its_kind_again_and_before_an_older_draft(
    client: Client, ticket: Ticket, engineer: User, kind: str, *, has_draft: bool
) -> None:
    client.force_login(engineer)
    page = ticket.get_absolute_url()
    client.get(page)  # The cookie says for whom text is kept.
    if has_draft:
        save(client, ticket, kind, "Older words")
    del client.cookies["sessionid"]
    typed = {"body": WORDS, "kind": "note" if kind == "note" else "reply", "_page": page}
    assert client.post(f"{page}{kind}s/", typed).status_code == 302

    client.force_login(engineer)
    shown = client.get(page).content.decode()
    assert f">{WORDS}</textarea>" in shown
    assert f'data-draft-kind="{kind}"' in shown
    assert f'value="{typed["kind"]}" checked' in shown


def test_an_answer_not_sent_before_a_colleague_resolved_is_still_shown(
    ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    client = signed_in(engineer)
    save(client, ticket, "answer")
    resolve_ticket(ticket, resolution="Solved.", by=duty_lead)

    page = client.get(ticket.get_absolute_url()).content.decode()
    assert "Your answer of 11:00 was not sent." in page
    assert f"readonly>{WORDS}</textarea>" in page
    assert WORDS not in signed_in(duty_lead).get(ticket.get_absolute_url()).content.decode()
    reopen_ticket(ticket, reason="It is back.", by=duty_lead)
    assert f">{WORDS}</textarea>" in client.get(ticket.get_absolute_url()).content.decode()


def test_nobody_else_reads_a_draft(
    ticket: Ticket, engineer: User, duty_lead: User, contact: User, manager: User
) -> None:
    save(signed_in(engineer), ticket, "note")
    save(signed_in(contact), ticket, "reply")

    for other in (duty_lead, manager):
        assert WORDS not in signed_in(other).get(ticket.get_absolute_url()).content.decode()
    page = signed_in(contact).get(ticket.get_absolute_url()).content.decode()
    assert page.count(WORDS) == 2  # in the box, and for the script: the reply, not the note


def test_sending_discards_the_draft(ticket: Ticket, contact: User) -> None:
    client, key = signed_in(contact), uuid.uuid4()
    save(client, ticket, "reply", submission_key=key)

    client.post(f"/tickets/{ticket.number}/messages/", {"body": WORDS, "submission_key": key})
    assert not Draft.objects.exists()


def test_a_button_discards_the_draft_without_any_script(ticket: Ticket, contact: User) -> None:
    client = signed_in(contact)
    save(client, ticket, "reply")

    answer = client.post(
        f"/tickets/{ticket.number}/draft/removal/", {"draft": "reply"}, follow=True
    )
    assert "Draft discarded." in answer.content.decode()
    assert WORDS not in answer.content.decode()
    gone = client.post(f"/tickets/{ticket.number}/draft/removal/", {"draft": "poem"})
    assert gone.status_code == 404


def test_the_older_window_gets_the_newer_words(ticket: Ticket, contact: User) -> None:
    client = signed_in(contact)
    save(client, ticket, "reply", "Newer")

    answer = save(client, ticket, "reply", "Older")
    assert answer.status_code == 409
    assert answer.json()["fields"] == {"body": ["Newer"]}
    again = save(client, ticket, "reply", "Mine", draft_seen=answer.json()["revision"])
    assert again.status_code == 200


def test_who_is_signed_out_is_told_so_and_not_led_away(ticket: Ticket) -> None:
    assert save(Client(), ticket, "reply").status_code == 401
    assert Client().post("/tickets/new/draft/").status_code == 401


def test_what_a_stale_page_saves_takes_nothings_place(ticket: Ticket, engineer: User) -> None:
    page = f"/tickets/{ticket.number}/"
    client = Client(enforce_csrf_checks=True, headers={"Origin": "http://testserver"})
    client.force_login(engineer)
    client.post(f"{page}notes/", {"body": WORDS, "kind": "note", "_page": page})

    beside = {"Referer": f"http://testserver{page}"}
    typed = {"draft": "note", "submission_key": uuid.uuid4(), "body": "Older words"}
    assert client.post(f"{page}draft/", typed, headers=beside).status_code == 401
    assert client.post("/tickets/new/draft/", typed, headers=beside).status_code == 401
    assert client.post(f"{page}typing/", headers=beside).status_code == 401
    assert client.get(page).context["composer"]["text"] == WORDS


def test_a_stranger_finds_no_ticket_to_write_on(ticket: Ticket, foreign_contact: User) -> None:
    assert save(signed_in(foreign_contact), ticket, "reply").status_code == 404
    answer = signed_in(foreign_contact).post(
        f"/tickets/{ticket.number}/draft/removal/", {"draft": "reply"}
    )
    assert answer.status_code == 404


def test_a_refusal_and_nonsense_are_answered_to_the_script(ticket: Ticket, contact: User) -> None:
    client = signed_in(contact)

    assert save(client, ticket, "note").status_code == 403
    assert save(client, ticket, "poem").status_code == 422
    assert save(client, ticket, "reply", "x" * 50_001).status_code == 422


def test_a_new_tickets_draft_comes_back_with_its_choices(
    contract: Contract, contact: User, customer: Customer, tuesday: Any
) -> None:
    typed = {"subject": WORDS, "kind": "break_fix", "severity": "3"}
    assert save_filing(signed_in(contact), customer, **typed).status_code == 200

    page = signed_in(contact).get("/tickets/new/").content.decode()
    assert f'value="{WORDS}"' in page
    assert "Draft saved 11:00" in page
    assert WORDS not in signed_in(contact).get("/tickets/").content.decode()


def test_a_draft_of_a_follow_up_is_not_offered_for_another_ticket(
    ticket: Ticket, contact: User, customer: Customer
) -> None:
    client = signed_in(contact)
    save_filing(client, customer, subject=WORDS, follows=str(ticket.number))

    assert WORDS not in client.get("/tickets/new/").content.decode()
    page = client.get(f"/tickets/new/?follows={ticket.number}").content.decode()
    assert f'value="{WORDS}"' in page


def test_a_colleague_finds_no_draft_of_a_new_ticket(
    customer: Customer, contact: User, manager: User, foreign_contact: User
) -> None:
    save_filing(signed_in(contact), customer, subject=WORDS)

    assert WORDS not in signed_in(manager).get("/tickets/new/").content.decode()
    assert save_filing(signed_in(foreign_contact), customer, subject="x").status_code == 404


@pytest.mark.parametrize("about", ["filing", "release", "service"])
def test_discarding_a_new_tickets_draft_leads_back_to_its_form_empty(
    customer: Customer, contact: User, ticket: Ticket, about: str
) -> None:
    client = signed_in(contact)
    save_filing(client, customer, subject=WORDS)

    answer = client.post(
        "/tickets/new/draft/removal/",
        {"draft": about, "company": customer.slug, "follows": ticket.number},
        follow=True,
    )
    assert answer.status_code == 200
    assert WORDS not in answer.content.decode()
    assert answer.context["about"] == about
    assert answer.context["follows"] == ticket


def test_a_script_that_sends_files_is_told_where_to_go(ticket: Ticket, contact: User) -> None:
    answer = signed_in(contact).post(
        f"/tickets/{ticket.number}/messages/",
        {"body": "The log.", "submission_key": uuid.uuid4()},
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == ticket.get_absolute_url()
    assert ticket.messages.get().body == "The log."
