"""How it went: one click on the page, and the link of the mail."""

import re
from datetime import datetime, timedelta

import pytest
from django.core import signing
from django.test import Client

from accounts.models import User
from entitlements.models import Customer, Membership
from notifications.channels.email import make_mail
from notifications.models import Delivery, Notice
from tests.factories.tickets import make_ticket, nothing_changes
from tests.tickets.views.reading import words
from tickets.choices import Score
from tickets.models import Rating, Ticket
from tickets.operations.lifecycle import reopen_ticket, resolve_ticket
from tickets.operations.merging import merge_ticket
from tickets.rating_links import SALT, rating_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def solved(ticket: Ticket, engineer: User, tuesday: datetime) -> Ticket:
    return resolve_ticket(ticket, resolution="Rule 7 is narrowed.", by=engineer, now=tuesday)


def link(ticket: Ticket, reader: User, score: int | None = None) -> str:
    return f"/ratings/{rating_token(ticket, reader)}/" + (f"?score={score}" if score else "")


def test_one_click_on_the_page_rates_and_a_comment_may_follow(
    client: Client, solved: Ticket, contact: User
) -> None:
    client.force_login(contact)
    page = words(client.get(solved.get_absolute_url()))
    assert "How did it go?" in page
    answer = client.post(f"/tickets/{solved.number}/rating/", {"score": "3"}, follow=True)
    assert "Thank you for telling us." in words(answer)
    assert "You said: well" in words(answer)
    assert "Priya Raman found that it went well" in words(answer)
    client.post(f"/tickets/{solved.number}/rating/", {"score": "3", "comment": "Quick."})
    assert Rating.objects.get().comment == "Quick."


def test_no_score_is_refused_and_the_comment_stays(
    client: Client, solved: Ticket, contact: User
) -> None:
    client.force_login(contact)
    answer = client.post(f"/tickets/{solved.number}/rating/", {"comment": "Quick."})
    assert answer.status_code == 422
    assert "Choose one of the three." in words(answer)
    assert "Quick." in words(answer)
    assert not Rating.objects.exists()


def test_nobody_of_another_company_rates(
    client: Client, solved: Ticket, foreign_contact: User, engineer: User
) -> None:
    for reader, status in ((foreign_contact, 404), (engineer, 403)):
        client.force_login(reader)
        answer = client.post(f"/tickets/{solved.number}/rating/", {"score": "1"})
        assert answer.status_code == status
    assert not Rating.objects.exists()


def test_the_mail_of_a_solved_ticket_carries_three_links_for_its_reader(
    solved: Ticket, contact: User
) -> None:
    notice = Notice.objects.get(recipient=contact, kind="resolved")
    mail = make_mail(Delivery.objects.get(notice=notice), [notice])
    text = str(mail.body)
    links = re.findall(r"/ratings/\S+\?score=\d", text)
    assert [one[-1] for one in links] == ["3", "2", "1"]
    assert rating_token(solved, contact).rsplit(":", 2)[0] in links[0]


def test_looking_at_the_link_says_nothing_and_sending_does(
    client: Client, solved: Ticket, contact: User
) -> None:
    with nothing_changes():
        answer = client.get(link(solved, contact, 1))
    assert answer.status_code == 200
    assert 'value="1" id="score-1" checked' in answer.content.decode()
    assert not Rating.objects.exists()
    answer = client.post(link(solved, contact), {"score": "1", "comment": "Two days."})
    assert "Thank you, Priya" in words(answer)
    rating = Rating.objects.get()
    assert (rating.by, rating.score, rating.comment) == (contact, Score.POOR, "Two days.")
    assert "_auth_user_id" not in client.session


def test_what_was_said_before_is_there_again(client: Client, solved: Ticket, contact: User) -> None:
    client.post(link(solved, contact), {"score": "2", "comment": "Two days."})
    page = client.get(link(solved, contact)).content.decode()
    assert 'value="2" id="score-2" checked' in page
    assert "Two days." in page


def test_a_forged_old_or_foreign_link_opens_nothing(
    client: Client, solved: Ticket, contact: User, foreign_contact: User
) -> None:
    good = rating_token(solved, contact)
    forged = signing.dumps({"ticket": solved.number, "person": contact.pk}, salt="other")
    foreign = signing.dumps({"ticket": solved.number, "person": foreign_contact.pk}, salt=SALT)
    with nothing_changes():
        for token in (forged, foreign, good[:-1], good + "x", "x", "%00"):
            answer = client.post(f"/ratings/{token}/", {"score": "1"})
            assert answer.status_code == 404, token


def test_a_link_dies_after_sixty_days(
    client: Client, solved: Ticket, contact: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = link(solved, contact)
    monkeypatch.setattr("tickets.rating_links.RATED_WITHIN", timedelta(seconds=-1))
    assert client.get(address).status_code == 404


def test_a_link_dies_when_its_reader_leaves(client: Client, solved: Ticket, contact: User) -> None:
    Membership.objects.filter(user=contact).update(left_at=solved.filed_at)
    assert client.get(link(solved, contact)).status_code == 404


def test_a_ticket_that_was_reopened_says_so(
    client: Client, solved: Ticket, contact: User, tuesday: datetime
) -> None:
    reopen_ticket(solved, reason="No.", by=contact, now=tuesday)
    assert "It cannot be rated now" in words(client.get(link(solved, contact)))


def test_nobody_is_asked_how_a_merged_ticket_went(
    client: Client,
    ticket: Ticket,
    contact: User,
    customer: Customer,
    engineer: User,
    tuesday: datetime,
) -> None:
    kept = make_ticket(contact, customer, now=tuesday)
    client.force_login(contact)
    merge_ticket(ticket, into=kept, reason="One cause.", by=engineer, now=tuesday)
    page = words(client.get(f"/tickets/{ticket.number}/"))
    assert "Merged into" in page
    assert "How did it go?" not in page
