"""What is said and done on a ticket through the API: one operation a request, both sides."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import User
from tests.programs import program_of
from tickets.choices import EventKind, TicketState
from tickets.models import Message, Note, Sending, Ticket, TicketEvent
from tickets.operations.conversation import write_message, write_note

TICKETS = "/api/v1/tickets/"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tuesday")]


@pytest.fixture
def customer_side(contact: User) -> APIClient:
    return program_of(contact)


@pytest.fixture
def staff_side(engineer: User) -> APIClient:
    return program_of(engineer)


@pytest.fixture
def ticket(customer_side: APIClient) -> Ticket:
    body = {
        "company": "northwind-logistics",
        "kind": "premium",
        "severity": 2,
        "subject": "Printers stopped",
        "description": "All of them.",
    }
    number = customer_side.post(TICKETS, body).json()["number"]
    return Ticket.objects.get(number=number)


def address(ticket: Ticket, part: str) -> str:
    return f"{TICKETS}{ticket.number}/{part}/"


def errors(answer: Any) -> list[tuple[str | None, str]]:
    return [(one["field"], one["code"]) for one in answer.json()["errors"]]


def test_an_answer_of_a_program_is_a_message_at_once(
    ticket: Ticket, staff_side: APIClient, settings: Any
) -> None:
    settings.SEND_HOLD_SECONDS = 10.0
    body = {"body": "Exclude the driver.", "qualified": True, "seen_message": 0}
    answer = staff_side.post(address(ticket, "messages"), body)
    assert answer.json()["id"] == Message.objects.get().pk
    assert not Sending.objects.exists()


def test_a_qualified_answer_stops_the_clock(
    ticket: Ticket, staff_side: APIClient, customer_side: APIClient
) -> None:
    answer = staff_side.post(
        address(ticket, "messages"),
        {"body": "Exclude the driver; the fix is in test.", "qualified": True, "seen_message": 0},
    )
    assert answer.status_code == 201
    assert answer.json()["qualified"] is True
    told = customer_side.get(f"{TICKETS}{ticket.number}/").json()
    assert (told["clock"]["state"], told["clock"]["stopped_at"]) == ("met", "2026-03-10T15:00:00Z")
    assert told["assignee"] == {"name": "Mara Kovac", "is_staff": True}
    (message,) = customer_side.get(address(ticket, "messages")).json()["results"]
    assert message["author"] == {"name": "Mara Kovac", "is_staff": True}


def test_an_acknowledgement_does_not(ticket: Ticket, staff_side: APIClient) -> None:
    body = {"body": "We look into it.", "qualified": False}
    assert staff_side.post(address(ticket, "messages"), body).status_code == 201
    assert staff_side.get(f"{TICKETS}{ticket.number}/").json()["clock"]["state"] == "running"


def test_staff_say_whether_an_answer_is_qualified(ticket: Ticket, staff_side: APIClient) -> None:
    answer = staff_side.post(address(ticket, "messages"), {"body": "Hello."})
    assert (answer.status_code, errors(answer)) == (400, [("qualified", "required")])
    assert not Message.objects.exists()


def test_a_customer_cannot_mark_a_message_as_an_answer(
    ticket: Ticket, customer_side: APIClient
) -> None:
    body = {"body": "Solved it myself.", "qualified": True}
    answer = customer_side.post(address(ticket, "messages"), body)
    assert (answer.status_code, errors(answer)) == (400, [("qualified", "unknown")])
    assert not Message.objects.exists()


def test_nobody_answers_past_a_message_they_have_not_read(
    ticket: Ticket, staff_side: APIClient, contact: User
) -> None:
    write_message(ticket, body="It got worse.", by=contact)
    answer = staff_side.post(
        address(ticket, "messages"), {"body": "Hello.", "qualified": True, "seen_message": 0}
    )
    assert (answer.status_code, errors(answer)) == (409, [("body", "invalid_transition")])


def test_a_message_sent_twice_is_kept_once(ticket: Ticket, customer_side: APIClient) -> None:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    for _ in range(2):
        answer = customer_side.post(
            address(ticket, "messages"), {"body": "Any news?"}, headers=headers
        )
        assert answer.status_code == 201
    assert Message.objects.count() == 1
    other = customer_side.post(address(ticket, "messages"), {"body": "Other"}, headers=headers)
    assert (other.status_code, errors(other)) == (422, [("Idempotency-Key", "key_reused")])


def test_a_note_is_written_and_read_by_staff(ticket: Ticket, staff_side: APIClient) -> None:
    answer = staff_side.post(address(ticket, "notes"), {"body": "Rule 7 is too wide."})
    assert answer.status_code == 201
    assert Note.objects.get().body == "Rule 7 is too wide."
    (note,) = staff_side.get(address(ticket, "notes")).json()["results"]
    assert note["body"] == "Rule 7 is too wide."


def test_a_ticket_goes_its_whole_way(
    ticket: Ticket, staff_side: APIClient, customer_side: APIClient, engineer: User, duty_lead: User
) -> None:
    def state(answer: Any) -> str:
        assert answer.status_code == 200, answer.content
        return str(answer.json()["state"])

    took = staff_side.post(address(ticket, "assignment"), {"assignee": "me"})
    assert state(took) == TicketState.IN_PROGRESS
    released = staff_side.delete(address(ticket, "assignment"))
    assert released.json()["assignee"] is None
    given = staff_side.post(address(ticket, "assignment"), {"assignee": duty_lead.email.upper()})
    assert given.json()["assignee"]["name"] == "Jonas Lindqvist"
    solved = staff_side.post(address(ticket, "resolution"), {"resolution": "Update 4711."})
    assert state(solved) == TicketState.RESOLVED
    back = customer_side.post(address(ticket, "reopening"), {"reason": "Two hosts still fail."})
    assert state(back) == TicketState.IN_PROGRESS
    solved = staff_side.post(address(ticket, "resolution"), {"resolution": "Update 4712."})
    assert state(solved) == TicketState.RESOLVED
    closed = customer_side.post(address(ticket, "closure"))
    assert state(closed) == TicketState.CLOSED
    late = customer_side.post(address(ticket, "messages"), {"body": "Thanks."})
    assert (late.status_code, errors(late)) == (409, [(None, "invalid_transition")])

    kinds = [one["kind"] for one in customer_side.get(address(ticket, "events")).json()["results"]]
    assert kinds == [
        EventKind.FILED,
        EventKind.TAKEN,
        EventKind.RELEASED,
        EventKind.ASSIGNED,
        EventKind.RESOLVED,
        EventKind.REOPENED,
        EventKind.RESOLVED,
        EventKind.CLOSED,
    ]


def test_nobody_but_an_engineer_is_given_a_ticket(
    ticket: Ticket, staff_side: APIClient, tam: User, contact: User
) -> None:
    for address_of in (tam.email, contact.email, "nobody@orrin.example"):
        answer = staff_side.post(address(ticket, "assignment"), {"assignee": address_of})
        assert (answer.status_code, errors(answer)) == (400, [("assignee", "unknown")])


def test_a_customer_learns_no_engineers_address_by_assigning(
    ticket: Ticket, customer_side: APIClient, duty_lead: User
) -> None:
    answers = [
        customer_side.post(address(ticket, "assignment"), {"assignee": one})
        for one in (duty_lead.email, "nobody@orrin.example")
    ]
    assert {one.status_code for one in answers} == {403}
    assert answers[0].content == answers[1].content


def test_staff_change_the_severity_and_the_customer_contests_it(
    ticket: Ticket, staff_side: APIClient, customer_side: APIClient
) -> None:
    asked = customer_side.post(
        address(ticket, "severity"), {"severity": 1, "reason": "Nothing can be shipped."}
    ).json()
    assert (asked["severity"], asked["asked_severity"]) == (2, 1)
    changed = staff_side.post(
        address(ticket, "severity"), {"severity": 1, "reason": "You are right."}
    ).json()
    assert changed["severity"] == 1
    # Raised at Tue 11:00 ET to Critical: 2 hours around the clock.
    assert changed["clock"]["due_at"] == "2026-03-10T17:00:00Z"
    last = customer_side.get(address(ticket, "events")).json()["results"][-1]
    assert (last["kind"], last["reason"]) == ("severity_changed", "You are right.")
    assert last["details"] == {"severity": [2, 1]}


def test_a_refused_change_leaves_the_ticket_as_it_was(
    ticket: Ticket, staff_side: APIClient
) -> None:
    before = TicketEvent.objects.count()
    answer = staff_side.post(address(ticket, "severity"), {"severity": 2, "reason": "Same."})
    assert (answer.status_code, errors(answer)) == (422, [("severity", "invalid_input")])
    assert TicketEvent.objects.count() == before


def test_files_are_listed_with_their_address_and_those_of_notes_for_staff_only(
    ticket: Ticket, contact: User, engineer: User, staff_side: APIClient, customer_side: APIClient
) -> None:
    log = SimpleUploadedFile("spooler.log", b"12345", "text/plain")
    write_message(ticket, body="The log.", by=contact, files=[log])
    secret = SimpleUploadedFile("analysis.txt", b"rule 7", "text/plain")
    write_note(ticket, body="Mine.", by=engineer, files=[secret])

    (file,) = customer_side.get(address(ticket, "attachments")).json()["results"]
    assert (file["name"], file["size_bytes"]) == ("spooler.log", 5)
    # printf 12345 | sha256sum
    assert file["sha256"] == "5994471abb01112afcc18159f6cc74b4f511b99806da59b3caf5a9c173cacfc5"
    assert file["url"] == f"/api/v1/tickets/{ticket.number}/attachments/{file['id']}/"
    assert "note" not in file
    got = customer_side.get(file["url"], headers={"Accept": "application/octet-stream"})
    assert b"".join(got) == b"12345"
    assert got["Content-Type"] == "application/octet-stream"
    assert got["Content-Disposition"] == 'attachment; filename="spooler.log"'
    assert got["X-Content-Type-Options"] == "nosniff"
    listed = staff_side.get(address(ticket, "attachments")).json()["results"]
    assert [one["name"] for one in listed] == ["spooler.log", "analysis.txt"]
    assert b"".join(staff_side.get(listed[1]["url"])) == b"rule 7"
    unseen = customer_side.get(listed[1]["url"])
    missing = customer_side.get(address(ticket, "attachments") + "999999/")
    assert (unseen.status_code, unseen.content) == (404, missing.content)
