"""What is measured of a ticket for the figures, when it is measured anew, and once at a time."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from tests.factories.tickets import TUESDAY, make_ticket
from tickets import measuring
from tickets.choices import TicketKind
from tickets.insight.asking import is_of
from tickets.measuring import refresh_measures
from tickets.models import MeasureProgress, Ticket, TicketMeasure
from tickets.operations.conversation import answer_ticket, overturn_answer
from tickets.operations.lifecycle import close_ticket, reopen_ticket, resolve_ticket
from tickets.operations.merging import merge_ticket
from tickets.operations.sendings import hold_answer, let_out_due_sendings
from tickets.operations.severity import change_severity

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)


def measured(ticket: Ticket, now: datetime = TUESDAY + HOUR) -> TicketMeasure:
    refresh_measures(now=now)
    return TicketMeasure.objects.get(pk=ticket.pk)


def test_an_open_ticket_is_measured_with_its_terms(ticket: Ticket, customer: Customer) -> None:
    measure = measured(ticket)

    assert measure.customer_id == customer.pk
    assert measure.plan.key == "msa-business"
    assert (measure.severity, measure.filed_at) == (2, TUESDAY)
    # Tuesday 19:00 ET, which is UTC-4.
    assert measure.due_at == datetime(2026, 3, 10, 23, 0, tzinfo=UTC)
    assert measure.is_open
    assert (measure.answered_at, measure.covered_seconds, measure.resolved_at) == (None,) * 3
    assert MeasureProgress.objects.get().measured_at == TUESDAY + HOUR


def test_the_time_to_an_answer_is_counted_as_the_clock_counts_it(
    ticket: Ticket, engineer: User
) -> None:
    # Wednesday 10:00 ET: eight hours of Tuesday until 19:00, and one of Wednesday from 9:00.
    wednesday = datetime(2026, 3, 11, 14, 0, tzinfo=UTC)
    answer_ticket(ticket, body="The driver.", qualified=True, by=engineer, now=wednesday)

    measure = measured(ticket, wednesday + HOUR)

    assert measure.answered_at == wednesday
    assert measure.covered_seconds == 9 * 3600


def test_a_severity_that_was_raised_makes_no_answer_quicker(ticket: Ticket, engineer: User) -> None:
    change_severity(
        ticket,
        severity=Severity.CRITICAL,
        reason="All sites.",
        by=engineer,
        now=TUESDAY + 3 * HOUR,
    )
    answered = TUESDAY + 3.5 * HOUR
    answer_ticket(ticket, body="The driver.", qualified=True, by=engineer, now=answered)

    assert measured(ticket, answered + HOUR).covered_seconds == 3.5 * 3600


def test_a_ticket_is_measured_anew_when_something_happened_to_it(
    ticket: Ticket, contact: User, engineer: User, duty_lead: User
) -> None:
    measured(ticket)
    answer = answer_ticket(
        ticket, body="The driver.", qualified=True, by=engineer, now=TUESDAY + 2 * HOUR
    )
    assert measured(ticket, TUESDAY + 2 * HOUR).covered_seconds == 2 * 3600

    overturn_answer(answer, reason="No next step.", by=duty_lead, now=TUESDAY + 3 * HOUR)
    assert measured(ticket, TUESDAY + 3 * HOUR).covered_seconds is None

    resolve_ticket(ticket, resolution="Restore it.", by=engineer, now=TUESDAY + 4 * HOUR)
    reopen_ticket(ticket, reason="Again.", by=contact, now=TUESDAY + 5 * HOUR)
    measure = measured(ticket, TUESDAY + 5 * HOUR)
    assert measure.is_open
    assert measure.resolved_at == TUESDAY + 4 * HOUR
    assert measure.reopenings == 1


def test_who_withdraws_is_owed_no_answer(ticket: Ticket, contact: User) -> None:
    close_ticket(ticket, by=contact, now=TUESDAY + HOUR)

    measure = measured(ticket, TUESDAY + 2 * HOUR)

    assert measure.is_withdrawn
    assert (measure.answered_at, measure.covered_seconds) == (None, None)


def test_who_waited_in_vain_and_withdraws_was_promised_an_answer(
    ticket: Ticket, contact: User
) -> None:
    wednesday = TUESDAY + 24 * HOUR
    close_ticket(ticket, by=contact, now=wednesday)

    measure = measured(ticket, wednesday)

    assert not measure.is_withdrawn
    assert (measure.answered_at, measure.covered_seconds) == (None, None)
    assert TicketMeasure.objects.filter(is_of("missed", wednesday)).get() == measure


def test_a_ticket_without_a_promise_has_no_due_time(contact: User, customer: Customer) -> None:
    plain = make_ticket(contact, customer, kind=TicketKind.BREAK_FIX, severity=4)
    measure = measured(plain)
    assert (measure.due_at is None) is (plain.response_clock is None)


def test_many_are_measured_in_stretches_and_an_event_between_is_not_lost(
    ticket: Ticket,
    contact: User,
    customer: Customer,
    engineer: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    others = [
        make_ticket(contact, customer, kind=TicketKind.BREAK_FIX, now=TUESDAY) for _ in range(4)
    ]
    monkeypatch.setattr(measuring, "STRETCH", 2)

    assert refresh_measures(seconds=0, now=TUESDAY + HOUR)
    assert TicketMeasure.objects.count() == 2
    assert MeasureProgress.objects.get().measured_at is None
    resolve_ticket(ticket, resolution="Done.", by=engineer, now=TUESDAY + 2 * HOUR)

    assert not refresh_measures(seconds=60, now=TUESDAY + 3 * HOUR)
    assert TicketMeasure.objects.count() == 1 + len(others)
    assert TicketMeasure.objects.get(pk=ticket.pk).resolved_at == TUESDAY + 2 * HOUR


def test_measuring_again_changes_nothing(ticket: Ticket, engineer: User) -> None:
    answer_ticket(ticket, body="The driver.", qualified=True, by=engineer, now=TUESDAY + HOUR)
    measured(ticket)
    before = list(TicketMeasure.objects.values())

    measuring.measure_tickets([ticket.pk])

    assert list(TicketMeasure.objects.values()) == before


@pytest.fixture
def merged(contact: User, customer: Customer, ticket: Ticket, engineer: User) -> Ticket:
    """Merged into the ticket, and all is measured as it stands then and half an hour later."""
    one = make_ticket(contact, customer, now=TUESDAY)
    merge_ticket(one, into=ticket, reason="One matter.", by=engineer, now=TUESDAY + HOUR / 4)
    for later in (HOUR / 2, HOUR):
        assert measured(one, TUESDAY + later).answered_at is None
    return one


def test_a_merged_ticket_is_answered_with_its_target_and_overturned_with_it(
    merged: Ticket, ticket: Ticket, engineer: User, duty_lead: User
) -> None:
    answered = TUESDAY + 2 * HOUR
    answer = answer_ticket(ticket, body="The driver.", qualified=True, by=engineer, now=answered)
    measure = measured(merged, answered + HOUR / 2)
    assert (measure.answered_at, measure.covered_seconds) == (answered, 2 * 3600)

    overturn_answer(answer, reason="No next step.", by=duty_lead, now=answered + HOUR)
    assert measured(merged, answered + HOUR).answered_at is None


def test_who_withdraws_the_target_withdraws_what_was_merged_into_it(
    merged: Ticket, ticket: Ticket, contact: User
) -> None:
    close_ticket(ticket, by=contact, now=TUESDAY + 2 * HOUR)

    measure = measured(merged, TUESDAY + 3 * HOUR)

    assert measure.is_withdrawn
    assert (measure.answered_at, measure.covered_seconds) == (None, None)


def test_an_answer_that_went_out_late_is_measured_though_its_event_is_old(
    ticket: Ticket, engineer: User, settings: LazySettings, django_capture_on_commit_callbacks: Any
) -> None:
    settings.SEND_HOLD_SECONDS = 10.0
    pressed = TUESDAY + HOUR
    hold_answer(
        ticket,
        body="So.",
        qualified=True,
        submission_key=uuid.uuid4(),
        by=engineer,
        now=pressed,
    )
    assert measured(ticket, pressed + HOUR).answered_at is None

    with django_capture_on_commit_callbacks(execute=True):
        assert let_out_due_sendings() == 1

    assert measured(ticket, pressed + 2 * HOUR).answered_at == pressed
