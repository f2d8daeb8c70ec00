"""Answers and notes, as staff send them from a ticket's page."""

import uuid
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from tests.factories.tickets import kinds_of, newest_event, nothing_changes
from tests.tickets.views.reading import words
from tests.tickets.views.staff_forms import act, reply
from tickets.choices import EventKind, TicketState
from tickets.models import Message, Note, Ticket
from tickets.operations.conversation import answer_ticket, write_message
from tickets.operations.lifecycle import resolve_ticket

pytestmark = pytest.mark.django_db


def test_a_qualified_answer_is_preselected_while_the_clock_runs_only(
    desk: Client, ticket: Ticket, engineer: User
) -> None:
    chosen = 'value="qualified" required checked'
    assert chosen in desk.get(ticket.get_absolute_url()).content.decode()

    answer_ticket(ticket, body="Send the log.", qualified=True, by=engineer)
    page = desk.get(ticket.get_absolute_url()).content.decode()
    assert chosen not in page
    assert 'value="acknowledgement" checked' in page


def test_a_qualified_answer_is_sent_and_stops_the_clock(
    desk: Client, ticket: Ticket, engineer: User, tuesday: datetime
) -> None:
    response = act(desk, "ticket_answers", ticket, reply(then="wait"))

    assert response.status_code == 302
    assert response["Location"] == ticket.get_absolute_url()
    ticket.refresh_from_db()
    assert ticket.response_clock is not None
    assert ticket.response_clock.stopped_at == tuesday
    assert ticket.state == TicketState.WAITING_FOR_CUSTOMER
    assert kinds_of(ticket) == [EventKind.ANSWERED]
    assert newest_event(ticket).details["qualified"] is True


def test_an_acknowledgement_is_sent_and_the_clock_runs_on(desk: Client, ticket: Ticket) -> None:
    act(desk, "ticket_answers", ticket, reply(answer_kind="acknowledgement"))

    ticket.refresh_from_db()
    assert ticket.response_clock is not None
    assert ticket.response_clock.stopped_at is None


def test_an_answer_carries_files(desk: Client, ticket: Ticket) -> None:
    act(desk, "ticket_answers", ticket, reply(files=SimpleUploadedFile("fix.txt", b"exclude")))

    assert [file.name for file in Message.objects.get().attachments.all()] == ["fix.txt"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"body": " "}, "Write something first."),
        ({"answer_kind": ""}, "Choose: a qualified answer, or an acknowledgement."),
        ({"files": SimpleUploadedFile("empty.txt", b"")}, "empty.txt is empty."),
    ],
)
def test_an_invalid_answer_comes_back_with_what_was_typed(
    desk: Client, ticket: Ticket, typed: dict[str, Any], said: str
) -> None:
    with nothing_changes():
        response = act(desk, "ticket_answers", ticket, {**reply(), **typed})

    assert response.status_code == 422
    page = words(response)
    assert said in page
    if "body" not in typed:
        assert "Please send us the backup log." in page


def test_what_was_written_as_a_note_never_goes_out_as_an_answer(
    desk: Client, ticket: Ticket
) -> None:
    with nothing_changes():
        response = act(desk, "ticket_answers", ticket, reply(kind="note", body="Our fault."))

    assert response.status_code == 422
    assert "This was written as an internal note. Save it as a note." in words(response)
    assert 'class="is-note" type="radio" name="kind" value="note" checked' in " ".join(
        response.content.decode().split()
    )


def test_an_answer_past_a_newer_message_comes_back_beside_that_message(
    desk: Client, ticket: Ticket, contact: User
) -> None:
    newer = write_message(ticket, body="It works again.", by=contact)
    with nothing_changes():
        response = act(desk, "ticket_answers", ticket, reply(seen_message=0))

    assert response.status_code == 409
    page = words(response)
    assert "Priya Raman wrote while you were writing." in page
    assert "It works again." in page
    assert "Please send us the backup log." in page
    # Sent once more from here, it has seen the message.
    assert f'name="seen_message" value="{newer.pk}"' in response.content.decode()


def test_the_same_answer_sent_twice_is_one_answer(desk: Client, ticket: Ticket) -> None:
    typed = reply()
    act(desk, "ticket_answers", ticket, typed)
    act(desk, "ticket_answers", ticket, typed)

    assert kinds_of(ticket) == [EventKind.ANSWERED]


def test_a_note_is_saved_for_staff(desk: Client, ticket: Ticket, engineer: User) -> None:
    act(desk, "ticket_notes", ticket, {"body": "Rule 7.", "submission_key": uuid.uuid4()})

    assert Note.objects.get().author == engineer
    assert kinds_of(ticket) == [EventKind.NOTED]
    assert not Message.objects.exists()


def test_an_empty_note_comes_back_as_a_note(desk: Client, ticket: Ticket) -> None:
    with nothing_changes():
        response = act(desk, "ticket_notes", ticket, {"body": "", "submission_key": uuid.uuid4()})

    assert response.status_code == 422
    assert "Write something first." in words(response)
    assert 'name="kind" value="note" checked' in response.content.decode()


def test_notes_are_still_written_on_an_ended_ticket(
    desk: Client, ticket: Ticket, engineer: User
) -> None:
    resolve_ticket(ticket, resolution="Solved.", by=engineer)
    page = words(desk.get(ticket.get_absolute_url()))

    assert "Notes can still be written." in page
    assert "Send and wait" not in page
    typed = {"body": "Hm.", "submission_key": uuid.uuid4()}
    file = SimpleUploadedFile("cause.txt", b"a driver")
    response = act(desk, "ticket_notes", ticket, {**typed, "files": file})
    assert response.status_code == 302
    assert Note.objects.get().attachments.get().name == "cause.txt"
