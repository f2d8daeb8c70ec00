"""The engineer's page of a ticket: what it shows, what each form does, and who may not."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.choices import Role
from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from notifications.models import Notice
from tests.factories import entitlements as people
from tests.factories.tickets import kinds_of, make_ticket, newest_event, nothing_changes
from tests.tickets.views.reading import queries_of, words
from tickets.choices import EventKind, TicketState
from tickets.models import Message, Note, Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket, write_message, write_note
from tickets.operations.customer_escalation import escalate_account, escalate_as_customer
from tickets.operations.escalation import escalate_ticket
from tickets.operations.lifecycle import resolve_ticket

pytestmark = pytest.mark.django_db

ACTIONS = (
    "ticket_answers",
    "ticket_notes",
    "ticket_assignment",
    "ticket_assignment_removal",
    "ticket_resolution",
    "ticket_severity",
    "ticket_lab_request",
    "ticket_lab_answer",
    "ticket_calls",
    "ticket_excuse",
)
# Tue 10 Mar 2026, 19:00 ET: the ticket's deadline.
DUE = datetime(2026, 3, 10, 23, 0, tzinfo=UTC)


@pytest.fixture
def desk(client: Client, engineer: User) -> Client:
    client.force_login(engineer)
    return client


@pytest.fixture
def other(db: None) -> User:
    return people.make_staff_member("Jan Novak", Role.ENGINEER)


@pytest.fixture
def foreign_ticket(foreign_contact: User, foreign_customer: Customer) -> Ticket:
    return make_ticket(foreign_contact, foreign_customer)


def act(client: Client, name: str, ticket: Ticket, typed: dict[str, Any] | None = None) -> Any:
    return client.post(reverse(name, args=[ticket.number]), typed or {})


def reply(**given: Any) -> dict[str, Any]:
    return {
        "kind": "reply",
        "body": "Please send us the backup log.",
        "answer_kind": "qualified",
        "seen_message": 0,
        "submission_key": uuid.uuid4(),
        **given,
    }


# What each form needs to be valid, so that only the person can be the reason of a refusal.
def valid(name: str, ticket: Ticket, engineer: User) -> dict[str, Any]:
    pin = ticket.customer.memberships.exclude(caller_pin="")[0].caller_pin
    return {
        "ticket_answers": reply(),
        "ticket_notes": {"body": "Looks like rule 7.", "submission_key": uuid.uuid4()},
        "ticket_assignment": {"to": engineer.pk, "reason": "Shift ends."},
        "ticket_assignment_removal": {},
        "ticket_resolution": {"resolution": "Update to 12.4.3.", "seen_message": 0},
        "ticket_severity": {"severity": 4, "reason": "A question."},
        "ticket_lab_request": {"reason": "Is the signature ours?"},
        "ticket_lab_answer": {"finding": "It is."},
        "ticket_calls": {"caller_pin": pin, "at": "2026-03-10T11:00"},
        "ticket_excuse": {"reason": "A power cut."},
    }[name]


# --- Who ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ACTIONS)
@pytest.mark.parametrize("role", ["contact", "colleague", "manager", "foreign_contact"])
def test_customers_find_no_staff_address(
    client: Client,
    ticket: Ticket,
    engineer: User,
    name: str,
    role: str,
    request: pytest.FixtureRequest,
) -> None:
    client.force_login(request.getfixturevalue(role))

    with nothing_changes():
        assert act(client, name, ticket, valid(name, ticket, engineer)).status_code == 404


@pytest.mark.parametrize("name", ACTIONS)
def test_an_account_manager_finds_no_foreign_ticket(
    client: Client, tam: User, foreign_ticket: Ticket, engineer: User, name: str
) -> None:
    client.force_login(tam)

    with nothing_changes():
        response = act(client, name, foreign_ticket, valid(name, foreign_ticket, engineer))
        assert response.status_code == 404
        assert client.get(foreign_ticket.get_absolute_url()).status_code == 404


@pytest.mark.parametrize("name", ACTIONS)
def test_an_analyst_finds_no_ticket_the_lab_does_not_work_on(
    client: Client, analyst: User, ticket: Ticket, engineer: User, name: str
) -> None:
    client.force_login(analyst)

    with nothing_changes():
        assert act(client, name, ticket, valid(name, ticket, engineer)).status_code == 404


@pytest.mark.parametrize("name", ACTIONS)
def test_the_signed_out_are_led_to_the_sign_in_and_change_nothing(
    client: Client, ticket: Ticket, engineer: User, name: str
) -> None:
    with nothing_changes():
        response = act(client, name, ticket, valid(name, ticket, engineer))

    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ACTIONS)
def test_changes_are_posted(desk: Client, ticket: Ticket, name: str) -> None:
    assert desk.get(reverse(name, args=[ticket.number])).status_code == 405


@pytest.mark.parametrize(
    ("role", "refused"),
    [
        ("tam", set(ACTIONS) - {"ticket_answers", "ticket_notes"} | {"ticket_answers"}),
        ("administrator", set(ACTIONS) - {"ticket_notes"}),
        ("engineer", {"ticket_excuse"}),
        ("duty_lead", set()),
        ("support_manager", set()),
    ],
)
def test_each_role_is_refused_what_it_may_not_do(
    client: Client,
    ticket: Ticket,
    other: User,
    role: str,
    refused: set[str],
    request: pytest.FixtureRequest,
) -> None:
    client.force_login(request.getfixturevalue(role))

    found = set()
    for name in ACTIONS:
        with transaction.atomic():
            if act(client, name, ticket, valid(name, ticket, other)).status_code == 403:
                found.add(name)
            transaction.set_rollback(True)
    assert found == refused


def test_an_account_manager_sees_no_button_of_an_engineer(
    client: Client, tam: User, ticket: Ticket
) -> None:
    client.force_login(tam)
    page = words(client.get(ticket.get_absolute_url()))

    for label in ("Take", "Resolve", "Change severity", "Log a call", "Qualified answer stops"):
        assert label not in page
    assert "Reply to customer" in page


# --- What the page shows ------------------------------------------------------------------------


def test_the_page_shows_ticket_customer_and_clock(desk: Client, ticket: Ticket) -> None:
    page = words(desk.get(ticket.get_absolute_url()))

    assert "Label printer quarantined" in page
    assert "Tue 10 Mar, 19:00 ET" in page
    assert "8 h left" in page
    assert "Why this deadline?" in page
    assert "Premium incidents 35 of 36 left" in page
    assert "Open tickets 1" in page
    assert "MSA Business, until 31 Dec 2026" in page
    assert "Account manager Ines Duarte" in page
    assert "Local time Tue 10 Mar, 11:00 ET" in page
    assert "50 % of the time" in page
    assert "15:00" in page


def test_a_note_is_marked_as_internal(desk: Client, ticket: Ticket, engineer: User) -> None:
    write_note(ticket, body="Looks like rule 7.", by=engineer)
    response = desk.get(ticket.get_absolute_url())

    assert "Internal note, not visible to Northwind Logistics" in words(response)
    assert '<li class="msg msg--internal"' in response.content.decode()


def test_the_thread_runs_by_time(
    desk: Client, ticket: Ticket, contact: User, engineer: User, tuesday: datetime
) -> None:
    minute = timedelta(minutes=1)
    take_ticket(ticket, by=engineer, now=tuesday + minute)
    write_note(ticket, body="beta note", by=engineer, now=tuesday + 2 * minute)
    answer_ticket(
        ticket, body="gamma answer", qualified=True, by=engineer, now=tuesday + 3 * minute
    )
    write_message(ticket, body="delta reply", by=contact, now=tuesday + 4 * minute)
    page = words(desk.get(ticket.get_absolute_url()))

    parts = (
        "Since the last update.",
        "took the ticket",
        "beta note",
        "gamma answer",
        "First answer after 3 min, the target was 8 h",
        "delta reply",
    )
    places = [page.index(part) for part in parts]
    assert places == sorted(places)


def test_a_breach_stands_on_the_ticket_with_who_was_told(
    desk: Client, ticket: Ticket, duty_lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = DUE + timedelta(minutes=1)
    with transaction.atomic():
        escalate_ticket(Ticket.objects.locked().get(pk=ticket.pk), now=late)
    monkeypatch.setattr("django.utils.timezone.now", lambda: late)
    response = desk.get(ticket.get_absolute_url())

    assert (
        "Missed: no qualified answer by Tue 10 Mar, 19:00 ET. Told: Ines Duarte, "
        "Jonas Lindqvist; at the customer: Priya Raman." in words(response)
    )
    assert "notice--breach" in response.content.decode()


def test_a_ticket_without_a_promise_says_so(
    desk: Client, contact: User, customer: Customer, tuesday: datetime
) -> None:
    ticket = make_ticket(contact, customer, kind="break_fix")

    assert "promises no time for High" in words(desk.get(ticket.get_absolute_url()))


def test_the_page_takes_as_many_queries_with_20_messages_as_with_one(
    desk: Client, ticket: Ticket, contact: User, customer: Customer, engineer: User
) -> None:
    make_ticket(contact, customer)
    trace = SimpleUploadedFile("trace.txt", b"one line")
    write_note(ticket, body="note", by=engineer, files=[trace])
    answer_ticket(ticket, body="answer", qualified=False, by=engineer)
    one = queries_of(desk, ticket.get_absolute_url())
    for _ in range(10):
        write_message(ticket, body="more", by=contact)
        write_note(
            ticket,
            body="more",
            by=engineer,
            files=[SimpleUploadedFile("trace.txt", b"one line")],
        )

    assert queries_of(desk, ticket.get_absolute_url()) == one
    assert one <= 22


def test_the_readers_notices_of_the_ticket_are_read(
    desk: Client, ticket: Ticket, contact: User, engineer: User
) -> None:
    take_ticket(ticket, by=engineer)
    write_message(ticket, body="More.", by=contact)
    assert Notice.objects.filter(recipient=engineer).unread().exists()

    desk.get(ticket.get_absolute_url())
    assert not Notice.objects.filter(recipient=engineer).unread().exists()


# --- Answers and notes --------------------------------------------------------------------------


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
    response = act(desk, "ticket_notes", ticket, {"body": "Hm.", "submission_key": uuid.uuid4()})
    assert response.status_code == 302


# --- The other forms ----------------------------------------------------------------------------


def test_a_ticket_is_taken_handed_over_and_put_back(
    desk: Client, ticket: Ticket, engineer: User, other: User
) -> None:
    act(desk, "ticket_assignment", ticket)
    ticket.refresh_from_db()
    assert ticket.assignee_id == engineer.pk

    act(desk, "ticket_assignment", ticket, {"to": other.pk, "reason": "Shift ends."})
    ticket.refresh_from_db()
    assert ticket.assignee_id == other.pk
    assert newest_event(ticket).reason == "Shift ends."

    act(desk, "ticket_assignment_removal", ticket)
    assert Ticket.objects.filter(pk=ticket.pk, assignee__isnull=True).exists()
    assert kinds_of(ticket) == [EventKind.TAKEN, EventKind.ASSIGNED, EventKind.RELEASED]


def test_a_ticket_somebody_has_is_not_taken(desk: Client, ticket: Ticket, other: User) -> None:
    take_ticket(ticket, by=other)
    with nothing_changes():
        response = act(desk, "ticket_assignment", ticket)

    assert response.status_code == 409
    assert "Jan Novak has this ticket." in words(response)


def test_a_hand_over_says_where_it_stands(desk: Client, ticket: Ticket, tam: User) -> None:
    with nothing_changes():
        response = act(desk, "ticket_assignment", ticket, {"to": tam.pk, "reason": ""})

    assert response.status_code == 422
    page = words(response)
    assert "Choose an engineer." in page
    assert "Say where it stands, for whoever takes over." in page


def test_a_ticket_is_resolved(desk: Client, ticket: Ticket) -> None:
    act(desk, "ticket_resolution", ticket, {"resolution": "Update to 12.4.3.", "seen_message": 0})

    ticket.refresh_from_db()
    assert ticket.state == TicketState.RESOLVED
    assert kinds_of(ticket) == [EventKind.RESOLVED]


def test_nobody_resolves_past_a_newer_message(desk: Client, ticket: Ticket, contact: User) -> None:
    write_message(ticket, body="It got worse.", by=contact)
    with nothing_changes():
        response = act(
            desk, "ticket_resolution", ticket, {"resolution": "Solved it.", "seen_message": 0}
        )

    assert response.status_code == 409
    page = words(response)
    assert "Priya Raman wrote while you were writing." in page
    assert "Solved it." in page


def test_a_resolution_needs_words(desk: Client, ticket: Ticket) -> None:
    with nothing_changes():
        response = act(desk, "ticket_resolution", ticket, {"resolution": "", "seen_message": 0})

    assert response.status_code == 422
    assert "Say what solved it." in words(response)


def test_the_severity_is_changed_with_a_reason(desk: Client, ticket: Ticket) -> None:
    act(desk, "ticket_severity", ticket, {"severity": 1, "reason": "All sites stopped."})

    ticket.refresh_from_db()
    assert ticket.severity == Severity.CRITICAL
    assert kinds_of(ticket) == [EventKind.SEVERITY_CHANGED]
    page = words(desk.get(ticket.get_absolute_url()))
    assert "changed the severity from High to Critical: All sites stopped." in page
    assert "Customer says High" in page


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"severity": 1, "reason": ""}, "Say why: the customer sees the reason."),
        ({"severity": 2, "reason": "It stays."}, "It is High already."),
        ({"severity": 7, "reason": "Worse."}, "Select a valid choice."),
    ],
)
def test_an_invalid_severity_comes_back_beside_its_field(
    desk: Client, ticket: Ticket, typed: dict[str, Any], said: str
) -> None:
    with nothing_changes():
        response = act(desk, "ticket_severity", ticket, typed)

    assert response.status_code == 422
    page = words(response)
    assert said in page
    assert typed["reason"] in page


def test_a_logged_call_starts_the_clock_that_waits_for_it(
    desk: Client,
    saturday: datetime,
    foreign_contact: User,
    foreign_customer: Customer,
) -> None:
    # Filed Sat 11:45:20 ET, the form opened 15 minutes later; the call came within that minute.
    filed_at = saturday - timedelta(minutes=15) + timedelta(seconds=20)
    ticket = make_ticket(
        foreign_contact, foreign_customer, severity=Severity.CRITICAL, now=filed_at
    )
    assert "Log the call: starts the clock" in words(desk.get(ticket.get_absolute_url()))
    pin = foreign_contact.memberships.get().caller_pin
    response = desk.post(
        reverse("ticket_calls", args=[ticket.number]),
        {"caller_pin": f"{pin[:3]} {pin[3:]}", "at": "2026-03-14T11:45"},
        follow=True,
    )

    assert "Call logged. The clock runs from it." in words(response)
    ticket.refresh_from_db()
    assert ticket.response_clock is not None
    assert ticket.response_clock.due_at == filed_at + timedelta(minutes=30)
    assert kinds_of(ticket) == [EventKind.CALLED]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"caller_pin": "000", "at": "2026-03-10T11:00"}, "Nobody of Northwind Logistics has"),
        ({"caller_pin": "", "at": "2026-03-10T11:00"}, "Ask the caller for their PIN."),
        ({"caller_pin": "000", "at": "soon"}, "Give day and time"),
    ],
)
def test_a_call_that_cannot_be_checked_is_not_logged(
    desk: Client, ticket: Ticket, typed: dict[str, Any], said: str
) -> None:
    with nothing_changes():
        response = act(desk, "ticket_calls", ticket, typed)

    assert response.status_code == 422
    assert said in words(response)


def test_a_lead_takes_a_qualified_mark_back(
    client: Client, ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    message = answer_ticket(ticket, body="We look.", qualified=True, by=engineer)
    client.force_login(duty_lead)
    assert "Not a qualified answer?" in words(client.get(ticket.get_absolute_url()))
    address = reverse("ticket_overturning", args=[ticket.number, message.pk])

    with nothing_changes():
        refused = client.post(address, {"reason": ""})
    assert refused.status_code == 422
    assert "Say why." in words(refused)

    client.post(address, {"reason": "It asks for nothing."})
    ticket.refresh_from_db()
    assert ticket.response_clock is not None
    assert ticket.response_clock.stopped_at is None
    assert kinds_of(ticket) == [EventKind.ANSWERED, EventKind.OVERTURNED]


def test_a_mark_is_overturned_on_its_own_ticket_only_and_by_a_lead_only(
    client: Client,
    ticket: Ticket,
    foreign_ticket: Ticket,
    engineer: User,
    duty_lead: User,
) -> None:
    message = answer_ticket(ticket, body="We look.", qualified=True, by=engineer)
    typed = {"reason": "It asks for nothing."}
    with nothing_changes():
        client.force_login(duty_lead)
        address = reverse("ticket_overturning", args=[foreign_ticket.number, message.pk])
        assert client.post(address, typed).status_code == 404
        client.force_login(engineer)
        address = reverse("ticket_overturning", args=[ticket.number, message.pk])
        assert client.post(address, typed).status_code == 403
        assert client.get(address).status_code == 405


def test_a_lead_excuses_a_miss(
    client: Client, ticket: Ticket, duty_lead: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: DUE + timedelta(minutes=1))
    client.force_login(duty_lead)
    with nothing_changes():
        assert act(client, "ticket_excuse", ticket, {"reason": ""}).status_code == 422

    act(client, "ticket_excuse", ticket, {"reason": "A power cut."})
    assert kinds_of(ticket) == [EventKind.EXCUSED]
    page = words(client.get(ticket.get_absolute_url()))
    assert "Missed and excused: due Tue 10 Mar, 19:00 ET." in page
    assert "Excuse it" not in page


def test_nothing_is_excused_in_time(client: Client, ticket: Ticket, duty_lead: User) -> None:
    client.force_login(duty_lead)
    with nothing_changes():
        response = act(client, "ticket_excuse", ticket, {"reason": "A power cut."})

    assert response.status_code == 409
    assert "This cannot be done on the ticket any more." in words(response)
    # The form is gone from the page, what was written into it is not.
    assert "What you had written A power cut." in words(response)


def test_the_page_says_who_owns_what_is_escalated_and_by_when_the_customer_hears(
    client: Client, ticket: Ticket, contact: User, tam: User, duty_lead: User, engineer: User
) -> None:
    escalation = escalate_as_customer(ticket, reason="Trucks are waiting.", by=contact)
    escalate_account(ticket.customer, reason="Three outages.", by=tam)
    client.force_login(engineer)

    page = words(client.get(ticket.get_absolute_url()))
    assert "Priya Raman escalated this" in page
    assert "Trucks are waiting. Jonas Lindqvist owns it. The customer hears by" in page
    assert "Ines Duarte escalated the whole account" in page
    assert (
        reverse("escalation", args=[escalation.pk])
        in client.get(ticket.get_absolute_url()).content.decode()
    )


# --- The lab ------------------------------------------------------------------------------------


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
