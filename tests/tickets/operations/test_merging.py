"""Merging a ticket into another, its undo, and what becomes of their clocks."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import Model

from accounts.choices import Role
from accounts.errors import InvalidInput, NotAllowed
from accounts.models import User
from entitlements.models import Contract, Customer, LedgerEntry
from notifications.models import Notice
from sla.models import Clock
from tests.factories.due_tickets import make_due_tickets
from tests.factories.entitlements import make_staff_member
from tests.factories.tickets import TUESDAY, make_ticket, newest_event, nothing_changes
from tests.racing import race, refusals
from tickets.choices import EventKind, LinkKind, TicketKind, TicketState
from tickets.errors import InvalidTransition
from tickets.links import link_lines, merged_in
from tickets.models import Attachment, Message, Ticket, TicketLink
from tickets.operations.conversation import (
    answer_ticket,
    follow_up_ticket,
    overturn_answer,
    write_message,
)
from tickets.operations.customer_escalation import escalate_as_customer
from tickets.operations.escalation import escalate_due_tickets
from tickets.operations.lifecycle import close_ticket
from tickets.operations.merging import merge_ticket, undo_merge
from tickets.operations.sendings import hold_answer, let_out_due_sendings
from tickets.operations.watching import (
    add_watcher,
    remove_watcher,
    unwatch_ticket,
    watch_ticket,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def stopped_at(ticket: Ticket) -> datetime | None:
    fresh = Ticket.objects.select_related("response_clock").get(pk=ticket.pk)
    assert fresh.response_clock is not None
    return fresh.response_clock.stopped_at


def merge(ticket: Ticket, into: Ticket, by: User, **given: Any) -> Any:
    return merge_ticket(
        ticket, into=into, by=by, **{"reason": "One matter.", "now": TUESDAY + 2 * HOUR, **given}
    )


def everything() -> dict[str, Any]:
    """All rows that a merge may touch, but for its own traces."""
    models: tuple[type[Model], ...] = (Ticket, Message, Attachment, Clock, LedgerEntry)
    found: dict[str, Any] = {}
    for model in models:
        rows = list(model._default_manager.order_by("pk").values())
        for row in rows:
            row.pop("updated_at", None)
        found[model.__name__] = rows
    for field in (Ticket.watchers, Ticket.staff_watchers):
        pairs = field.through.objects.order_by("ticket_id", "user_id")
        found[field.through.__name__] = list(pairs.values_list("ticket_id", "user_id"))
    found["links"] = list(TicketLink.objects.values())
    return found


def test_a_merged_ticket_is_closed_and_goes_on_in_the_other(
    first: Ticket, second: Ticket, engineer: User, colleague: User, duty_lead: User
) -> None:
    watch_ticket(second, by=duty_lead)
    merge(second, first, engineer)

    second.refresh_from_db()
    assert second.state == TicketState.CLOSED
    assert newest_event(second).kind == EventKind.MERGED
    assert newest_event(first).kind == EventKind.MERGED_IN
    assert set(first.watchers.all()) == {colleague}
    assert set(first.staff_watchers.all()) == {duty_lead}
    lines = link_lines(first, TicketLink.objects.of(first, engineer))
    assert merged_in(lines) == [second]
    # Both incidents stay drawn: giving one back is a lead's to decide.
    assert LedgerEntry.objects.filter(kind="debit").count() == 2
    assert not LedgerEntry.objects.filter(kind="credit").exists()


def test_undoing_a_merge_restores_everything(
    first: Ticket, second: Ticket, engineer: User, duty_lead: User, contact: User
) -> None:
    write_message(second, body="More.", by=contact, now=TUESDAY + HOUR)
    answer_ticket(
        second,
        body="Which one?",
        qualified=False,
        wait_for_customer=True,
        by=engineer,
        now=TUESDAY + HOUR,
    )
    watch_ticket(second, by=duty_lead)
    before = everything()
    merge(second, first, engineer)
    assert everything() != before

    undo_merge(second, by=engineer)
    assert everything() == before
    assert newest_event(second).kind == EventKind.UNMERGED
    assert newest_event(first).kind == EventKind.UNMERGED_FROM
    with pytest.raises(InvalidTransition, match="not merged"):
        undo_merge(second, by=engineer)
    merge(second, first, engineer)


def test_a_ticket_that_its_customer_closed_with_the_other_alone_is_owed_an_answer_again(
    first: Ticket, second: Ticket, contact: User, engineer: User
) -> None:
    merge(second, first, engineer)
    close_ticket(first, by=contact, now=TUESDAY + 3 * HOUR)
    assert stopped_at(second) == TUESDAY + 3 * HOUR
    assert Ticket.objects.get(pk=second.pk).was_withdrawn

    undo_merge(second, by=engineer, now=TUESDAY + 4 * HOUR)

    second.refresh_from_db()
    assert second.is_open
    assert not second.was_withdrawn
    assert [stopped_at(one) for one in (first, second)] == [TUESDAY + 3 * HOUR, None]
    assert second.response_clock is not None
    assert second.response_clock.next_step_at is not None


def test_nobody_follows_by_a_merge_who_does_not_belong_to_the_company(
    first: Ticket, customer: Customer, colleague: User, engineer: User
) -> None:
    ours = make_ticket(engineer, customer, watchers=[colleague], now=TUESDAY + HOUR)
    customer.memberships.filter(user=colleague).update(left_at=TUESDAY + HOUR)

    merge(ours, first, engineer)
    assert not first.watchers.exists()


def test_who_follows_by_another_merge_stays_until_that_one_is_undone(
    first: Ticket, second: Ticket, contact: User, colleague: User, engineer: User, duty_lead: User
) -> None:
    third = make_ticket(contact, first.customer, watchers=[colleague], now=TUESDAY + HOUR)
    for one in (second, third):
        watch_ticket(one, by=duty_lead)
        merge(one, first, engineer)

    undo_merge(second, by=engineer)
    assert list(first.watchers.all()) == [colleague]
    assert list(first.staff_watchers.all()) == [duty_lead]
    undo_merge(third, by=engineer)
    assert not first.watchers.exists()
    assert not first.staff_watchers.exists()


def test_one_answer_stops_the_clocks_of_both_and_overturned_starts_both(
    first: Ticket, second: Ticket, engineer: User, duty_lead: User
) -> None:
    merge(second, first, engineer)
    answered = TUESDAY + 3 * HOUR
    message = answer_ticket(first, body="We look.", qualified=True, by=engineer, now=answered)
    for ticket in (first, second):
        assert stopped_at(ticket) == answered

    overturn_answer(message, reason="Not one.", by=duty_lead, now=answered + HOUR)
    for ticket in (first, second):
        assert stopped_at(ticket) is None


@pytest.fixture
def answered(first: Ticket, second: Ticket, engineer: User) -> Message:
    """A qualified answer on the second ticket, which is merged into the first an hour later."""
    message = answer_ticket(
        second, body="We look.", qualified=True, by=engineer, now=TUESDAY + HOUR
    )
    merge(second, first, engineer)
    return message


def overturn(message: Message, by: User, at: datetime) -> None:
    overturn_answer(message, reason="Not one.", by=by, now=at)


def test_an_answer_overturned_after_its_ticket_was_merged_leaves_the_promise(
    answered: Message, first: Ticket, second: Ticket, engineer: User, duty_lead: User
) -> None:
    overturn(answered, duty_lead, TUESDAY + 3 * HOUR)
    assert stopped_at(second) is None

    # The merge did not end it; an answer in the other ticket does, and is taken back like another.
    later = answer_ticket(
        first, body="We look.", qualified=True, by=engineer, now=TUESDAY + 4 * HOUR
    )
    assert [stopped_at(one) for one in (first, second)] == [TUESDAY + 4 * HOUR] * 2
    overturn(later, duty_lead, TUESDAY + 5 * HOUR)
    assert [stopped_at(one) for one in (first, second)] == [None, None]


def test_it_stops_at_the_next_answer_or_the_end_of_what_it_is_merged_into(
    answered: Message,
    first: Ticket,
    second: Ticket,
    engineer: User,
    contact: User,
    duty_lead: User,
) -> None:
    later = answer_ticket(
        first, body="We look.", qualified=True, by=engineer, now=TUESDAY + 3 * HOUR
    )
    overturn(answered, duty_lead, TUESDAY + 4 * HOUR)
    assert stopped_at(second) == TUESDAY + 3 * HOUR

    close_ticket(first, by=contact, now=TUESDAY + 5 * HOUR)
    overturn(later, duty_lead, TUESDAY + 6 * HOUR)
    assert [stopped_at(one) for one in (first, second)] == [TUESDAY + 5 * HOUR] * 2


def test_no_answer_is_overturned_where_its_promise_would_be_overlooked(
    first: Ticket, second: Ticket, engineer: User, duty_lead: User
) -> None:
    # Both are answered, and then they are merged: nobody owes an answer there any more.
    one, _ = (
        answer_ticket(ticket, body="We look.", qualified=True, by=engineer, now=TUESDAY + HOUR)
        for ticket in (second, first)
    )
    merge(second, first, engineer)

    with nothing_changes(), pytest.raises(InvalidTransition, match="Undo the merge first"):
        overturn(one, duty_lead, TUESDAY + 3 * HOUR)

    undo_merge(second, by=engineer, now=TUESDAY + 4 * HOUR)
    overturn(one, duty_lead, TUESDAY + 5 * HOUR)
    assert [stopped_at(ticket) for ticket in (first, second)] == [TUESDAY + HOUR, None]


def test_an_answer_overturned_after_an_undone_merge_starts_both_clocks_again(
    first: Ticket, second: Ticket, engineer: User, duty_lead: User
) -> None:
    merge(second, first, engineer)
    message = answer_ticket(
        first, body="We look.", qualified=True, by=engineer, now=TUESDAY + 3 * HOUR
    )
    undo_merge(second, by=engineer, now=TUESDAY + 4 * HOUR)
    overturn(message, duty_lead, TUESDAY + 5 * HOUR)

    for ticket in (first, second):
        assert stopped_at(ticket) is None
        event = newest_event(ticket)
        assert (event.kind, event.reason) == (EventKind.OVERTURNED, "Not one.")


def test_an_answer_after_an_undone_merge_is_one_to_its_own_ticket_alone(
    answered: Message, first: Ticket, second: Ticket, engineer: User, duty_lead: User
) -> None:
    undo_merge(second, by=engineer, now=TUESDAY + 3 * HOUR)
    answer_ticket(first, body="We look.", qualified=True, by=engineer, now=TUESDAY + 4 * HOUR)
    overturn(answered, duty_lead, TUESDAY + 5 * HOUR)

    assert [stopped_at(one) for one in (first, second)] == [TUESDAY + 4 * HOUR, None]


@pytest.mark.django_db(transaction=True)
def test_an_answer_overturned_while_the_next_is_given_leaves_no_clock_running(
    answered: Message, first: Ticket, second: Ticket, engineer: User, duty_lead: User
) -> None:
    at = TUESDAY + 4 * HOUR
    outcomes = race(
        lambda: overturn(answered, duty_lead, at),
        lambda: answer_ticket(first, body="We look.", qualified=True, by=engineer, now=at),
    )

    assert not refusals(outcomes, InvalidTransition)
    assert [stopped_at(one) for one in (first, second)] == [at, at]


def test_an_answer_on_its_way_holds_the_watch_from_what_is_merged_too(
    contract: Contract, contact: User, engineer: User
) -> None:
    # Their thirty minutes ended a minute ago, a few seconds after the answer was sent.
    made = make_due_tickets(contract, contact, count=2, began_ago=timedelta(minutes=31))
    source, target = (Ticket.objects.get(pk=one.pk) for one in made)
    merge(source, target, engineer)
    pressed = target.filed_at + timedelta(minutes=29, seconds=55)
    hold_answer(
        target,
        body="We look.",
        qualified=True,
        by=engineer,
        submission_key=uuid.uuid4(),
        now=pressed,
    )

    assert escalate_due_tickets() == 0
    assert let_out_due_sendings() == 1
    assert escalate_due_tickets() == 0

    assert [stopped_at(one) for one in (source, target)] == [pressed, pressed]
    assert not Clock.objects.filter(breached_at__isnull=False).exists()


def test_a_promise_is_never_lost_by_a_merge(first: Ticket, second: Ticket, engineer: User) -> None:
    # The first is due at 19:00 ET, the second an hour of coverage later.
    with nothing_changes(), pytest.raises(InvalidTransition, match="owes none before it"):
        merge(first, second, engineer)
    answer_ticket(first, body="We look.", qualified=True, by=engineer, now=TUESDAY + HOUR)
    with nothing_changes(), pytest.raises(InvalidTransition, match="owes none before it"):
        merge(second, first, engineer)

    answer_ticket(second, body="We look.", qualified=True, by=engineer, now=TUESDAY + HOUR)
    merge(second, first, engineer)


def test_a_merge_is_refused_where_it_would_tell_or_lose_something(
    first: Ticket, second: Ticket, foreign: Ticket, engineer: User, contact: User, tam: User
) -> None:
    with nothing_changes():
        with pytest.raises(InvalidInput, match="one customer"):
            merge(first, foreign, engineer)
        with pytest.raises(InvalidInput, match="another ticket"):
            merge(first, first, engineer)
        with pytest.raises(InvalidInput, match="Say why"):
            merge(second, first, engineer, reason=" ")
        for nobody in (contact, tam):
            with pytest.raises(NotAllowed):
                merge(second, first, nobody)
    escalate_as_customer(second, reason="Now.", by=contact, now=TUESDAY + HOUR)
    with pytest.raises(InvalidTransition, match="is escalated"):
        merge(second, first, engineer)


def test_merges_make_no_chain_and_no_circle(
    first: Ticket, second: Ticket, contact: User, customer: Customer, engineer: User
) -> None:
    third = make_ticket(contact, customer, now=TUESDAY)
    merge(second, first, engineer)

    with pytest.raises(InvalidTransition, match="has ended"):
        merge(first, second, engineer)
    with pytest.raises(InvalidTransition, match="has ended"):
        merge(third, second, engineer)
    with pytest.raises(InvalidTransition, match="merged into this one"):
        merge(first, third, engineer)


@pytest.mark.django_db(transaction=True)
def test_two_merges_in_a_circle_at_once_make_one(
    contact: User, customer: Customer, engineer: User, db: None
) -> None:
    other = make_staff_member("Jan Novak", Role.ENGINEER)
    one = make_ticket(contact, customer, kind=TicketKind.BREAK_FIX)
    two = make_ticket(contact, customer, kind=TicketKind.BREAK_FIX)
    outcomes = race(lambda: merge(one, two, engineer), lambda: merge(two, one, other))

    assert len(refusals(outcomes, InvalidTransition)) == 1
    assert TicketLink.objects.filter(kind=LinkKind.MERGED).count() == 1
    assert Ticket.objects.open().count() == 1


def test_who_writes_on_a_merged_ticket_is_led_to_the_other(
    first: Ticket, second: Ticket, engineer: User, contact: User
) -> None:
    merge(second, first, engineer)

    with pytest.raises(InvalidTransition, match=f"merged into TK-{first.number}"):
        write_message(second, body="Hello?", by=contact)
    with pytest.raises(InvalidTransition, match=f"merged into TK-{first.number}"):
        follow_up_ticket(second, body="Hello?", by=contact)


def test_an_undone_merge_hides_no_unread_notice(
    contact: User, colleague: User, customer: Customer, engineer: User
) -> None:
    """Nobody can open what they do not see, so it must not count."""
    target = make_ticket(contact, customer)
    source = make_ticket(contact, customer, watchers=[colleague])
    merge_ticket(source, into=target, reason="one", by=engineer)
    answer_ticket(target, body="hello", qualified=False, by=engineer)
    unread = Notice.objects.filter(
        recipient=colleague, thread=f"ticket:{target.number}", read_at__isnull=True
    )
    assert unread.exists()

    undo_merge(source, by=engineer)

    assert not Ticket.objects.visible_to(colleague).filter(pk=target.pk).exists()
    assert not unread.exists()


def test_who_came_again_by_hand_stays_when_the_merge_is_undone(
    contact: User, colleague: User, customer: Customer, engineer: User, duty_lead: User
) -> None:
    target = make_ticket(contact, customer)
    source = make_ticket(contact, customer, watchers=[colleague])
    watch_ticket(source, by=duty_lead)
    merge_ticket(source, into=target, reason="one", by=engineer)
    remove_watcher(target, colleague, by=contact)
    add_watcher(target, colleague, by=contact)
    unwatch_ticket(target, by=duty_lead)
    watch_ticket(target, by=duty_lead)

    undo_merge(source, by=engineer)

    assert target.watchers.contains(colleague)
    assert target.staff_watchers.contains(duty_lead)
