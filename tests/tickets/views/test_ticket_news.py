import uuid

import pytest
from django.test import Client

from entitlements.choices import Severity
from tests.factories.tickets import newest_event
from tickets.models import Sending
from tickets.operations.conversation import answer_ticket, write_message, write_note
from tickets.operations.severity import change_severity
from tickets.operations.tags import change_tags


def news(client: Client, ticket, since: int) -> str:
    answer = client.get(f"/tickets/{ticket.number}/news/", {"since": since})
    assert answer.status_code == 200
    return answer.content.decode()


def test_staff_are_told_what_others_wrote_and_changed(desk, ticket, contact, duty_lead, tuesday):
    since = newest_event(ticket).pk
    write_message(ticket, body="The *log* is here.", by=contact)
    write_note(ticket, body="Careful: VIP.", by=duty_lead)
    change_severity(ticket, severity=Severity.CRITICAL, reason="All sites.", by=duty_lead)
    told = news(desk, ticket, since)
    assert "<b>Priya Raman</b> wrote: The *log* is here." in told
    assert "<b>Jonas Lindqvist</b> wrote a note: Careful: VIP." in told
    assert "changed the severity from High to <b>Critical</b>" in told
    assert news(desk, ticket, newest_event(ticket).pk).strip() == ""


def test_what_one_did_oneself_is_no_news(desk, ticket, engineer):
    since = newest_event(ticket).pk
    answer_ticket(ticket, body="We look.", qualified=False, by=engineer)
    assert news(desk, ticket, since).strip() == ""


def test_a_customer_is_told_of_an_answer_and_never_of_a_note(client, ticket, contact, engineer):
    client.force_login(contact)
    since = newest_event(ticket).pk
    write_note(ticket, body="Canary", by=engineer)
    assert news(client, ticket, since).strip() == ""
    answer_ticket(ticket, body="Restart it.", qualified=True, by=engineer)
    told = news(client, ticket, since)
    assert "<b>Mara Kovac</b> answered: Restart it." in told
    assert "Canary" not in told


def test_what_is_typed_in_a_message_is_no_markup(desk, ticket, contact):
    since = newest_event(ticket).pk
    write_message(ticket, body="<img src=x onerror=alert(1)>", by=contact)
    assert "<img" not in news(desk, ticket, since)


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 40])
def test_without_an_event_there_is_nothing_to_tell(desk, ticket, since):
    assert desk.get(f"/tickets/{ticket.number}/news/", {"since": since}).status_code == 204


def test_another_customer_finds_nothing(client, foreign_contact, ticket):
    client.force_login(foreign_contact)
    assert client.get(f"/tickets/{ticket.number}/news/", {"since": 0}).status_code == 404


def answer_form(ticket, **given):
    return {
        "body": "Please restart.",
        "answer_kind": "qualified",
        "seen_message": 0,
        "submission_key": str(uuid.uuid4()),
        **given,
    }


def test_an_answer_past_a_change_shows_what_changed_above_the_kept_text(
    desk, ticket, duty_lead, engineer
):
    seen = newest_event(ticket).pk
    change_severity(ticket, severity=Severity.CRITICAL, reason="All sites.", by=duty_lead)
    url = f"/tickets/{ticket.number}/answers/"
    answer = desk.post(url, answer_form(ticket, seen_event=seen))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "This changed while you were writing." in page
    assert "changed the severity from High to <b>Critical</b>" in page
    assert "Please restart.</textarea>" in page
    newest = newest_event(ticket).pk
    assert f'name="seen_event" value="{newest}"' in page
    assert not ticket.messages.exists()
    # As it came back it is sent: what changed has been seen.
    assert desk.post(url, answer_form(ticket, seen_event=newest)).status_code == 302
    assert ticket.messages.count() == 1


def test_a_tag_does_not_stop_an_answer(desk, ticket, duty_lead):
    seen = newest_event(ticket).pk
    change_tags(ticket, add=["vip"], by=duty_lead)
    url = f"/tickets/{ticket.number}/answers/"
    assert desk.post(url, answer_form(ticket, seen_event=seen)).status_code == 302


def test_an_answer_on_its_way_stands_on_staffs_page_and_its_author_takes_it_back(
    desk, ticket, duty_lead, contact, settings, monkeypatch
):
    settings.SEND_HOLD_SECONDS = 10
    monkeypatch.setattr("tickets.views.answer.holds_sendings", lambda: True)
    page = f"/tickets/{ticket.number}/"
    desk.post(f"{page}answers/", answer_form(ticket))
    undo = f"{page}sendings/{Sending.objects.get().pk}/removal/"
    own = desk.get(page).content.decode()
    assert undo in own
    assert "data-focus" in own

    colleague, customer = Client(), Client()
    colleague.force_login(duty_lead)
    customer.force_login(contact)
    theirs = colleague.get(page).content.decode()
    assert "Please restart." in theirs
    assert undo not in theirs
    assert "data-focus" not in theirs
    assert "Please restart." not in customer.get(page).content.decode()
    assert customer.post(undo).status_code == 404
    colleague.post(undo)
    assert Sending.objects.count() == 1

    back = desk.post(undo, follow=True)
    assert back.redirect_chain == [(f"{page}#composer-body", 302)]
    back = back.content.decode()
    assert "Taken back: nobody has read it." in back
    assert "Please restart.</textarea>" in back
    assert "Too late" in desk.post(undo, follow=True).content.decode()


def test_typing_is_for_staff_and_says_nothing(desk, ticket, contact):
    url = f"/tickets/{ticket.number}/typing/"
    assert desk.post(url).status_code == 204
    customer = Client()
    customer.force_login(contact)
    assert customer.post(url).status_code == 404
    # Nor does it take the place of what is kept for somebody whose session has ended.
    assert Client().post(url, {"stopped": "1"}).status_code == 401
