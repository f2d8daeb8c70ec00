"""The pages of canned answers, and what the composer is offered."""

import pytest
from django.test import Client

from accounts.models import User
from tests.tickets.views.reading import words
from tickets.models import CannedAnswer, Ticket
from tickets.operations.canned_answers import add_canned_answer

pytestmark = pytest.mark.django_db

TYPED = {"title": "Ask for the log", "body": "Hello {contact}, send the log of {product}."}


@pytest.fixture
def shared(duty_lead: User) -> CannedAnswer:
    return add_canned_answer(title="Shared", body="To **all**.", is_shared=True, by=duty_lead)


def test_one_is_written_listed_changed_and_removed(desk: Client) -> None:
    assert "No canned answers" in words(desk.get("/canned-answers/"))
    page = desk.post("/canned-answers/new/", TYPED, follow=True)
    assert "“Ask for the log” is kept." in words(page)
    assert "Only you" in words(page)

    address = CannedAnswer.objects.get().get_absolute_url()
    desk.post(address, {**TYPED, "title": "Log, please"})
    assert "Log, please" in words(desk.get("/canned-answers/?q=PLEASE"))
    assert "None found" in words(desk.get("/canned-answers/?q=trace"))
    desk.post(f"{address}removal/")
    assert not CannedAnswer.objects.exists()


def test_a_refused_placeholder_stands_beside_the_text_that_was_typed(desk: Client) -> None:
    page = desk.post("/canned-answers/new/", {**TYPED, "body": "Hello {surname}"})

    assert page.status_code == 422
    assert "There is no {surname}." in words(page)
    assert "Hello {surname}" in page.content.decode()
    assert desk.post("/canned-answers/new/", {}).status_code == 422


def test_an_engineer_reads_a_shared_one_and_cannot_share_or_change(
    desk: Client, shared: CannedAnswer
) -> None:
    desk.post("/canned-answers/new/", {**TYPED, "is_shared": "on"})
    assert CannedAnswer.objects.get(title=TYPED["title"]).owner is not None

    page = desk.get(shared.get_absolute_url())
    assert "<strong>all</strong>" in page.content.decode()
    assert "Remove" not in words(page)
    assert desk.post(shared.get_absolute_url(), TYPED).status_code == 403
    assert desk.post(f"{shared.get_absolute_url()}removal/").status_code == 403


def test_a_lead_shares_one(client: Client, duty_lead: User) -> None:
    client.force_login(duty_lead)
    client.post("/canned-answers/new/", {**TYPED, "is_shared": "on"})

    assert CannedAnswer.objects.get().owner is None


def test_anothers_own_is_not_found(desk: Client, duty_lead: User) -> None:
    theirs = add_canned_answer(title="Mine", body="x", is_shared=False, by=duty_lead)

    assert desk.get(theirs.get_absolute_url()).status_code == 404
    assert "Mine" not in words(desk.get("/canned-answers/"))


def test_the_composer_is_offered_texts_with_their_blanks_filled(
    desk: Client, ticket: Ticket, shared: CannedAnswer
) -> None:
    desk.post("/canned-answers/new/", TYPED)
    address = f"/tickets/{ticket.number}/canned-answers/"

    assert 'data-insert="Hello Priya, send the log of Endpoint Protection 12.4.2."' in (
        desk.get(address).content.decode()
    )
    assert "Shared" not in words(desk.get(address, {"q": "log"}))
    assert "None with these words" in words(desk.get(address, {"q": "poem"}))


def test_a_text_is_offered_by_its_words_and_put_in_as_it_was_written(
    desk: Client, ticket: Ticket, shared: CannedAnswer
) -> None:
    page = desk.get(f"/tickets/{ticket.number}/canned-answers/").content.decode()

    assert 'data-insert="To **all**."' in page
    assert ">To all.<" in page


def test_more_than_fit_are_said_to_be_there(desk: Client, ticket: Ticket, engineer: User) -> None:
    for number in range(9):
        add_canned_answer(title=f"No {number}", body="x", is_shared=False, by=engineer)

    page = words(desk.get(f"/tickets/{ticket.number}/canned-answers/"))
    assert "There are more" in page
    assert "No 8" not in page


def test_words_that_no_database_takes_find_nothing_and_break_nothing(desk: Client) -> None:
    assert desk.get("/canned-answers/?q=a%00b").status_code == 200
