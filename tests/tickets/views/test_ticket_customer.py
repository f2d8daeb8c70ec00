"""The ticket as its customer reads it, and what they do on it."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer, Membership
from notifications.models import Notice
from tests.tickets.views.reading import queries_of, words
from tickets.choices import Channel, EventKind, TicketKind, TicketState
from tickets.models import Attachment, Message, Ticket, TicketEvent
from tickets.operations.assignment import assign_ticket, take_ticket
from tickets.operations.conversation import (
    answer_ticket,
    overturn_answer,
    write_message,
    write_note,
)
from tickets.operations.customer_escalation import escalate_as_customer
from tickets.operations.escalation_course import answer_escalation, hand_over_escalation
from tickets.operations.excuses import excuse_breach
from tickets.operations.filing import file_ticket
from tickets.operations.lifecycle import close_ticket, reopen_ticket, resolve_ticket
from tickets.operations.phone import log_phone_call
from tickets.operations.severity import change_severity

pytestmark = pytest.mark.django_db

ACTS = ("messages", "closure", "reopening", "severity-contest", "escalation")


def address(ticket: Ticket, act: str = "") -> str:
    return f"/tickets/{ticket.number}/" + (f"{act}/" if act else "")


def test_the_page_shows_the_filing_the_clock_and_the_terms(
    client: Client, ticket: Ticket, contact: User
) -> None:
    client.force_login(contact)
    text = words(client.get(address(ticket)))
    for expected in (
        "Since the last update.",
        "Priya Raman Northwind Logistics",
        "Tuesday 10 March",
        "We answer by On track Tue 10 Mar, 19:00 ET",
        "Why this deadline?",
        "8 hours",
        "Kind Premium incident",
        "Terms MSA Business",
        "Coverage Mon–Fri 09:00–19:00 ET",
        "Contract C-2026-0417",
        "Endpoint Protection 12.4.2",
        "Nobody yet",
    ):
        assert expected in text, expected
    assert "Secretly" not in text


def test_the_contracts_zone_stands_beside_each_promise_for_whoever_lives_elsewhere(
    client: Client, ticket: Ticket, contact: User
) -> None:
    contact.timezone = "Europe/Berlin"
    contact.save()
    client.force_login(contact)
    page = words(client.get(address(ticket)))
    assert "We answer by Wed 11 Mar, 00:00 CET (Tue 10 Mar, 19:00 ET)." in page
    assert "Wed 11 Mar, 00:00 CET That is Tue 10 Mar, 19:00 ET." in page
    for path in ("/", "/tickets/"):
        listed = words(client.get(path))
        assert "Answer by Wed 11 Mar, 00:00 CET (Tue 10 Mar, 19:00 ET)" in listed, path


def test_a_ticket_without_a_target_says_that_nothing_is_promised(
    client: Client, contact: User, customer: Customer, contract: object, tuesday: datetime
) -> None:
    ticket = file_ticket(
        customer=customer,
        by=contact,
        kind=TicketKind.BREAK_FIX,
        severity=Severity.CRITICAL,
        subject="It broke",
        description="At noon.",
        now=tuesday,
    )
    client.force_login(contact)
    text = words(client.get(address(ticket)))
    assert "No promised time; covered Mon–Fri 10:00–17:00 ET." in text
    assert "Terms Standard Support" in text


def test_others_do_not_find_it(client: Client, ticket: Ticket, foreign_contact: User) -> None:
    client.force_login(foreign_contact)
    assert client.get(address(ticket)).status_code == 404
    for act in ACTS:
        assert client.post(address(ticket, act), {"body": "x", "reason": "x"}).status_code == 404
    assert not Message.objects.exists()


def test_a_colleague_without_the_right_does_not_find_it_until_they_get_a_copy(
    client: Client, ticket: Ticket, colleague: User
) -> None:
    client.force_login(colleague)
    assert client.get(address(ticket)).status_code == 404
    ticket.watchers.add(colleague)
    assert client.get(address(ticket)).status_code == 200


def test_nobody_who_left_is_said_to_read_it(
    client: Client, ticket: Ticket, contact: User, colleague: User, engineer: User
) -> None:
    ticket.watchers.add(colleague)
    client.force_login(contact)
    assert f"{colleague.get_short_name()} and we read this" in words(client.get(address(ticket)))
    Membership.objects.filter(user=colleague).update(left_at=ticket.filed_at)
    page = words(client.get(address(ticket)))
    assert colleague.name not in page
    assert "We read this" in page

    client.force_login(engineer)
    assert f"{contact.name} gets this by mail" in words(client.get(ticket.get_absolute_url()))
    Membership.objects.filter(user=contact).update(left_at=ticket.filed_at)
    assert "Nobody gets this by mail" in words(client.get(ticket.get_absolute_url()))


def test_the_signed_out_are_led_to_the_sign_in_page(client: Client, ticket: Ticket) -> None:
    assert client.get(address(ticket)).status_code == 302
    for act in ACTS:
        response = client.post(address(ticket, act), {"body": "x"})
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/login/")


def test_acts_are_posted_only(client: Client, ticket: Ticket, contact: User) -> None:
    client.force_login(contact)
    for act in ACTS:
        assert client.get(address(ticket, act)).status_code == 405


def test_staff_do_not_act_as_the_customer(client: Client, ticket: Ticket, engineer: User) -> None:
    client.force_login(engineer)
    for act in ACTS:
        assert client.post(address(ticket, act), {"body": "x", "reason": "x"}).status_code == 403


def test_a_tam_sees_the_ticket_and_does_not_act_on_it(
    client: Client, ticket: Ticket, tam: User
) -> None:
    client.force_login(tam)
    assert client.post(address(ticket, "messages"), {"body": "x"}).status_code == 403


def test_a_reply_is_kept_with_its_file_and_brings_the_ticket_back(
    client: Client, ticket: Ticket, contact: User, engineer: User, tuesday: datetime
) -> None:
    answer_ticket(
        ticket,
        body="Which build?",
        qualified=True,
        wait_for_customer=True,
        by=engineer,
        now=tuesday,
    )
    client.force_login(contact)
    assert "Your turn: we wait for you." in words(client.get(address(ticket)))
    response = client.post(
        address(ticket, "messages"),
        {"body": "Build **8810**", "files": [SimpleUploadedFile("build.log", b"8810")]},
        follow=True,
    )
    assert "Your reply is sent." in words(response)
    assert "<strong>8810</strong>" in response.content.decode()
    assert "build.log" in words(response)
    ticket.refresh_from_db()
    assert ticket.state == TicketState.IN_PROGRESS


def test_a_reply_sent_twice_is_kept_once(client: Client, ticket: Ticket, contact: User) -> None:
    client.force_login(contact)
    sent = {"body": "Once", "submission_key": str(uuid.uuid4())}
    client.post(address(ticket, "messages"), sent)
    client.post(address(ticket, "messages"), sent)
    assert Message.objects.count() == 1


def test_an_empty_reply_is_told_and_nothing_is_kept(
    client: Client, ticket: Ticket, contact: User
) -> None:
    client.force_login(contact)
    response = client.post(address(ticket, "messages"), {"body": "  "})
    assert response.status_code == 422
    assert "Write something first." in words(response)
    assert not Message.objects.exists()


def test_a_file_over_the_limit_leaves_the_text_in_the_composer(
    client: Client, ticket: Ticket, contact: User, settings: Any
) -> None:
    settings.ATTACHMENT_MAX_BYTES = 1024
    client.force_login(contact)
    response = client.post(
        address(ticket, "messages"),
        {"body": "Typed text", "files": [SimpleUploadedFile("huge.zip", b"x" * 100_000)]},
    )
    assert response.status_code == 422
    assert "huge.zip is larger than" in words(response)
    assert "Typed text" in response.content.decode()
    assert not Message.objects.exists()


def test_a_reply_to_a_ticket_closed_meanwhile_is_kept_and_offers_a_follow_up(
    client: Client, ticket: Ticket, contact: User, tuesday: datetime
) -> None:
    close_ticket(ticket, by=contact, now=tuesday)
    client.force_login(contact)
    response = client.post(address(ticket, "messages"), {"body": "Typed text"})
    assert response.status_code == 409
    assert "This ticket is closed. Your reply can open a follow-up." in words(response)
    assert "Typed text" in response.content.decode()
    assert 'name="follow_up" value="1"' in response.content.decode()


def test_a_reply_to_a_closed_ticket_files_a_follow_up_with_its_files(
    client: Client, ticket: Ticket, contact: User, tuesday: datetime
) -> None:
    close_ticket(ticket, by=contact, now=tuesday)
    client.force_login(contact)
    response = client.post(
        address(ticket, "messages"),
        {
            "body": "It is back.",
            "follow_up": "1",
            "submission_key": str(uuid.uuid4()),
            "files": [SimpleUploadedFile("again.log", b"again")],
        },
    )
    follow_up = Ticket.objects.latest("number")
    assert response["Location"] == address(follow_up)
    assert (follow_up.follows, follow_up.kind) == (ticket, TicketKind.BREAK_FIX)
    assert follow_up.attachments.get().name == "again.log"
    page = words(client.get(address(ticket)))
    assert f"Followed up in {follow_up.reference}" in page
    assert TicketEvent.objects.filter(ticket=ticket, kind=EventKind.FOLLOWED_UP).count() == 1


def test_a_follow_up_of_an_open_ticket_is_refused_with_the_text_kept(
    client: Client, ticket: Ticket, contact: User
) -> None:
    client.force_login(contact)
    sent = {"body": "Typed text", "follow_up": "1"}
    response = client.post(address(ticket, "messages"), sent)
    assert response.status_code == 409
    assert "Typed text" in response.content.decode()
    assert Ticket.objects.count() == 1


def test_a_solved_ticket_is_confirmed(
    client: Client, ticket: Ticket, contact: User, engineer: User, tuesday: datetime
) -> None:
    resolve_ticket(ticket, resolution="Fixed in 8812.", by=engineer, now=tuesday)
    client.force_login(contact)
    assert "Does it work now?" in words(client.get(address(ticket)))
    response = client.post(address(ticket, "closure"), follow=True)
    assert f"{ticket.reference} is closed." in words(response)
    ticket.refresh_from_db()
    assert ticket.state == TicketState.CLOSED
    again = client.post(address(ticket, "closure"))
    assert again.status_code == 409
    assert "This ticket is closed already." in words(again)


def test_a_solved_ticket_is_reopened_with_a_reason(
    client: Client, ticket: Ticket, contact: User, engineer: User, tuesday: datetime
) -> None:
    resolve_ticket(ticket, resolution="Fixed in 8812.", by=engineer, now=tuesday)
    client.force_login(contact)
    empty = client.post(address(ticket, "reopening"), {"reason": ""})
    assert empty.status_code == 422
    assert "Say what does not work" in words(empty)
    response = client.post(address(ticket, "reopening"), {"reason": "Site 3 fails."}, follow=True)
    assert "is open again" in words(response)
    assert "Site 3 fails." in words(response)
    ticket.refresh_from_db()
    assert ticket.state == TicketState.IN_PROGRESS


def test_after_fourteen_days_nothing_is_reopened(
    client: Client,
    *,
    ticket: Ticket,
    contact: User,
    engineer: User,
    tuesday: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolve_ticket(ticket, resolution="Fixed in 8812.", by=engineer, now=tuesday)
    later = tuesday + timedelta(days=14)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    client.force_login(contact)
    assert "No, reopen it" not in words(client.get(address(ticket)))
    response = client.post(address(ticket, "reopening"), {"reason": "Typed text"})
    assert response.status_code == 409
    assert "Only a ticket resolved within the last 14 days is reopened." in words(response)
    assert "You wrote: Typed text" in words(response)


@pytest.mark.parametrize("act", ["severity-contest", "escalation"])
def test_what_comes_too_late_is_told_with_what_was_typed(
    client: Client, ticket: Ticket, contact: User, tuesday: datetime, act: str
) -> None:
    close_ticket(ticket, by=contact, now=tuesday)
    client.force_login(contact)
    sent = {"severity": "1", "reason": "Typed text"}
    response = client.post(address(ticket, act), sent)
    assert response.status_code == 409
    assert "You wrote: Typed text" in words(response)


def test_the_severity_is_contested(client: Client, ticket: Ticket, contact: User) -> None:
    client.force_login(contact)
    sent = {"severity": "1", "reason": "All five sites stand still."}
    response = client.post(address(ticket, "severity-contest"), sent, follow=True)
    text = words(response)
    assert "asks for Critical: All five sites stand still." in text
    assert "you asked for Critical" in text
    ticket.refresh_from_db()
    assert (ticket.severity, ticket.asked_severity) == (2, 1)


@pytest.mark.parametrize("severity", ["", "2", "9", "x"])
def test_a_contest_without_another_severity_keeps_the_reason(
    client: Client, ticket: Ticket, contact: User, severity: str
) -> None:
    client.force_login(contact)
    sent = {"severity": severity, "reason": "Typed text"}
    response = client.post(address(ticket, "severity-contest"), sent)
    assert response.status_code == 422
    assert "Typed text" in response.content.decode()


def test_a_ticket_is_escalated_once_and_says_who_owns_it_and_by_when_they_hear(
    client: Client, ticket: Ticket, contact: User, duty_lead: User
) -> None:
    client.force_login(contact)
    assert client.post(address(ticket, "escalation"), {"reason": " "}).status_code == 422
    response = client.post(
        address(ticket, "escalation"), {"reason": "We need a call."}, follow=True
    )
    text = words(response)
    assert "escalated this: We need a call." in text
    assert "Jonas Lindqvist owns it. You hear by Tue 10 Mar, 12:00 ET." in text
    assert Notice.objects.filter(recipient=duty_lead, kind=EventKind.HELP_REQUESTED).exists()
    again = client.post(address(ticket, "escalation"), {"reason": "Typed text"})
    assert again.status_code == 409
    assert "Typed text" in again.content.decode()


def test_a_superseded_deadline_stays_on_record(
    client: Client, ticket: Ticket, contact: User, engineer: User, tuesday: datetime
) -> None:
    change_severity(
        ticket,
        severity=Severity.CRITICAL,
        reason="Dispatch stands still.",
        by=engineer,
        now=tuesday + timedelta(hours=1),
    )
    client.force_login(contact)
    text = words(client.get(address(ticket)))
    # Critical: 2 hours from the change at 12:00 ET.
    assert "Tue 10 Mar, 14:00 ET" in text
    assert "Earlier deadlines Tue 10 Mar, 19:00 ET, replaced Tue 10 Mar, 12:00 by Mara" in text
    assert "changed the severity from High to Critical: Dispatch stands still." in text


def test_a_clock_that_waits_for_a_call_shows_number_and_pin_to_its_holder_only(
    client: Client, foreign_contact: User, foreign_customer: Customer, saturday: datetime
) -> None:
    ticket = file_ticket(
        customer=foreign_customer,
        by=foreign_contact,
        kind=TicketKind.PREMIUM,
        severity=Severity.CRITICAL,
        subject="Ward terminals freeze",
        description="All of them.",
        now=saturday,
    )
    pin = Membership.objects.get(user=foreign_contact).caller_pin
    client.force_login(foreign_contact)
    text = words(client.get(address(ticket)))
    assert "Call now: the clock starts with your call" in text
    assert f"{pin[:3]} {pin[3:]}" in text
    other = User.objects.create_user("other@eastgate.example", None, name="Other Person")
    Membership.objects.create(user=other, customer=foreign_customer, sees_company=True)
    client.force_login(other)
    text = words(client.get(address(ticket)))
    assert "A technical contact calls now" in text
    assert f"{pin[:3]} {pin[3:]}" not in text


def test_the_clock_runs_from_the_call(
    client: Client,
    foreign_contact: User,
    foreign_customer: Customer,
    engineer: User,
    saturday: datetime,
) -> None:
    ticket = file_ticket(
        customer=foreign_customer,
        by=foreign_contact,
        kind=TicketKind.PREMIUM,
        severity=Severity.CRITICAL,
        subject="Ward terminals freeze",
        description="All of them.",
        now=saturday,
    )
    pin = Membership.objects.get(user=foreign_contact).caller_pin
    log_phone_call(ticket, caller_pin=pin, at=saturday, by=engineer, now=saturday)
    client.force_login(foreign_contact)
    text = words(client.get(address(ticket)))
    assert "Sat 14 Mar, 12:30 ET" in text
    assert "Owen Hart called at 12:00 ET" in text
    assert "Call now" not in text


def test_the_first_answer_is_told_with_its_target(
    client: Client, ticket: Ticket, contact: User, engineer: User, tuesday: datetime
) -> None:
    later = tuesday + timedelta(minutes=28)
    answer_ticket(ticket, body="Try this.", qualified=True, by=engineer, now=later)
    client.force_login(contact)
    text = words(client.get(address(ticket)))
    assert "First answer after 28 min, the target was 8 h" in text
    assert "Mara Kovac Orrin Support" in text


def test_notes_and_what_was_written_for_colleagues_never_appear(
    client: Client,
    *,
    ticket: Ticket,
    contact: User,
    engineer: User,
    duty_lead: User,
    tuesday: datetime,
) -> None:
    secret = "INTERNAL-ONLY"
    late = tuesday + timedelta(hours=9)
    take_ticket(ticket, by=engineer, now=tuesday)
    write_note(
        ticket,
        body=f"{secret} note",
        by=engineer,
        files=[SimpleUploadedFile(f"{secret}.txt", b"x")],
        now=tuesday,
    )
    assign_ticket(ticket, to=duty_lead, by=engineer, reason=f"{secret} handover", now=tuesday)
    answer = answer_ticket(ticket, body="Hello", qualified=True, by=engineer, now=tuesday)
    overturn_answer(answer, reason=f"{secret} overturned", by=duty_lead, now=tuesday)
    answer_ticket(ticket, body="Now really", qualified=True, by=engineer, now=late)
    excuse_breach(ticket, reason=f"{secret} excuse", by=duty_lead, now=late)
    TicketEvent.objects.create(
        ticket=ticket, kind=EventKind.ESCALATED, at=tuesday, reason=secret, details={"step": secret}
    )
    client.force_login(contact)
    for path in (
        "/",
        "/tickets/",
        "/tickets/?state=all&q=internal",
        f"/tickets/new/?follows={ticket.number}",
        "/notices/",
        address(ticket),
    ):
        response = client.get(path)
        assert response.status_code == 200
        assert secret not in response.content.decode(), path
    failed = client.post(address(ticket, "messages"), {"body": ""})
    assert secret not in failed.content.decode()


def test_every_kind_of_event_has_words_for_the_customer(
    client: Client,
    *,
    ticket: Ticket,
    contact: User,
    engineer: User,
    duty_lead: User,
    support_manager: User,
    tuesday: datetime,
) -> None:
    escalation = escalate_as_customer(ticket, reason="Call us.", by=contact, now=tuesday)
    answer_escalation(
        escalation,
        body="I call at noon.",
        next_word_in=timedelta(hours=1),
        by=duty_lead,
        now=tuesday,
    )
    hand_over_escalation(
        escalation, to=duty_lead, reason="Secretly yours.", by=support_manager, now=tuesday
    )
    resolve_ticket(ticket, resolution="Done.", by=engineer, now=tuesday)
    reopen_ticket(ticket, reason="No.", by=contact, now=tuesday)
    write_message(ticket, body="Look again.", by=contact, now=tuesday)
    resolve_ticket(ticket, resolution="Done now.", by=engineer, now=tuesday)
    close_ticket(ticket, by=contact, now=tuesday)
    client.force_login(contact)
    text = words(client.get(address(ticket)))
    for expected in (
        "Jonas Lindqvist on the escalation: I call at noon.",
        "Jonas Lindqvist owns the escalation now",
        "Priya Raman ended the escalation: The ticket was closed.",
        "Mara Kovac marked it as solved",
        "Priya Raman reopened the ticket",
        "Priya Raman closed the ticket",
    ):
        assert expected in text, expected
    assert "Secretly" not in text


def test_what_people_write_is_shown_as_text(
    client: Client, contact: User, customer: Customer, contract: object, tuesday: datetime
) -> None:
    ticket = file_ticket(
        customer=customer,
        by=contact,
        kind=TicketKind.BREAK_FIX,
        severity=Severity.LOW,
        subject="<script>alert(1)</script>",
        description="<img src=x onerror=alert(1)> [x](javascript:alert(1))",
        channel=Channel.PORTAL,
        now=tuesday,
    )
    client.force_login(contact)
    page = client.get(address(ticket)).content.decode()
    assert "<script>alert" not in page
    assert "<img src" not in page
    assert 'href="javascript' not in page


def test_reading_the_ticket_reads_its_notices(
    client: Client, ticket: Ticket, contact: User
) -> None:
    assert Notice.objects.visible_to(contact).unread().count() == 1
    client.force_login(contact)
    client.get(address(ticket))
    assert Notice.objects.visible_to(contact).unread().count() == 0


def test_a_long_conversation_takes_as_many_queries_as_a_short_one(
    client: Client, ticket: Ticket, contact: User, tuesday: datetime
) -> None:
    client.force_login(contact)

    def write(number: int) -> None:
        write_message(
            ticket,
            body=f"Word {number}",
            by=contact,
            files=[SimpleUploadedFile(f"{number}.log", b"x")],
            now=tuesday,
        )

    write(0)
    one = queries_of(client, address(ticket))
    for number in range(1, 20):
        write(number)
    assert queries_of(client, address(ticket)) == one <= 19
    assert Attachment.objects.count() == 20


def test_days_are_those_of_the_reader(
    client: Client, ticket: Ticket, contact: User, engineer: User
) -> None:
    contact.timezone = "Asia/Tokyo"
    contact.save()
    # 23:30 UTC is Wednesday morning in Tokyo.
    answer_ticket(
        ticket,
        body="Good morning",
        qualified=True,
        by=engineer,
        now=datetime(2026, 3, 10, 23, 30, tzinfo=UTC),
    )
    client.force_login(contact)
    text = words(client.get(address(ticket)))
    assert "Wednesday 11 March" in text
    assert "08:30 JST" in text
