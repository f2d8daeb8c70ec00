"""Acknowledging an escalation: who may, what it silences and what not, and at one instant.

MSA Business, ladder "high": half at 15:00 (assignee), three quarters at 17:00 (duty lead), due at
19:00 ET and then every hour of coverage from the next day's 10:00 on (duty lead, TAM, manager).
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from accounts.errors import NotAllowed
from accounts.models import User
from entitlements.models import Customer
from sla.acknowledged import standing_acknowledgements
from sla.choices import Audience, StepAction
from sla.errors import ClockConflict
from sla.models import StepAcknowledgement
from sla.rungs import Rung
from tests.factories.ladders import DEADLINE, change_ladder
from tests.factories.roster import make_shift
from tests.factories.tickets import kinds_of, make_ticket, newest_event, nothing_changes, told_of
from tests.racing import race
from tickets.choices import EventKind, TicketKind
from tickets.errors import InvalidTransition
from tickets.models import Ticket
from tickets.operations.acknowledgement import acknowledge_escalation
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket
from tickets.operations.escalation import escalate_ticket

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 10, 16, 0, tzinfo=UTC)
HALF = datetime(2026, 3, 10, 19, 0, tzinfo=UTC)
THREE_QUARTERS = datetime(2026, 3, 10, 21, 0, tzinfo=UTC)
DUE = datetime(2026, 3, 10, 23, 0, tzinfo=UTC)
# Coverage opens on Wednesday at 09:00 ET; an hour of it after the deadline is 10:00.
FIRST_REPEAT = datetime(2026, 3, 11, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
LEADERS = {"Jonas Lindqvist", "Ingrid Solberg", "Ines Duarte"}


@pytest.fixture
def ticket(
    contact: User, customer: Customer, engineer: User, duty_lead: User, support_manager: User
) -> Ticket:
    return take_ticket(make_ticket(contact, customer), by=engineer, now=NOON)


def watch(ticket: Ticket, now: datetime) -> bool:
    with transaction.atomic():
        return escalate_ticket(Ticket.objects.locked().get(pk=ticket.pk), now=now)


def watch_until_due(ticket: Ticket) -> None:
    for at in (HALF, THREE_QUARTERS, DUE):
        assert watch(ticket, at)


def told_next(ticket: Ticket, at: datetime) -> set[str]:
    assert watch(ticket, at)
    return told_of(newest_event(ticket))


def test_the_repeats_no_longer_tell_who_has_acknowledged_and_go_on_telling_others(
    ticket: Ticket, duty_lead: User
) -> None:
    watch_until_due(ticket)
    acknowledge_escalation(ticket, by=duty_lead, now=DUE + 5 * MINUTE)

    event = newest_event(ticket)
    assert (event.kind, event.by, event.details) == (
        EventKind.ACKNOWLEDGED,
        duty_lead,
        {"reached": "deadline passed"},
    )
    assert told_next(ticket, FIRST_REPEAT) == LEADERS - {"Jonas Lindqvist"}
    assert newest_event(ticket).details["silenced"] == ["Jonas Lindqvist"]
    assert told_next(ticket, FIRST_REPEAT + HOUR) == LEADERS - {"Jonas Lindqvist"}


def test_without_an_acknowledgement_every_repeat_tells_everybody(ticket: Ticket) -> None:
    watch_until_due(ticket)

    assert told_next(ticket, FIRST_REPEAT) == LEADERS
    assert told_next(ticket, FIRST_REPEAT + HOUR) == LEADERS


def test_a_higher_step_tells_again(ticket: Ticket, duty_lead: User) -> None:
    watch(ticket, HALF)
    watch(ticket, THREE_QUARTERS)
    acknowledge_escalation(ticket, by=duty_lead, now=THREE_QUARTERS + MINUTE)

    assert told_next(ticket, DUE) >= {"Jonas Lindqvist"}
    assert told_next(ticket, FIRST_REPEAT) == LEADERS


def test_a_step_that_comes_once_after_the_deadline_tells_again(
    contact: User, customer: Customer, administrator: User, duty_lead: User
) -> None:
    paged = Rung((Audience.DUTY_LEAD,), StepAction.PAGE, delay=HOUR)
    change_ladder("high", administrator, [DEADLINE, paged])
    ticket = make_ticket(contact, customer)
    watch(ticket, DUE)
    acknowledge_escalation(ticket, by=duty_lead, now=DUE + MINUTE)

    assert told_next(ticket, FIRST_REPEAT) == {"Jonas Lindqvist"}


def test_what_a_new_owner_acknowledged_before_does_not_keep_the_ticket_from_them(
    contact: User, customer: Customer, administrator: User, engineer: User, duty_lead: User
) -> None:
    given = Rung((Audience.DUTY_ENGINEERS,), StepAction.REASSIGN, delay=HOUR, repeats=True)
    change_ladder(
        "high",
        administrator,
        [Rung((Audience.DUTY_ENGINEERS,), StepAction.TELL, Decimal(1)), given],
    )
    ticket = make_ticket(contact, customer)
    make_shift(engineer, duty_lead, -2, 48)
    watch(ticket, DUE)
    acknowledge_escalation(ticket, by=engineer, now=DUE + MINUTE)

    assert told_next(ticket, FIRST_REPEAT) == {"Mara Kovac"}


def test_a_second_acknowledgement_changes_nothing(ticket: Ticket, duty_lead: User) -> None:
    watch_until_due(ticket)
    first = acknowledge_escalation(ticket, by=duty_lead, now=DUE + MINUTE)

    with nothing_changes():
        assert acknowledge_escalation(ticket, by=duty_lead, now=DUE + 2 * MINUTE) == first


def test_what_was_looked_at_is_acknowledged_and_not_what_came_since(
    ticket: Ticket, duty_lead: User
) -> None:
    watch(ticket, HALF)
    watch(ticket, THREE_QUARTERS)
    assert ticket.response_clock is not None
    seen = ticket.response_clock.step_records.latest("due_at")
    watch(ticket, DUE)
    acknowledge_escalation(ticket, by=duty_lead, record=seen.pk, now=DUE + MINUTE)

    assert standing_acknowledgements([ticket.response_clock]) == {}
    assert told_next(ticket, FIRST_REPEAT) == LEADERS


def test_only_those_who_were_told_acknowledge(
    ticket: Ticket, engineer: User, contact: User, administrator: User, analyst: User
) -> None:
    watch(ticket, HALF)
    watch(ticket, THREE_QUARTERS)
    assert ticket.response_clock is not None
    latest = ticket.response_clock.step_records.latest("due_at")
    with nothing_changes():
        for by in (contact, administrator, analyst):
            with pytest.raises(NotAllowed):
                acknowledge_escalation(ticket, by=by, now=DUE)
        # Mara was told at half of the time, and not at three quarters.
        with pytest.raises(NotAllowed):
            acknowledge_escalation(ticket, by=engineer, record=latest.pk, now=DUE)
    assert not StepAcknowledgement.objects.exists()


def test_an_answered_ticket_has_nothing_to_acknowledge(
    ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    watch_until_due(ticket)
    answer_ticket(ticket, body="Send the log.", qualified=True, by=engineer, now=DUE + MINUTE)

    with nothing_changes(), pytest.raises(ClockConflict):
        acknowledge_escalation(ticket, by=duty_lead, now=DUE + 2 * MINUTE)


def test_a_ticket_without_a_clock_has_nothing_to_acknowledge(
    contact: User, customer: Customer, engineer: User
) -> None:
    unpromised = make_ticket(contact, customer, kind=TicketKind.BREAK_FIX)

    with nothing_changes(), pytest.raises(InvalidTransition):
        acknowledge_escalation(unpromised, by=engineer, now=NOON)


def test_who_has_it_is_known_until_a_higher_step(ticket: Ticket, engineer: User) -> None:
    assert ticket.response_clock is not None
    watch(ticket, HALF)
    acknowledge_escalation(ticket, by=engineer, now=HALF + MINUTE)
    (known,) = standing_acknowledgements([ticket.response_clock])[ticket.response_clock.pk]
    assert (known.person, known.at) == (engineer, HALF + MINUTE)

    watch(ticket, THREE_QUARTERS)
    assert standing_acknowledgements([ticket.response_clock]) == {}


@pytest.mark.django_db(transaction=True)
def test_acknowledging_while_the_watch_acts_loses_neither(ticket: Ticket, duty_lead: User) -> None:
    watch_until_due(ticket)
    assert ticket.response_clock is not None
    seen = ticket.response_clock.step_records.latest("due_at")

    outcomes = race(
        lambda: acknowledge_escalation(
            ticket, by=duty_lead, record=seen.pk, now=FIRST_REPEAT + MINUTE
        ),
        lambda: escalate_ticket(
            Ticket.objects.locked().get(pk=ticket.pk), now=FIRST_REPEAT + MINUTE
        ),
    )

    assert isinstance(outcomes[0], StepAcknowledgement)
    assert outcomes[1] is True
    assert StepAcknowledgement.objects.get().record == seen
    last_two = kinds_of(ticket)[-2:]
    assert sorted(last_two) == [EventKind.ACKNOWLEDGED, EventKind.ESCALATED]
    # Told once more only when the watch was first.
    step = ticket.events.filter(kind=EventKind.ESCALATED).latest("pk")
    watch_was_first = last_two[0] == EventKind.ESCALATED
    assert ("Jonas Lindqvist" in told_of(step)) is watch_was_first
    assert "Jonas Lindqvist" not in told_next(ticket, FIRST_REPEAT + HOUR)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_acknowledge_once(ticket: Ticket, duty_lead: User) -> None:
    watch_until_due(ticket)

    first, second = race(
        *(lambda: acknowledge_escalation(ticket, by=duty_lead, now=DUE + MINUTE),) * 2
    )

    assert first == second
    assert kinds_of(ticket).count(EventKind.ACKNOWLEDGED) == 1
