"""Tickets by mail: what is promised stands in it, and who may choose not to get it."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from accounts.models import User
from entitlements.choices import Severity
from entitlements.models import Customer
from notifications.channels.email import make_mail
from notifications.choices import Reach, Topic
from notifications.models import Delivery, Notice
from notifications.operations.preferences import choose_mail
from notifications.sight import still_readable
from tests.factories.tickets import TUESDAY, make_ticket
from tickets.choices import TicketKind
from tickets.models import Ticket
from tickets.operations.assignment import assign_ticket
from tickets.operations.conversation import answer_ticket
from tickets.operations.customer_escalation import escalate_as_customer
from tickets.operations.escalation_course import answer_escalation
from tickets.operations.lifecycle import close_ticket

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
# Sun 15 Mar 2026 at three at night in New York, UTC-4.
NIGHT = datetime(2026, 3, 15, 7, 0, tzinfo=UTC)


def want_none_and_quiet(user: User) -> None:
    choose_mail(
        user,
        reaches=dict.fromkeys(Topic, Reach.NONE),
        digest_at=time(8),
        quiet_from=time(22),
        quiet_until=time(7),
        quiet_days=range(7),
        by=user,
    )


def delivery_to(user: User, kind: str) -> Delivery:
    return Delivery.objects.get(notice__recipient=user, notice__kind=kind)


def answered(ticket: Ticket, engineer: User, at: datetime) -> None:
    answer_ticket(ticket, body="We look.", qualified=False, by=engineer, now=at)


def test_a_mail_of_a_ticket_says_what_is_promised_and_why_it_comes(
    contact: User, customer: Customer, engineer: User
) -> None:
    # Filed Tue 10 Mar 2026 at 11:00 ET as break/fix of severity 2.
    User.objects.filter(pk=contact.pk).update(timezone="Europe/Berlin")
    contact.refresh_from_db()
    ticket = make_ticket(contact, customer)
    notice = Notice.objects.get(recipient=contact, kind="filed")
    assert notice.thread == f"ticket:{ticket.number}"
    assert notice.title == f"{ticket.reference} {ticket.subject}"
    assert notice.why == "You filed this ticket."
    if ticket.response_clock is None:
        assert notice.promise == "No promised time. We work on it in covered hours."
    else:
        assert notice.promise.startswith("First qualified answer by ")
        assert " CET (" in notice.promise
        assert notice.promise.endswith(" ET).")


def test_the_receipt_says_what_is_promised_once(contact: User, customer: Customer) -> None:
    make_ticket(contact, customer)
    notice = Notice.objects.get(recipient=contact, kind="filed")
    assert "We answer by " in notice.body
    mail: Any = make_mail(notice.delivery, [notice])
    assert notice.promise not in mail.body
    assert notice.promise not in mail.alternatives[0].content


def test_once_answered_the_mail_says_so(contact: User, customer: Customer, engineer: User) -> None:
    ticket = make_ticket(contact, customer)
    answer_ticket(ticket, body="We look.", qualified=True, by=engineer, now=TUESDAY + HOUR)
    notice = Notice.objects.get(recipient=contact, kind="answered")
    assert notice.promise == "The first qualified answer came in time."


@pytest.mark.parametrize(
    ("severity", "reach"), [(Severity.CRITICAL, Reach.EACH), (Severity.HIGH, Reach.NONE)]
)
def test_nobody_misses_a_mail_of_their_own_critical_ticket(
    contact: User, customer: Customer, engineer: User, severity: Severity, reach: Reach
) -> None:
    want_none_and_quiet(contact)
    ticket = make_ticket(contact, customer, severity=severity)
    answered(ticket, engineer, TUESDAY + HOUR)
    assert delivery_to(contact, "answered").reach == reach
    assert Notice.objects.filter(recipient=contact, kind="answered").exists()


def test_a_24x7_promise_passes_quiet_hours(
    foreign_contact: User, foreign_customer: Customer, engineer: User
) -> None:
    want_none_and_quiet(foreign_contact)
    ticket = make_ticket(foreign_contact, foreign_customer, severity=Severity.CRITICAL)
    assert ticket.response_clock is not None
    assert ticket.response_clock.schedule.is_always_open
    answered(ticket, engineer, NIGHT)
    assert delivery_to(foreign_contact, "answered").reach == Reach.EACH


def test_an_escalation_of_a_critical_ticket_is_answered_by_mail_by_night_too(
    foreign_contact: User, foreign_customer: Customer, duty_lead: User
) -> None:
    want_none_and_quiet(foreign_contact)
    ticket = make_ticket(foreign_contact, foreign_customer, severity=Severity.CRITICAL)
    escalation = escalate_as_customer(ticket, reason="Now.", by=foreign_contact, now=NIGHT)
    answer_escalation(escalation, body="We call.", next_word_in=HOUR, by=duty_lead, now=NIGHT)
    assert delivery_to(foreign_contact, "help_answered").reach == Reach.EACH


def test_other_mail_of_the_night_waits_for_the_morning(
    contact: User, customer: Customer, engineer: User
) -> None:
    choose_mail(
        contact,
        reaches={},
        digest_at=time(8),
        quiet_from=time(22),
        quiet_until=time(7),
        quiet_days=range(7),
        by=contact,
    )
    ticket = make_ticket(contact, customer, severity=Severity.LOW)
    answered(ticket, engineer, NIGHT)
    delivery = delivery_to(contact, "answered")
    assert delivery.held_until == datetime(2026, 3, 15, 11, 0, tzinfo=UTC)


def test_who_left_the_company_is_mailed_nothing_more(
    contact: User, colleague: User, customer: Customer, engineer: User
) -> None:
    ticket = make_ticket(colleague, customer, kind=TicketKind.BREAK_FIX)
    answered(ticket, engineer, TUESDAY + HOUR)
    notices = list(Notice.objects.filter(recipient=colleague))
    assert still_readable(notices, colleague) == notices
    colleague.memberships.update(left_at=TUESDAY + HOUR)
    assert still_readable(notices, User.objects.get(pk=colleague.pk)) == []


def test_staff_who_lost_their_role_are_mailed_nothing_more(
    contact: User, customer: Customer, engineer: User, duty_lead: User
) -> None:
    ticket = make_ticket(contact, customer)
    assign_ticket(ticket, to=engineer, reason="", by=duty_lead, now=TUESDAY + HOUR)
    notices = list(Notice.objects.filter(recipient=engineer))
    assert notices
    assert still_readable(notices, engineer) == notices
    User.objects.filter(pk=engineer.pk).update(roles=[])
    assert still_readable(notices, User.objects.get(pk=engineer.pk)) == []


def test_a_mail_of_a_withdrawn_ticket_tells_of_no_answer(
    contact: User, customer: Customer, engineer: User, contract: object
) -> None:
    ticket = make_ticket(contact, customer)
    assign_ticket(ticket, to=engineer, by=engineer, now=TUESDAY)
    close_ticket(ticket, by=contact, now=TUESDAY + HOUR)
    assert Notice.objects.get(recipient=engineer, kind="closed").promise == ""
