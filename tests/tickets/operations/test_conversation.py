"""What is said on a ticket: the change, its one event, who is told, and what is refused."""

import uuid
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.choices import Role
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.models import Customer
from tests.factories import entitlements as people
from tests.factories.tickets import (
    TUESDAY,
    kinds_of,
    make_ticket,
    newest_event,
    nothing_changes,
    told_of,
)
from tests.racing import race, refusals
from tickets.choices import EventKind, TicketKind, TicketState
from tickets.errors import InvalidTransition
from tickets.models import Message, Note, Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import (
    answer_ticket,
    follow_up_ticket,
    overturn_answer,
    write_message,
    write_note,
)
from tickets.operations.lifecycle import close_ticket, resolve_ticket

pytestmark = pytest.mark.django_db

NOON = TUESDAY + timedelta(hours=1)
ONE = TUESDAY + timedelta(hours=2)
TWO = TUESDAY + timedelta(hours=3)


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


def answer(ticket: Ticket, by: User, *, qualified: bool = True, **given: object) -> Message:
    facts = {"body": "Please send us the backup log.", "now": NOON, **given}
    return answer_ticket(ticket, by=by, qualified=qualified, **facts)  # type: ignore[arg-type]  # the test's own


def test_a_qualified_answer_stops_the_clock_and_tells_the_customer(
    ticket: Ticket, engineer: User
) -> None:
    message = answer(ticket, engineer)

    ticket.refresh_from_db()
    assert ticket.response_clock is not None
    assert ticket.response_clock.stopped_at == NOON
    assert ticket.response_clock.next_step_at is None
    assert (ticket.state, ticket.assignee) == (TicketState.IN_PROGRESS, engineer)
    event = newest_event(ticket)
    assert (event.kind, event.by, event.at) == (EventKind.ANSWERED, engineer, NOON)
    assert event.details == {
        "message": message.pk,
        "qualified": True,
        "state": ["new", "in_progress"],
    }
    assert kinds_of(ticket) == [EventKind.ANSWERED]
    assert told_of(event) == {"Priya Raman"}


def test_an_acknowledgement_lets_the_clock_run_on(ticket: Ticket, engineer: User) -> None:
    answer(ticket, engineer, qualified=False)

    ticket.refresh_from_db()
    assert ticket.response_clock is not None
    assert ticket.response_clock.stopped_at is None
    assert newest_event(ticket).details["qualified"] is False


def test_an_answer_can_wait_for_the_customer(ticket: Ticket, engineer: User) -> None:
    answer(ticket, engineer, wait_for_customer=True)

    ticket.refresh_from_db()
    assert ticket.state == TicketState.WAITING_FOR_CUSTOMER


def test_an_account_manager_answers_without_becoming_the_owner(ticket: Ticket, tam: User) -> None:
    answer(ticket, tam, qualified=False)

    ticket.refresh_from_db()
    assert ticket.assignee is None
    assert ticket.messages.get().author == tam


def test_an_account_manager_gives_no_qualified_answer(ticket: Ticket, tam: User) -> None:
    with nothing_changes(), pytest.raises(NotAllowed):
        answer(ticket, tam)


def test_an_analyst_does_not_answer_what_the_lab_does_not_work_on(
    ticket: Ticket, analyst: User
) -> None:
    with nothing_changes(), pytest.raises(NotAllowed):
        answer(ticket, analyst)


def test_a_customer_does_not_answer_as_support(ticket: Ticket, contact: User) -> None:
    with nothing_changes(), pytest.raises(NotAllowed):
        answer(ticket, contact, qualified=False)


def test_an_answer_past_somebodys_newer_message_is_refused(
    ticket: Ticket, engineer: User, contact: User
) -> None:
    write_message(ticket, body="It works again.", by=contact, now=NOON)

    with nothing_changes(), pytest.raises(InvalidTransition) as refusal:
        answer(ticket, engineer, seen_message=0, now=ONE)

    assert refusal.value.field == "body"
    assert "Priya Raman wrote while you were writing" in refusal.value.message


def test_ones_own_newer_message_is_no_surprise(ticket: Ticket, engineer: User) -> None:
    answer(ticket, engineer)
    answer(ticket, engineer, seen_message=0, now=ONE)

    assert ticket.messages.count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_form_on_two_tickets_at_once_is_kept_on_one(
    ticket: Ticket, contact: User, customer: Customer
) -> None:
    key, other = uuid.uuid4(), make_ticket(contact, customer)
    outcomes = race(
        *(
            partial(write_message, one, body="Hm.", by=contact, submission_key=key)
            for one in (ticket, other)
        )
    )

    (refused,) = refusals(outcomes, InvalidInput)
    assert refused.message == "This form was sent already, on another ticket."
    assert Message.objects.filter(submission_key=key).count() == 1


def test_the_same_answer_sent_twice_is_kept_once(ticket: Ticket, engineer: User) -> None:
    key = uuid.uuid4()
    first = answer(ticket, engineer, submission_key=key)
    again = answer(ticket, engineer, submission_key=key)

    assert first == again
    assert kinds_of(ticket) == [EventKind.ANSWERED]


@pytest.mark.parametrize("body", ["", "  \n"])
def test_an_empty_answer_is_refused(ticket: Ticket, engineer: User, body: str) -> None:
    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        answer(ticket, engineer, body=body)

    assert refusal.value.field == "body"


def test_an_ended_ticket_takes_no_answer(ticket: Ticket, engineer: User) -> None:
    resolve_ticket(ticket, resolution="Update to 12.4.3.", by=engineer, now=NOON)

    with nothing_changes(), pytest.raises(InvalidTransition):
        answer(ticket, engineer, now=ONE)


def test_files_come_with_the_answer(ticket: Ticket, engineer: User) -> None:
    message = answer(ticket, engineer, files=[SimpleUploadedFile("fix.txt", b"exclude")])

    assert [file.name for file in message.attachments.all()] == ["fix.txt"]


def test_a_customers_message_makes_a_waiting_ticket_ours_again(
    ticket: Ticket, engineer: User, contact: User
) -> None:
    answer(ticket, engineer, wait_for_customer=True)
    message = write_message(ticket, body="Here is the log.", by=contact, now=ONE)

    ticket.refresh_from_db()
    assert ticket.state == TicketState.IN_PROGRESS
    event = newest_event(ticket)
    assert (event.kind, event.by) == (EventKind.CUSTOMER_WROTE, contact)
    assert event.details == {
        "message": message.pk,
        "state": ["waiting_for_customer", "in_progress"],
    }
    assert told_of(event) == {"Mara Kovac"}


def test_thanks_does_not_reopen(ticket: Ticket, engineer: User, contact: User) -> None:
    resolve_ticket(ticket, resolution="Update to 12.4.3.", by=engineer, now=NOON)
    write_message(ticket, body="Thanks!", by=contact, now=ONE)

    ticket.refresh_from_db()
    assert ticket.state == TicketState.RESOLVED


@pytest.mark.parametrize("stranger", ["foreign_contact", "engineer", "tam"])
def test_only_the_company_writes_as_the_customer(
    ticket: Ticket, stranger: str, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(stranger)

    with nothing_changes(), pytest.raises(NotAllowed):
        write_message(ticket, body="Hello.", by=by, now=NOON)


def test_a_closed_ticket_takes_no_message(ticket: Ticket, contact: User) -> None:
    close_ticket(ticket, by=contact, now=NOON)

    with nothing_changes(), pytest.raises(InvalidTransition):
        write_message(ticket, body="One more thing.", by=contact, now=ONE)


def test_an_empty_message_is_refused(ticket: Ticket, contact: User) -> None:
    with nothing_changes(), pytest.raises(InvalidInput):
        write_message(ticket, body=" ", by=contact, now=NOON)


def test_a_note_is_told_to_nobody(ticket: Ticket, engineer: User) -> None:
    note = write_note(ticket, body="Looks like rule 7.", by=engineer, now=NOON)

    event = newest_event(ticket)
    assert (event.kind, event.details) == (EventKind.NOTED, {"note": note.pk})
    assert told_of(event) == set()
    assert not ticket.messages.exists()


@pytest.mark.parametrize("stranger", ["contact", "foreign_contact", "analyst"])
def test_only_staff_of_the_ticket_writes_notes(
    ticket: Ticket, stranger: str, request: pytest.FixtureRequest
) -> None:
    by = request.getfixturevalue(stranger)

    with nothing_changes(), pytest.raises(NotAllowed):
        write_note(ticket, body="Hello.", by=by, now=NOON)


def test_the_same_note_saved_twice_is_kept_once(ticket: Ticket, engineer: User) -> None:
    key = uuid.uuid4()
    for _ in range(2):
        write_note(ticket, body="Looks like rule 7.", by=engineer, submission_key=key, now=NOON)

    assert Note.objects.count() == 1


def test_whose_engineer_works_here_no_more_is_heard_by_who_is_on_duty(
    ticket: Ticket, contact: User, engineer: User, duty_lead: User
) -> None:
    take_ticket(ticket, by=duty_lead, now=NOON)
    User.objects.filter(pk=duty_lead.pk).update(roles=[])
    write_message(ticket, body="Hello?", by=contact, now=ONE)

    assert str(engineer) in told_of(newest_event(ticket))


def test_a_reply_to_a_closed_ticket_opens_a_break_fix_follow_up(
    ticket: Ticket, contact: User
) -> None:
    close_ticket(ticket, by=contact, now=NOON)
    follow_up = follow_up_ticket(ticket, body="It is back.", by=contact, now=ONE)

    assert (follow_up.kind, follow_up.follows) == (TicketKind.BREAK_FIX, ticket)
    assert follow_up.subject == "Follow-up: Label-printer driver quarantined on 214 hosts"
    event = newest_event(ticket)
    assert (event.kind, event.details) == (EventKind.FOLLOWED_UP, {"ticket": follow_up.number})


def test_who_filed_or_watched_the_closed_ticket_gets_copies_of_the_follow_up(
    ticket: Ticket, contact: User, colleague: User, manager: User
) -> None:
    ticket.watchers.add(manager)
    close_ticket(ticket, by=contact, now=NOON)
    follow_up = follow_up_ticket(ticket, body="It is back.", by=colleague, now=ONE)

    assert set(follow_up.watchers.all()) == {contact, manager}


def test_an_open_ticket_is_not_followed_up(ticket: Ticket, contact: User) -> None:
    with nothing_changes(), pytest.raises(InvalidTransition):
        follow_up_ticket(ticket, body="It is back.", by=contact, now=NOON)


def test_a_stranger_follows_nothing_up(
    ticket: Ticket, contact: User, foreign_contact: User
) -> None:
    close_ticket(ticket, by=contact, now=NOON)

    with nothing_changes(), pytest.raises(NotAllowed):
        follow_up_ticket(ticket, body="It is back.", by=foreign_contact, now=ONE)


def test_an_overturned_answer_leaves_the_clock_as_it_would_have_been(
    ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    message = answer(ticket, engineer)
    overturn_answer(message, reason="It asks for nothing.", by=duty_lead, now=ONE)

    ticket.refresh_from_db()
    message.refresh_from_db()
    clock = ticket.response_clock
    assert clock is not None
    assert (clock.stopped_at, clock.due_at) == (None, datetime(2026, 3, 10, 23, 0, tzinfo=UTC))
    assert clock.replayed() == clock.figures
    # 50 % of 8 hours, 15:00 ET: the ladder is watched again.
    assert clock.next_step_at == datetime(2026, 3, 10, 19, 0, tzinfo=UTC)
    assert message.overturned_at == ONE
    event = newest_event(ticket)
    assert (event.kind, event.by, event.reason) == (
        EventKind.OVERTURNED,
        duty_lead,
        "It asks for nothing.",
    )
    assert event.details == {"message": message.pk}
    assert told_of(event) == {"Mara Kovac"}


def test_the_next_answer_that_stands_stops_an_overturned_clock(
    ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    first = answer(ticket, engineer)
    answer(ticket, engineer, now=ONE)
    overturn_answer(first, reason="It asks for nothing.", by=duty_lead, now=TWO)

    ticket.refresh_from_db()
    assert ticket.response_clock is not None
    assert ticket.response_clock.stopped_at == ONE
    assert ticket.response_clock.replayed() == ticket.response_clock.figures


def test_overturning_a_later_answer_leaves_the_clock_stopped(
    ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    answer(ticket, engineer)
    later = answer(ticket, engineer, now=ONE)
    overturn_answer(later, reason="It asks for nothing.", by=duty_lead, now=TWO)

    ticket.refresh_from_db()
    assert ticket.response_clock is not None
    assert ticket.response_clock.stopped_at == NOON


def test_an_overturned_clock_of_a_closed_ticket_stops_when_it_was_closed(
    ticket: Ticket, engineer: User, contact: User, duty_lead: User
) -> None:
    message = answer(ticket, engineer)
    close_ticket(ticket, by=contact, now=ONE)
    overturn_answer(message, reason="It asks for nothing.", by=duty_lead, now=TWO)

    ticket.refresh_from_db()
    assert ticket.response_clock is not None
    assert ticket.response_clock.stopped_at == ONE


def test_no_clock_runs_unseen_on_a_resolved_ticket(
    ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    resolve_ticket(ticket, resolution="Update to 12.4.3.", by=engineer, now=NOON)

    with nothing_changes(), pytest.raises(InvalidTransition):
        overturn_answer(ticket.messages.get(), reason="It solved nothing.", by=duty_lead, now=ONE)


def test_an_answer_is_overturned_with_a_reason_only(
    ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    message = answer(ticket, engineer)

    with nothing_changes(), pytest.raises(InvalidInput) as refusal:
        overturn_answer(message, reason=" ", by=duty_lead, now=ONE)

    assert refusal.value.field == "reason"


def test_an_acknowledgement_has_no_mark_to_overturn(
    ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    message = answer(ticket, engineer, qualified=False)

    with nothing_changes(), pytest.raises(InvalidTransition):
        overturn_answer(message, reason="It asks for nothing.", by=duty_lead, now=ONE)


def test_nobody_but_a_lead_overturns_and_no_lead_their_own(
    ticket: Ticket, engineer: User, contact: User, duty_lead: User
) -> None:
    message = answer(ticket, duty_lead)
    for by in (engineer, contact, duty_lead):
        with nothing_changes(), pytest.raises(NotAllowed):
            overturn_answer(message, reason="It asks for nothing.", by=by, now=ONE)


def test_an_answer_keeps_the_owner(ticket: Ticket, engineer: User) -> None:
    other = people.make_staff_member("Jan Novak", Role.ENGINEER)
    take_ticket(ticket, by=engineer, now=NOON)
    answer(ticket, other, now=ONE)

    ticket.refresh_from_db()
    assert ticket.assignee == engineer
