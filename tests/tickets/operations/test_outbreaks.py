"""Outbreaks: joined, answered and ended together, each ticket by itself."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.errors import InvalidInput, NotAllowed
from accounts.models import AuditEvent, User
from entitlements.models import Customer
from notifications.models import Notice
from tests.factories.tickets import (
    TUESDAY,
    kinds_of,
    make_ticket,
    newest_event,
    nothing_changes,
    told_of,
)
from tests.racing import race
from tickets.choices import EventKind, TicketState
from tickets.errors import InvalidTransition, SentOtherwise
from tickets.models import Broadcast, Message, Outbreak, OutbreakTicket, Sending, Ticket
from tickets.operations.conversation import answer_ticket
from tickets.operations.lifecycle import close_ticket, reopen_ticket
from tickets.operations.outbreaks import (
    broadcast_answer,
    end_outbreak,
    give_outbreak,
    join_outbreak,
    leave_outbreak,
    open_outbreak,
)
from tickets.operations.sendings import hold_answer

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def ours(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


@pytest.fixture
def theirs(foreign_contact: User, foreign_customer: Customer) -> Ticket:
    return make_ticket(foreign_contact, foreign_customer)


@pytest.fixture
def outbreak(ours: Ticket, theirs: Ticket, engineer: User) -> Outbreak:
    found, _ = open_outbreak(
        title="Update 4711 quarantines drivers",
        summary="Rule 7 is too wide.",
        tickets=[ours, theirs],
        by=engineer,
        now=TUESDAY + HOUR,
    )
    return found


def stopped_at(ticket: Ticket) -> datetime | None:
    fresh = Ticket.objects.select_related("response_clock").get(pk=ticket.pk)
    assert fresh.response_clock is not None
    return fresh.response_clock.stopped_at


def broadcast(outbreak: Outbreak, by: User, **given: Any) -> Any:
    facts: dict[str, Any] = {
        "body": "We withdrew the update.",
        "qualified": True,
        "submission_key": uuid.uuid4(),
        "now": TUESDAY + 2 * HOUR,
    }
    return broadcast_answer(outbreak, by=by, **{**facts, **given})


def test_tickets_join_and_leave_with_an_event_of_ours_each(
    outbreak: Outbreak, ours: Ticket, engineer: User
) -> None:
    assert (outbreak.owner, outbreak.opened_by) == (engineer, engineer)
    assert AuditEvent.objects.filter(action="outbreak opened").count() == 1
    leave_outbreak(outbreak, ours, by=engineer)

    assert kinds_of(ours) == [EventKind.JOINED_OUTBREAK, EventKind.LEFT_OUTBREAK]
    with pytest.raises(InvalidTransition, match="not part of it"):
        leave_outbreak(outbreak, ours, by=engineer)
    assert join_outbreak(outbreak, [ours], by=engineer).done == [ours]


def test_what_cannot_join_is_told_and_the_others_join(
    outbreak: Outbreak, ours: Ticket, contact: User, customer: Customer, engineer: User
) -> None:
    ended = make_ticket(contact, customer, kind="break_fix")
    close_ticket(ended, by=contact)
    fresh = make_ticket(contact, customer, kind="break_fix")
    _, outcome = open_outbreak(
        title="Other", summary="Other.", tickets=[ours, ended, fresh], by=engineer
    )

    assert outcome.done == [fresh]
    assert outcome.refused == [
        (ours, "It is part of “Update 4711 quarantines drivers”."),
        (ended, "It has ended."),
    ]


def test_what_was_part_of_an_ended_outbreak_joins_another_and_stays_in_its_story(
    outbreak: Outbreak, ours: Ticket, contact: User, engineer: User
) -> None:
    end_outbreak(outbreak, resolution="Update 4712 is out.", by=engineer, now=TUESDAY + 3 * HOUR)
    reopen_ticket(ours, reason="No.", by=contact, now=TUESDAY + 4 * HOUR)
    again, outcome = open_outbreak(
        title="4712, too", summary="Rule 8.", tickets=[ours], by=engineer, now=TUESDAY + 5 * HOUR
    )

    assert outcome.done == [ours]
    for one, size in ((outbreak, 2), (again, 1)):
        one.refresh_from_db()
        assert OutbreakTicket.objects.of(one).count() == size
        assert vars(Outbreak.objects.with_sizes().get(pk=one.pk))["tickets"] == size


def test_no_broadcast_goes_past_a_colleagues_answer_that_is_held(
    outbreak: Outbreak, ours: Ticket, theirs: Ticket, engineer: User, duty_lead: User
) -> None:
    pressed = TUESDAY + 2 * HOUR - timedelta(seconds=3)
    hold_answer(
        ours, body="x", qualified=True, by=duty_lead, submission_key=uuid.uuid4(), now=pressed
    )
    _, outcome = broadcast(outbreak, engineer)

    assert outcome.done == [theirs]
    assert [one for one, _ in outcome.refused] == [ours]
    assert stopped_at(ours) is None


def test_a_broadcast_is_not_held(
    outbreak: Outbreak, ours: Ticket, theirs: Ticket, engineer: User, settings: Any
) -> None:
    settings.SEND_HOLD_SECONDS = 10.0
    broadcast(outbreak, engineer)
    assert not Sending.objects.exists()
    assert ours.messages.count() == theirs.messages.count() == 1


def test_a_broadcast_is_an_ordinary_answer_in_each_thread(
    outbreak: Outbreak, ours: Ticket, theirs: Ticket, engineer: User
) -> None:
    sent, outcome = broadcast(outbreak, engineer)

    assert outcome.done == [ours, theirs]
    for ticket, person in ((ours, "Priya Raman"), (theirs, "Owen Hart")):
        message = ticket.messages.get()
        assert (message.body, message.qualified) == ("We withdrew the update.", True)
        assert stopped_at(ticket) == TUESDAY + 2 * HOUR
        event = newest_event(ticket)
        assert event.kind == EventKind.ANSWERED
        assert set(event.details) == {"message", "qualified", "state"}
        assert told_of(event) == {person}
    assert sent.messages.count() == 2


def test_an_acknowledgement_to_all_stops_no_clock(
    outbreak: Outbreak, ours: Ticket, theirs: Ticket, engineer: User
) -> None:
    broadcast(outbreak, engineer, qualified=False)

    for ticket in (ours, theirs):
        assert stopped_at(ticket) is None
        assert not ticket.messages.get().qualified


def test_the_same_form_is_one_broadcast(outbreak: Outbreak, engineer: User) -> None:
    key = uuid.uuid4()
    broadcast(outbreak, engineer, submission_key=key)
    with nothing_changes():
        _, outcome = broadcast(outbreak, engineer, submission_key=key)

    assert len(outcome.done) == 2
    assert Broadcast.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_is_one_broadcast(
    outbreak: Outbreak, engineer: User
) -> None:
    key = uuid.uuid4()
    outcomes = race(*[lambda: broadcast(outbreak, engineer, submission_key=key)] * 2)

    assert not [one for one in outcomes if isinstance(one, Exception)]
    assert Message.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_twice_at_once_opens_one_outbreak(
    ours: Ticket, engineer: User, duty_lead: User
) -> None:
    key = uuid.uuid4()

    def opened(by: User) -> Outbreak:
        return open_outbreak(
            title="Update 4711", summary="x", tickets=[ours], submission_key=key, by=by
        )[0]

    first, second = race(*[lambda: opened(engineer)] * 2)
    assert first == second == Outbreak.objects.get()
    assert AuditEvent.objects.filter(action="outbreak opened").count() == 1
    assert opened(duty_lead) != first


def test_an_ended_ticket_is_refused_by_itself(
    outbreak: Outbreak, ours: Ticket, theirs: Ticket, engineer: User, contact: User
) -> None:
    close_ticket(ours, by=contact)
    _, outcome = broadcast(outbreak, engineer)

    assert outcome.done == [theirs]
    assert [ticket for ticket, _ in outcome.refused] == [ours]
    assert not ours.messages.exists()


def test_who_left_is_not_told(
    outbreak: Outbreak, ours: Ticket, theirs: Ticket, engineer: User
) -> None:
    leave_outbreak(outbreak, ours, by=engineer)
    broadcast(outbreak, engineer)
    assert not ours.messages.exists()

    leave_outbreak(outbreak, theirs, by=engineer)
    with pytest.raises(InvalidTransition, match="nobody would be told"), nothing_changes():
        broadcast(outbreak, engineer)


def test_ending_resolves_every_open_ticket(
    outbreak: Outbreak, ours: Ticket, theirs: Ticket, engineer: User, contact: User
) -> None:
    close_ticket(ours, by=contact)
    outcome = end_outbreak(outbreak, resolution="Update 4712.", by=engineer)

    assert outcome.done == [theirs]
    assert Ticket.objects.get(pk=theirs.pk).state == TicketState.RESOLVED
    assert Ticket.objects.get(pk=ours.pk).state == TicketState.CLOSED
    outbreak.refresh_from_db()
    assert outbreak.ended_by == engineer
    told = Broadcast.objects.get()
    assert [(one.ticket, one.body) for one in told.messages.all()] == [(theirs, "Update 4712.")]
    for act in (
        lambda: broadcast(outbreak, engineer),
        lambda: end_outbreak(outbreak, resolution="Again.", by=engineer),
        lambda: join_outbreak(outbreak, [ours], by=engineer),
    ):
        with pytest.raises(InvalidTransition, match="has ended"):
            act()


def test_an_outbreak_is_given_to_another_lead(
    outbreak: Outbreak, engineer: User, duty_lead: User, tam: User
) -> None:
    assert give_outbreak(outbreak, to=duty_lead, by=engineer).owner == duty_lead
    assert AuditEvent.objects.filter(action="outbreak given").count() == 1
    with pytest.raises(InvalidInput, match="Choose an engineer"):
        give_outbreak(outbreak, to=tam, by=engineer)


def test_nobody_else_leads_or_sees_an_outbreak(
    outbreak: Outbreak,
    ours: Ticket,
    contact: User,
    tam: User,
    analyst: User,
    foreign_contact: User,
    administrator: User,
) -> None:
    for user in (contact, tam, analyst, foreign_contact):
        assert not Outbreak.objects.visible_to(user).exists()
        for act in (
            lambda user=user: open_outbreak(title="No", summary="No.", by=user),
            lambda user=user: join_outbreak(outbreak, [ours], by=user),
            lambda user=user: leave_outbreak(outbreak, ours, by=user),
            lambda user=user: broadcast(outbreak, user),
            lambda user=user: end_outbreak(outbreak, resolution="No.", by=user),
            lambda user=user: give_outbreak(outbreak, to=user, by=user),
        ):
            with pytest.raises(NotAllowed):
                act()
    assert Outbreak.objects.visible_to(administrator).get() == outbreak
    assert OutbreakTicket.objects.current().count() == 2
    assert not Notice.objects.filter(body__contains="4711").exists()


def test_empty_words_are_refused(outbreak: Outbreak, engineer: User) -> None:
    with nothing_changes():
        with pytest.raises(InvalidInput, match="Write something"):
            broadcast(outbreak, engineer, body=" ")
        with pytest.raises(InvalidInput, match="what solved it"):
            end_outbreak(outbreak, resolution=" ", by=engineer)
        with pytest.raises(InvalidInput, match="Name it"):
            open_outbreak(title=" ", summary="x", by=engineer)


def test_a_ticket_answered_already_hears_the_broadcast_too(
    outbreak: Outbreak, ours: Ticket, engineer: User
) -> None:
    answer_ticket(ours, body="We look.", qualified=True, by=engineer, now=TUESDAY + HOUR)
    broadcast(outbreak, engineer)

    assert ours.messages.count() == 2
    assert stopped_at(ours) == TUESDAY + HOUR


def test_a_form_sent_to_one_outbreak_is_none_to_another(
    outbreak: Outbreak, ours: Ticket, engineer: User, duty_lead: User
) -> None:
    other, _ = open_outbreak(title="Other", summary="x", tickets=[], by=engineer)
    key = uuid.uuid4()
    broadcast(outbreak, engineer, submission_key=key)

    with nothing_changes():
        with pytest.raises(InvalidInput, match="sent already, to another outbreak"):
            broadcast(other, engineer, submission_key=key)
        with pytest.raises(InvalidInput, match="sent already"):
            broadcast(outbreak, duty_lead, submission_key=key)
        with pytest.raises(SentOtherwise):
            broadcast(outbreak, engineer, submission_key=key, body="Other words.")
        with pytest.raises(SentOtherwise):
            broadcast(outbreak, engineer, submission_key=key, qualified=False)


@pytest.mark.django_db(transaction=True)
def test_not_even_at_once(ours: Ticket, theirs: Ticket, engineer: User) -> None:
    one, _ = open_outbreak(title="One", summary="x", tickets=[ours], by=engineer)
    two, _ = open_outbreak(title="Two", summary="x", tickets=[theirs], by=engineer)
    key = uuid.uuid4()

    outcomes = race(
        lambda: broadcast(one, engineer, submission_key=key),
        lambda: broadcast(two, engineer, submission_key=key),
    )

    assert [type(one) for one in outcomes if isinstance(one, Exception)] == [InvalidInput]
    assert Message.objects.count() == 1


def test_what_was_sent_is_known_after_the_end(outbreak: Outbreak, engineer: User) -> None:
    key = uuid.uuid4()
    broadcast(outbreak, engineer, submission_key=key)
    end_outbreak(outbreak, resolution="Mended.", by=engineer, now=TUESDAY + 3 * HOUR)

    with nothing_changes():
        _, outcome = broadcast(outbreak, engineer, submission_key=key)

    assert len(outcome.done) == 2
