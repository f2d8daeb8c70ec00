import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from notifications.models import Delivery, Notice
from sla.choices import ClockState
from sla.models import Heartbeat, StepRecord
from sla.operations import beat_heart
from supportportal.health.checks import check_sendings
from tests.factories.due_tickets import make_due_tickets
from tests.factories.tickets import TUESDAY, kinds_of, make_ticket, newest_event
from tests.racing import race
from tickets.choices import DraftKind, EventKind, TicketState
from tickets.errors import InvalidTransition
from tickets.models import Attachment, Draft, Message, Note, Sending, SendingFile, Ticket
from tickets.operations.assignment import release_ticket, take_ticket
from tickets.operations.conversation import answer_ticket, write_message
from tickets.operations.drafts import drafts_on, save_draft
from tickets.operations.escalation import escalate_due_tickets
from tickets.operations.lab import pass_to_lab, return_from_lab
from tickets.operations.lifecycle import close_ticket, resolve_ticket
from tickets.operations.looks import look_at_ticket
from tickets.operations.merging import merge_ticket
from tickets.operations.sendings import (
    hold_answer,
    hold_note,
    holds_sendings,
    let_out_due_sendings,
    take_back_sending,
)

PRESSED = TUESDAY + timedelta(hours=1)


@pytest.fixture(autouse=True)
def ten_seconds(settings):
    settings.SEND_HOLD_SECONDS = 10.0


@pytest.fixture
def ticket(contact, customer, contract) -> Ticket:
    return make_ticket(contact, customer)


@pytest.fixture
def due_ticket(contract, contact) -> Ticket:
    """A ticket whose thirty minutes ended a minute ago, and nobody has looked."""
    made = make_due_tickets(contract, contact, count=1, began_ago=timedelta(minutes=31))
    return Ticket.objects.get(pk=made[0].pk)


def hold(ticket, by, **given) -> Sending:
    facts = {"body": "Restart the spooler.", "qualified": True, "submission_key": uuid.uuid4()}
    sending = hold_answer(ticket, by=by, **{**facts, "now": PRESSED, **given})
    assert sending is not None
    return sending


def test_a_held_answer_is_no_message_and_tells_nobody(ticket, engineer):
    notices = Notice.objects.count()
    sending = hold(ticket, engineer)
    assert sending.due_at - sending.pressed_at == timedelta(seconds=10)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.assignee) == (TicketState.NEW, None)
    assert ticket.response_clock.stopped_at is None
    assert not Message.objects.exists()
    assert kinds_of(ticket) == []
    assert Notice.objects.count() == notices


def test_it_goes_out_as_what_it_was_when_it_was_pressed(ticket, engineer):
    hold(ticket, engineer, then_waits=True)
    assert let_out_due_sendings() == 1
    message = Message.objects.get()
    assert (message.at, message.qualified, message.author) == (PRESSED, True, engineer)
    ticket.refresh_from_db()
    assert ticket.response_clock.stopped_at == PRESSED
    assert ticket.state == TicketState.WAITING_FOR_CUSTOMER
    assert newest_event(ticket).at == PRESSED
    assert not Sending.objects.exists()
    assert Delivery.objects.filter(notice__key__startswith="ticket-event:").count() >= 1
    assert let_out_due_sendings() == 0


def test_before_its_time_it_stays(ticket, engineer):
    hold(ticket, engineer, now=timezone.now())
    assert let_out_due_sendings() == 0
    assert Sending.objects.count() == 1


def test_a_deadline_between_press_and_delivery_is_met(due_ticket, engineer):
    due = due_ticket.response_clock.due_at
    hold(due_ticket, engineer, now=due - timedelta(seconds=5))
    # The watch finds a step due, and leaves it until it is known when we answered.
    assert escalate_due_tickets() == 0
    Sending.objects.update(due_at=timezone.now())
    assert let_out_due_sendings() == 1
    assert escalate_due_tickets() == 0
    ticket = Ticket.objects.get(pk=due_ticket.pk)
    assert ticket.response_clock is not None
    assert ticket.response_clock.state(timezone.now()) == ClockState.MET
    assert not StepRecord.objects.exists()


def test_after_it_is_taken_back_the_watch_goes_on(due_ticket, engineer):
    pressed = due_ticket.response_clock.due_at - timedelta(seconds=5)
    sending = hold(due_ticket, engineer, now=pressed)
    assert escalate_due_tickets() == 0
    assert take_back_sending(sending, by=engineer)
    assert escalate_due_tickets() == 1


def test_an_acknowledgement_on_its_way_holds_no_watch(due_ticket, engineer):
    hold(due_ticket, engineer, qualified=False)
    assert escalate_due_tickets() == 1


def test_taken_back_it_is_a_draft_again_and_nothing_else(ticket, engineer):
    sending = hold(ticket, engineer, files=[SimpleUploadedFile("spooler.log", b"123")])
    assert take_back_sending(sending, by=engineer)
    assert sending.had_files
    draft = drafts_on(ticket, by=engineer)[DraftKind.ANSWER]
    assert draft.fields == {"body": ["Restart the spooler."], "answer_kind": ["qualified"]}
    assert not Sending.objects.exists()
    assert not SendingFile.objects.exists()
    assert kinds_of(ticket) == []
    assert let_out_due_sendings() == 0


def test_what_was_begun_meanwhile_is_not_lost_by_taking_back(ticket, engineer):
    sending = hold(ticket, engineer)
    newer = {"body": ["And one more thing"]}
    save_draft(DraftKind.ANSWER, ticket, fields=newer, by=engineer, form=uuid.uuid4())
    assert take_back_sending(sending, by=engineer)
    words = drafts_on(ticket, by=engineer)[DraftKind.ANSWER].text("body")
    assert words == "Restart the spooler.\n\nAnd one more thing"


def test_words_the_page_saved_as_it_sent_them_come_back_once(ticket, engineer):
    sending = hold(ticket, engineer)
    again = {"body": ["Restart the spooler.\n"], "answer_kind": ["qualified"]}
    form = sending.submission_key
    save_draft(DraftKind.ANSWER, ticket, fields=again, by=engineer, form=form)
    assert take_back_sending(sending, by=engineer)
    assert drafts_on(ticket, by=engineer)[DraftKind.ANSWER].text("body") == "Restart the spooler."


def test_what_went_out_is_not_taken_back(ticket, engineer):
    sending = hold(ticket, engineer)
    assert let_out_due_sendings() == 1
    assert not take_back_sending(sending, by=engineer)
    assert Message.objects.count() == 1
    assert not Draft.objects.exists()


def test_a_colleague_does_not_take_it_back(ticket, engineer, duty_lead):
    sending = hold(ticket, engineer)
    with pytest.raises(NotAllowed):
        take_back_sending(sending, by=duty_lead)
    assert Sending.objects.count() == 1


def test_the_same_form_is_held_once_and_goes_out_once(ticket, engineer):
    key = uuid.uuid4()
    first = hold(ticket, engineer, submission_key=key)
    assert hold(ticket, engineer, submission_key=key).pk == first.pk
    let_out_due_sendings()
    late = hold_answer(
        ticket, body=first.body, qualified=first.qualified, by=engineer, submission_key=key
    )
    assert late is None
    assert Message.objects.count() == 1


def test_files_come_along(ticket, engineer):
    hold(ticket, engineer, files=[SimpleUploadedFile("fix.txt", b"rule 12", "text/plain")])
    assert not Attachment.objects.exists()
    let_out_due_sendings()
    file = Attachment.objects.get()
    assert (file.name, file.content_type, file.size) == ("fix.txt", "text/plain", 7)
    with file.file as stored:
        assert stored.read() == b"rule 12"
    assert file.message == Message.objects.get()


def test_a_note_is_held_and_its_mention_told_when_it_goes_out(ticket, engineer, duty_lead):
    hold_note(
        ticket,
        body=f"@{duty_lead.name} please look",
        by=engineer,
        submission_key=uuid.uuid4(),
        now=PRESSED,
    )
    assert not Note.objects.exists()
    assert not Notice.objects.filter(recipient=duty_lead).exists()
    let_out_due_sendings()
    assert Note.objects.get().at == PRESSED
    assert Notice.objects.filter(recipient=duty_lead, kind=EventKind.NOTED).exists()


def test_an_answer_begun_beside_a_note_on_its_way_stays_a_draft(ticket, engineer):
    # One form on the page, and one key, for both.
    key = uuid.uuid4()
    for kind in (DraftKind.ANSWER, DraftKind.NOTE):
        save_draft(kind, ticket, fields={"body": ["Words"]}, by=engineer, form=key)
    hold_note(ticket, body="Words", by=engineer, submission_key=key, now=PRESSED)
    assert set(drafts_on(ticket, by=engineer)) == {DraftKind.ANSWER}


def test_what_the_customer_wrote_meanwhile_ends_the_wait(ticket, engineer, contact):
    hold(ticket, engineer, then_waits=True)
    write_message(ticket, body="Found it.", by=contact, now=PRESSED + timedelta(seconds=4))
    let_out_due_sendings()
    ticket.refresh_from_db()
    assert ticket.state == TicketState.IN_PROGRESS


def test_what_cannot_go_out_any_more_goes_back_to_its_author_who_is_told(ticket, engineer, contact):
    hold(ticket, engineer)
    close_ticket(ticket, by=contact, now=PRESSED + timedelta(seconds=3))
    assert let_out_due_sendings() == 0
    assert not Message.objects.exists()
    assert not Sending.objects.exists()
    assert drafts_on(ticket, by=engineer)[DraftKind.ANSWER].text("body") == "Restart the spooler."
    notice = Notice.objects.get(kind="sending_returned")
    assert notice.recipient == engineer
    assert "This ticket has ended" in notice.body
    assert notice.body.endswith("Restart the spooler.")


def test_one_that_fails_does_not_stop_the_next(ticket, contact, customer, engineer, monkeypatch):
    other = make_ticket(contact, customer)
    hold(ticket, engineer, body="First")
    hold(other, engineer, body="Second", now=PRESSED + timedelta(seconds=1))

    def answer(ticket, *, body, **given):
        if body == "First":
            raise RuntimeError("the disk is full")
        return answer_ticket(ticket, body=body, **given)

    monkeypatch.setattr("tickets.operations.sendings.answer_ticket", answer)
    assert let_out_due_sendings() == 1
    assert Message.objects.get().body == "Second"
    assert drafts_on(ticket, by=engineer)[DraftKind.ANSWER].text("body") == "First"


def test_what_goes_back_stops_nothing_though_its_author_may_write_no_more(
    ticket, contact, customer, engineer, duty_lead
):
    other = make_ticket(contact, customer)
    hold(ticket, engineer)
    User.objects.filter(pk=engineer.pk).update(is_active=False)
    hold(other, duty_lead, now=PRESSED + timedelta(seconds=1))
    assert let_out_due_sendings() == 1
    assert Message.objects.get().ticket == other
    assert drafts_on(ticket, by=engineer)[DraftKind.ANSWER].text("body") == "Restart the spooler."


def test_words_that_go_back_are_never_too_long(ticket, engineer, contact):
    hold(ticket, engineer, body="a" * 30_000)
    newer = {"body": ["b" * 30_000]}
    save_draft(DraftKind.ANSWER, ticket, fields=newer, by=engineer, form=uuid.uuid4())
    close_ticket(ticket, by=contact, now=PRESSED + timedelta(seconds=3))
    let_out_due_sendings()
    words = drafts_on(ticket, by=engineer)[DraftKind.ANSWER].text("body")
    assert words == "a" * 30_000 + "\n\n" + "b" * 30_000


def test_one_that_cannot_even_go_back_does_not_stop_the_next(
    ticket, contact, customer, engineer, monkeypatch
):
    other = make_ticket(contact, customer)
    hold(ticket, engineer)
    hold(other, engineer, now=PRESSED + timedelta(seconds=1))
    close_ticket(ticket, by=contact, now=PRESSED + timedelta(seconds=3))

    def tell(*_given, **_words):
        raise RuntimeError("nobody can be told")

    monkeypatch.setattr("tickets.operations.sendings.tell_of_returned_words", tell)
    assert let_out_due_sendings() == 1
    assert Message.objects.get().ticket == other
    assert Sending.objects.get().ticket == ticket


def test_an_analyst_s_answer_goes_out_though_they_gave_the_ticket_back(ticket, engineer, analyst):
    take_ticket(ticket, by=engineer, now=PRESSED - timedelta(minutes=6))
    pass_to_lab(ticket, reason="Is it clean?", by=engineer, now=PRESSED - timedelta(minutes=5))
    hold(ticket, analyst)
    return_from_lab(ticket, finding="Clean.", by=analyst, now=PRESSED + timedelta(seconds=4))
    assert let_out_due_sendings() == 1
    ticket.refresh_from_db()
    assert (ticket.state, ticket.assignee) == (TicketState.IN_PROGRESS, engineer)


def test_who_passed_it_to_the_lab_meanwhile_is_not_overruled(ticket, engineer):
    hold(ticket, engineer, then_waits=True)
    pass_to_lab(ticket, reason="Look", by=engineer, now=PRESSED + timedelta(seconds=4))
    let_out_due_sendings()
    ticket.refresh_from_db()
    assert ticket.state == TicketState.WAITING_FOR_LAB
    assert ticket.response_clock.stopped_at == PRESSED


def test_who_put_it_back_meanwhile_does_not_get_it_again(ticket, engineer):
    take_ticket(ticket, by=engineer, now=PRESSED - timedelta(minutes=5))
    hold(ticket, engineer)
    release_ticket(ticket, by=engineer, now=PRESSED + timedelta(seconds=4))
    let_out_due_sendings()
    ticket.refresh_from_db()
    assert ticket.assignee is None


@pytest.mark.parametrize("is_out", [False, True])
def test_a_form_sent_on_another_ticket_is_refused_and_not_lost(
    ticket, contact, customer, engineer, *, is_out
):
    key, other = uuid.uuid4(), make_ticket(contact, customer)
    hold(ticket, engineer, submission_key=key)
    if is_out:
        let_out_due_sendings()
    with pytest.raises(InvalidInput):
        hold(other, engineer, submission_key=key)


def test_an_answer_and_a_note_of_one_page_are_told_of_both(ticket, engineer):
    key = uuid.uuid4()
    hold(ticket, engineer, submission_key=key)
    hold_note(ticket, body="For us", by=engineer, submission_key=key, now=PRESSED)
    User.objects.filter(pk=engineer.pk).update(roles=[])
    let_out_due_sendings()
    assert Notice.objects.filter(kind="sending_returned").count() == 2


def test_who_ends_the_ticket_lets_out_first_what_they_sent(ticket, engineer):
    hold(ticket, engineer)
    hold_note(ticket, body="For us", by=engineer, submission_key=uuid.uuid4(), now=PRESSED)
    later = PRESSED + timedelta(seconds=5)
    resolved = resolve_ticket(ticket, resolution="It works.", by=engineer, now=later)
    assert resolved.state == TicketState.RESOLVED
    assert [one.body for one in Message.objects.order_by("pk")] == [
        "Restart the spooler.",
        "It works.",
    ]
    assert Note.objects.get().body == "For us"
    assert resolved.response_clock is not None
    assert resolved.response_clock.stopped_at == PRESSED
    assert not Sending.objects.exists()


def test_who_merges_the_ticket_lets_out_first_what_they_sent(ticket, contact, customer, engineer):
    target = make_ticket(contact, customer)
    hold(ticket, engineer)
    merge_ticket(ticket, into=target, reason="One matter.", by=engineer)
    assert Message.objects.get().ticket == ticket
    ticket.refresh_from_db()
    assert ticket.state == TicketState.CLOSED


@pytest.mark.parametrize("what", ["answer", "resolution", "merge"])
def test_nobody_goes_past_what_a_colleague_has_sent(
    ticket, contact, customer, engineer, duty_lead, what
):
    seen = newest_event(ticket).pk
    hold(ticket, duty_lead)
    target = make_ticket(contact, customer)
    acts = {
        "answer": lambda: hold(ticket, engineer, seen_message=0, seen_event=seen),
        "resolution": lambda: resolve_ticket(ticket, resolution="x", by=engineer, seen_message=0),
        "merge": lambda: merge_ticket(ticket, into=target, reason="x", by=engineer, seen_event=0),
    }
    with pytest.raises(InvalidTransition, match="goes out in a few seconds"):
        acts[what]()
    assert Sending.objects.get().author == duty_lead


def test_it_refuses_at_the_press_what_an_answer_refuses(ticket, engineer, contact, tam):
    key = uuid.uuid4()
    with pytest.raises(NotAllowed):
        hold_answer(ticket, body="x", qualified=True, by=contact, submission_key=key)
    with pytest.raises(NotAllowed):
        hold_answer(ticket, body="x", qualified=True, by=tam, submission_key=key)
    seen = newest_event(ticket).pk
    write_message(ticket, body="One more thing.", by=contact)
    with pytest.raises(InvalidTransition):
        hold(ticket, engineer, seen_event=seen)
    assert not Sending.objects.exists()


def test_nothing_is_held_when_nobody_would_let_it_out(settings, db):
    assert not holds_sendings()
    beat_heart(Heartbeat.WATCH)
    assert holds_sendings()
    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=1))
    assert not holds_sendings()
    beat_heart(Heartbeat.WATCH)
    settings.SEND_HOLD_SECONDS = 0
    assert not holds_sendings()


def test_its_colleagues_find_it_unread_and_its_author_does_not(ticket, engineer, duty_lead):
    hold(ticket, engineer, now=timezone.now() - timedelta(seconds=20))
    for person in (engineer, duty_lead):
        look_at_ticket(ticket, by=person)
    let_out_due_sendings()
    ticket.refresh_from_db()
    looks = {look.person_id: look.at for look in ticket.looks.all()}
    assert looks[engineer.pk] >= ticket.updated_at
    assert looks[duty_lead.pk] < ticket.updated_at


def test_the_portal_notices_what_did_not_go_out(ticket, engineer):
    now = timezone.now()
    sending = hold(ticket, engineer, now=now - timedelta(seconds=20))
    assert check_sendings().is_ok
    Sending.objects.filter(pk=sending.pk).update(due_at=now - timedelta(minutes=1))
    assert not check_sendings().is_ok


@pytest.mark.django_db(transaction=True)
def test_going_out_and_taking_back_at_once_leave_one_of_the_two(ticket, engineer):
    sending = hold(ticket, engineer)
    race(let_out_due_sendings, lambda: take_back_sending(sending, by=engineer))
    went_out, drafted = Message.objects.count(), Draft.objects.count()
    assert went_out + drafted == 1
    assert not Sending.objects.exists()
