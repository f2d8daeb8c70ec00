"""A merge, and what stands or happens around it: held answers, severities, outbreaks, locks."""

import uuid
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from tests.factories.tickets import TUESDAY, make_ticket, newest_event, nothing_changes, told_of
from tests.racing import PATIENCE, race, refusals
from tickets.choices import EscalationEnd, TicketKind
from tickets.errors import InvalidTransition
from tickets.models import Message, Outbreak, Ticket
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket, follow_up_ticket
from tickets.operations.customer_escalation import escalate_account
from tickets.operations.escalation_course import end_escalation
from tickets.operations.lifecycle import close_ticket
from tickets.operations.merging import merge_ticket, undo_merge
from tickets.operations.outbreaks import open_outbreak
from tickets.operations.sendings import hold_answer
from tickets.operations.severity import change_severity
from tickets.operations.watching import watch_ticket

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
LATER = TUESDAY + 2 * HOUR


def merge(source: Ticket, target: Ticket, by: User) -> None:
    merge_ticket(source, into=target, reason="One matter.", by=by, now=LATER)


def hold(ticket: Ticket, by: User) -> None:
    hold_answer(
        ticket,
        body="We look.",
        qualified=True,
        by=by,
        submission_key=uuid.uuid4(),
        now=LATER - timedelta(seconds=5),
    )


def outbreak_with(ticket: Ticket, by: User) -> Outbreak:
    outbreak, _ = open_outbreak(title="Update 4711", summary="Rule 7.", tickets=[ticket], by=by)
    return outbreak


def test_nothing_is_merged_past_a_colleagues_answer_to_the_target(
    first: Ticket, second: Ticket, engineer: User, duty_lead: User
) -> None:
    hold(first, duty_lead)
    with nothing_changes(), pytest.raises(InvalidTransition, match="goes out in a few seconds"):
        merge(second, first, engineer)


def test_an_own_answer_to_the_target_goes_out_first_and_is_none_to_what_is_merged(
    first: Ticket, second: Ticket, engineer: User
) -> None:
    hold(first, engineer)
    with pytest.raises(InvalidTransition, match="owes none before it"):
        merge(second, first, engineer)


def test_no_merge_is_undone_past_an_answer_to_both(
    first: Ticket, second: Ticket, engineer: User, duty_lead: User
) -> None:
    merge(second, first, engineer)
    hold(first, duty_lead)
    with nothing_changes(), pytest.raises(InvalidTransition, match="goes out in a few seconds"):
        undo_merge(second, by=engineer, now=LATER)

    # One's own goes out first, and answers both.
    undo_merge(second, by=duty_lead, now=LATER)
    assert Message.objects.get().ticket == first
    second.refresh_from_db()
    assert second.response_clock is not None
    assert second.response_clock.stopped_at == LATER - timedelta(seconds=5)
    assert second.answer_due_at is None


def test_a_target_is_never_due_after_what_is_merged_into_it(
    first: Ticket, second: Ticket, engineer: User
) -> None:
    merge(second, first, engineer)
    with nothing_changes(), pytest.raises(InvalidTransition, match=f"{second.reference} is merged"):
        change_severity(
            first, severity=Severity.LOW, reason="It can wait.", by=engineer, now=LATER + HOUR
        )


def test_a_customer_of_an_outbreak_is_not_merged_out_of_it(
    first: Ticket, second: Ticket, engineer: User
) -> None:
    outbreak = outbreak_with(second, engineer)
    with nothing_changes(), pytest.raises(InvalidTransition, match=str(outbreak)):
        merge(second, first, engineer)

    Outbreak.objects.update(ended_at=LATER, ended_by=engineer)
    merge(second, first, engineer)


def test_a_merge_is_told_to_colleagues_and_its_undoing_to_both_sides(
    first: Ticket, second: Ticket, engineer: User, duty_lead: User, contact: User, colleague: User
) -> None:
    take_ticket(second, by=duty_lead)
    watch_ticket(second, by=engineer)
    merge(second, first, engineer)
    assert told_of(newest_event(second)) == {str(one) for one in (contact, colleague, duty_lead)}

    undo_merge(second, by=duty_lead, now=LATER + HOUR)
    assert told_of(newest_event(second)) == {str(one) for one in (contact, colleague, engineer)}


def test_whoever_has_the_target_hears_what_was_merged_into_it_and_nobody_twice(
    first: Ticket, second: Ticket, engineer: User, duty_lead: User, support_manager: User
) -> None:
    take_ticket(first, by=duty_lead)
    for ticket in (first, second):
        watch_ticket(ticket, by=support_manager)
    merge(second, first, engineer)

    assert told_of(newest_event(first)) == {str(duty_lead)}
    assert str(support_manager) in told_of(newest_event(second))


def test_a_ticket_that_stands_by_itself_again_is_raised_with_its_account(
    first: Ticket, second: Ticket, engineer: User, manager: User, customer: Customer
) -> None:
    merge(second, first, engineer)
    escalate_account(customer, reason="Three outages.", by=manager, now=LATER + HOUR)
    undo_merge(second, by=engineer, now=LATER + 2 * HOUR)

    second.refresh_from_db()
    assert second.account_escalated_at == LATER + HOUR


@pytest.mark.django_db(transaction=True)
def test_an_answer_to_the_target_waits_for_nobody_who_holds_what_is_merged(
    first: Ticket, second: Ticket, engineer: User
) -> None:
    merge(second, first, engineer)
    held, done = Event(), Event()

    def watch() -> None:
        with transaction.atomic():
            Ticket.objects.locked().get(pk=second.pk)
            held.set()
            done.wait(PATIENCE)
        connection.close()

    other = Thread(target=watch)
    other.start()
    assert held.wait(PATIENCE)
    try:
        with transaction.atomic():
            connection.cursor().execute("SET LOCAL lock_timeout = '5s'")
            answer_ticket(first, body="We look.", qualified=True, by=engineer, now=LATER + HOUR)
    finally:
        done.set()
        other.join(PATIENCE)
    for one in Ticket.objects.select_related("response_clock"):
        assert one.response_clock is not None
        assert one.response_clock.stopped_at == LATER + HOUR


@pytest.mark.django_db(transaction=True)
def test_an_accounts_escalation_ends_while_a_ticket_closed_during_it_is_followed_up(
    contact: User, manager: User, customer: Customer, duty_lead: User
) -> None:
    ticket = make_ticket(contact, customer, kind=TicketKind.BREAK_FIX)
    escalation = escalate_account(customer, reason="Three outages.", by=manager, now=TUESDAY + HOUR)
    close_ticket(ticket, by=contact, now=LATER)
    outcomes = race(
        lambda: follow_up_ticket(ticket, body="Again.", by=contact, now=LATER + HOUR),
        lambda: end_escalation(
            escalation,
            how=EscalationEnd.AGREED,
            reason="We talked.",
            by=duty_lead,
            now=LATER + HOUR,
        ),
    )
    assert not refusals(outcomes, InvalidTransition)
    assert not Ticket.objects.filter(account_escalated_at__isnull=False).exists()
