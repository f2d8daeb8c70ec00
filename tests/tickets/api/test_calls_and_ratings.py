"""Calls and ratings through the API."""

from datetime import datetime

import pytest

from accounts.models import User
from entitlements.models import Contract, Customer
from tests.factories.tickets import make_ticket
from tests.programs import program_of
from tickets.models import Rating, Ticket
from tickets.operations.lifecycle import resolve_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def ticket(contact: User, contract: Contract, customer: Customer, tuesday: datetime) -> Ticket:
    return make_ticket(contact, customer, now=tuesday)


def test_a_call_is_arranged_moved_read_as_a_calendar_and_cancelled(
    ticket: Ticket, contact: User, engineer: User
) -> None:
    calls = f"/api/v1/tickets/{ticket.number}/calls/"
    ours, theirs = program_of(engineer), program_of(contact)
    body = {"starts_at": "2026-03-12T10:00:00-04:00", "topic": "Rollback", "how": "+1 312 555"}
    made = ours.post(calls, body)
    assert (made.status_code, made.json()["starts_at"]) == (201, "2026-03-12T14:00:00Z")
    call = f"{calls}{made.json()['key']}/"
    moved = ours.put(call, {"starts_at": "2026-03-13T14:00:00Z", "minutes": 45})
    assert (moved.json()["ends_at"], moved.json()["revision"]) == ("2026-03-13T14:45:00Z", 1)
    file = theirs.get(f"{call}calendar/", headers={"accept": "text/calendar"})
    assert file["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"DTSTART:20260313T140000Z" in file.content
    assert theirs.delete(call).status_code == 403
    assert ours.delete(call).json()["cancelled_at"] == "2026-03-10T15:00:00Z"
    assert ours.delete(call).status_code == 409
    assert b"METHOD:CANCEL" in theirs.get(f"{call}calendar/").content
    assert [one["topic"] for one in theirs.get(calls).json()["results"]] == ["Rollback"]


def test_a_call_in_the_past_names_its_field(ticket: Ticket, engineer: User) -> None:
    body = {"starts_at": "2026-03-09T10:00:00Z", "topic": "Rollback", "how": "We call"}
    refused = program_of(engineer).post(f"/api/v1/tickets/{ticket.number}/calls/", body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "starts_at"


def test_a_solved_ticket_is_rated_and_the_word_can_change(
    ticket: Ticket, contact: User, engineer: User
) -> None:
    ratings = f"/api/v1/tickets/{ticket.number}/ratings/"
    program = program_of(contact)
    assert program.post(ratings, {"score": 3}).status_code == 409
    resolve_ticket(ticket, resolution="Restart it.", by=engineer)
    assert program.post(ratings, {"score": 4}).status_code == 400
    assert program.post(ratings, {"score": 3}).status_code == 201
    program.post(ratings, {"score": 2, "comment": "Slow at first."})
    assert Rating.objects.count() == 1
    said = program.get(ratings).json()["results"]
    assert [(one["score"], one["comment"]) for one in said] == [(2, "Slow at first.")]
    assert program_of(engineer).post(ratings, {"score": 3}).status_code == 403
