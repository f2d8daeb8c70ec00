"""The fast way through the queue gives exactly the order of the plain rule, told here anew."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from entitlements.models import Customer
from sla.models import Clock
from tests.factories.tickets import make_ticket
from tickets.choices import EscalationEnd, TicketKind, TicketState
from tickets.escalation_querysets import CustomerEscalationQuerySet
from tickets.models import CustomerEscalation, Ticket
from tickets.urgency import Urgency

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 22, 30, tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)

# Few distinct values, so that ties are common; the instants stand on either side of NOW and on it.
instants = st.sampled_from([NOW + timedelta(microseconds=step) for step in (-2, -1, 0, 1, 2)])
facts = st.fixed_dictionaries(
    {
        "state": st.sampled_from([TicketState.NEW, TicketState.WAITING_FOR_CUSTOMER]),
        "severity": st.integers(1, 4),
        "escalation_level": st.integers(0, 1),
        "weight": st.integers(0, 1),
        "filed_at": instants,
        "escalated_at": st.none() | instants,
        "clock": st.none()
        | st.fixed_dictionaries(
            {"due_at": instants, "at_risk_at": instants, "stopped_at": st.none() | instants}
        ),
    }
)


@pytest.fixture
def shelf(
    contact: User, customer: Customer, foreign_contact: User, foreign_customer: Customer
) -> list[Ticket]:
    """Six tickets of two companies with a clock each, to be given any facts."""
    companies = ((contact, customer), (foreign_contact, foreign_customer))
    return [make_ticket(by, company, kind=TicketKind.PREMIUM) for by, company in companies * 3]


def escalate(ticket: Ticket | None, customer: Customer, by: User, at: datetime) -> None:
    CustomerEscalation.objects.create(
        customer=customer,
        ticket=ticket,
        reason="Trucks are waiting.",
        asked_by=by,
        asked_at=at,
        next_word_at=NOW,
    )


def asked_at(escalations: CustomerEscalationQuerySet) -> datetime:
    return escalations.values_list("asked_at", flat=True).first() or NEVER


def plain_rule(ticket: Ticket, clock: Clock | None) -> tuple[Any, ...]:
    """The rule as the page tells it, on the clock itself."""
    runs = clock is not None and clock.stopped_at is None
    due_at = clock.due_at if runs and clock is not None else None
    at_risk_at = clock.at_risk_at if runs and clock is not None else None
    group = 3
    if due_at is not None:
        group = 0 if due_at < NOW else 1 if min(at_risk_at or due_at, due_at) <= NOW else 2
    return (
        group,
        ticket.state == TicketState.WAITING_FOR_CUSTOMER,
        asked_at(ticket.escalations.open()),
        asked_at(ticket.customer.escalations.open().of_accounts()),
        ticket.severity,
        -ticket.escalation_level,
        -ticket.weight,
        due_at or NEVER,
        ticket.filed_at,
        ticket.number,
    )


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    given_facts=st.lists(facts, min_size=6, max_size=6),
    accounts=st.tuples(st.none() | instants, st.none() | instants),
)
def test_both_ways_through_the_queue_keep_the_plain_rule(
    shelf: list[Ticket],
    given_facts: list[dict[str, Any]],
    accounts: tuple[datetime | None, datetime | None],
) -> None:
    CustomerEscalation.objects.open().update(ended_at=NOW, ended_how=EscalationEnd.SOLVED)
    for at, one in zip(accounts, shelf[:2], strict=True):
        if at is not None:
            escalate(None, one.customer, one.filed_by, at)
    expected = []
    for ticket, fact in zip(shelf, given_facts, strict=True):
        row = {name: value for name, value in fact.items() if name not in {"clock", "escalated_at"}}
        if fact["escalated_at"] is not None:
            escalate(ticket, ticket.customer, ticket.filed_by, fact["escalated_at"])
        clock_id = ticket.response_clock_id
        assert clock_id is not None
        if isinstance(fact["clock"], dict):
            Clock.objects.filter(pk=clock_id).update(next_step_at=None, **fact["clock"])
        else:
            row["response_clock"] = None
        Ticket.objects.filter(pk=ticket.pk).update(**{"response_clock": clock_id, **row})
        fresh = Ticket.objects.select_related("response_clock").get(pk=ticket.pk)
        expected.append((plain_rule(fresh, fresh.response_clock), ticket.number))
    expected.sort()

    sorted_by_rule = Ticket.objects.open().in_urgency_order(NOW)
    by_group = [
        (urgency, ticket.number)
        for urgency, group in Ticket.objects.open().by_urgency(NOW)
        for ticket in group
    ]

    assert by_group == [(Urgency(key[0]), number) for key, number in expected]
    assert [ticket.number for ticket in sorted_by_rule] == [number for _, number in expected]


def test_the_copy_follows_the_clock_and_the_ticket(ticket_of_tuesday: Ticket) -> None:
    def copied() -> tuple[datetime | None, datetime | None]:
        fresh = Ticket.objects.get(pk=ticket_of_tuesday.pk)
        return fresh.answer_due_at, fresh.answer_at_risk_at

    clock = ticket_of_tuesday.response_clock
    assert clock is not None
    assert copied() == (clock.due_at, clock.at_risk_at)

    Clock.objects.filter(pk=clock.pk).update(due_at=NOW, at_risk_at=NOW - timedelta(hours=1))
    assert copied() == (NOW, NOW - timedelta(hours=1))

    # A stale row saved whole moves nothing.
    ticket_of_tuesday.save()
    assert copied() == (NOW, NOW - timedelta(hours=1))

    Clock.objects.filter(pk=clock.pk).update(stopped_at=NOW, next_step_at=None)
    assert copied() == (None, None)


@pytest.fixture
def ticket_of_tuesday(contact: User, customer: Customer) -> Ticket:
    return make_ticket(contact, customer)
