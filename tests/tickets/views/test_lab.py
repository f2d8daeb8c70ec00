"""What an engineer asks the lab, on a ticket's page."""

import pytest
from django.test import Client

from accounts.models import User
from tests.tickets.views.reading import words
from tests.tickets.views.staff_forms import act
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_an_engineer_asks_the_lab_and_the_lab_gives_the_ticket_back(
    desk: Client, ticket: Ticket, analyst: User
) -> None:
    assert "Ask the lab" in words(desk.get(ticket.get_absolute_url()))
    act(desk, "ticket_lab_request", ticket, {"reason": "Is the signature ours?"})

    lab = Client()
    lab.force_login(analyst)
    page = words(lab.get(ticket.get_absolute_url()))
    assert "asked the lab: Is the signature ours?" in page
    assert "Give back from the lab" in page
    assert "Ask the lab" not in page

    back = act(lab, "ticket_lab_answer", ticket, {"finding": "It is: build 4711."})
    # The analyst sees it no more, so the way leads to the start and not to a missing page.
    assert (back.status_code, back["Location"]) == (302, "/")
    assert "gave it back from the lab: It is: build 4711." in words(
        desk.get(ticket.get_absolute_url())
    )


def test_a_question_to_the_lab_left_empty_is_asked_for(desk: Client, ticket: Ticket) -> None:
    response = act(desk, "ticket_lab_request", ticket, {"reason": " "})

    assert response.status_code == 422
    assert "Say what the lab should find out." in words(response)
