"""Whom a ladder's audience is: by the roster, and everybody with the role where it has a gap."""

from datetime import timedelta

import pytest

from accounts.choices import Role
from sla.choices import Audience, DutyRole
from tests.factories import entitlements as factory
from tests.factories.roster import NOW, make_shift
from tests.factories.tickets import make_ticket, newest_event, told_of
from tickets.notices import people_of
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import write_message
from tickets.operations.customer_escalation import escalate_as_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(contact, customer, contract):
    return make_ticket(contact, customer)


@pytest.fixture
def other(db):
    return factory.make_staff_member("Tomas Herrera", Role.ENGINEER)


@pytest.fixture
def other_lead(db):
    return factory.make_staff_member("Theo Hartmann", Role.DUTY_LEAD)


def test_without_an_assignee_the_engineers_on_duty_are_told(ticket, engineer, other, duty_lead):
    make_shift(other, duty_lead, -1, 2)

    assert people_of(ticket, [Audience.ASSIGNEE], now=NOW) == [other]


def test_nobody_on_duty_means_every_engineer(ticket, engineer, other, duty_lead):
    make_shift(other, duty_lead, -1, 2)

    # The shift's end is not part of it.
    after = NOW + timedelta(hours=1)
    assert set(people_of(ticket, [Audience.ASSIGNEE], now=after)) == {engineer, other}


def test_an_assignee_is_told_whoever_is_on_duty(ticket, engineer, other, duty_lead):
    make_shift(other, duty_lead, -1, 2)
    ticket.assignee = engineer

    assert people_of(ticket, [Audience.ASSIGNEE], now=NOW) == [engineer]


def test_the_duty_lead_on_duty_is_told_else_all(ticket, duty_lead, other_lead):
    make_shift(other_lead, duty_lead, -1, 2, duty=DutyRole.DUTY_LEAD)

    assert people_of(ticket, [Audience.DUTY_LEAD], now=NOW) == [other_lead]
    later = NOW + timedelta(hours=1)
    assert set(people_of(ticket, [Audience.DUTY_LEAD], now=later)) == {duty_lead, other_lead}


def test_somebody_on_duty_who_lost_the_role_is_not_told(ticket, engineer, other, duty_lead):
    make_shift(other, duty_lead, -1, 2)
    other.roles = ["analyst"]
    other.save()

    assert people_of(ticket, [Audience.ASSIGNEE], now=NOW) == [engineer]


def test_an_assignee_who_lost_the_role_is_replaced_by_those_on_duty(
    ticket, engineer, other, duty_lead
):
    make_shift(other, duty_lead, -1, 2)
    ticket.assignee = engineer
    engineer.roles = []
    engineer.save()

    assert people_of(ticket, [Audience.ASSIGNEE], now=NOW) == [other]


def test_nobody_is_told_of_a_ticket_they_no_longer_see(ticket, contact, engineer, tam, duty_lead):
    take_ticket(ticket, by=engineer)
    for former in (engineer, tam):
        former.roles = []
        former.save()

    escalate_as_customer(ticket, reason="Production stands still.", by=contact, now=NOW)
    assert told_of(newest_event(ticket)) == {"Jonas Lindqvist"}

    write_message(ticket, body="Anybody there?", by=contact, now=NOW)
    assert told_of(newest_event(ticket)) == set()
