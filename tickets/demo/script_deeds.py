"""What happens out of the ordinary between taking a ticket and answering it."""

from collections.abc import Callable
from datetime import datetime

from accounts.choices import Role
from entitlements.choices import Severity
from tickets.choices import EscalationEnd
from tickets.demo.life import HOUR, MINUTE, Life
from tickets.demo.plan import Twist
from tickets.operations.assignment import assign_ticket, release_ticket, take_ticket
from tickets.operations.customer_escalation import escalate_as_customer
from tickets.operations.escalation_course import answer_escalation, end_escalation
from tickets.operations.severity import change_severity, contest_severity


def _raise(life: Life, at: datetime) -> None:
    life.ticket = change_severity(
        life.ticket,
        severity=Severity(life.ticket.severity - 1),
        reason="More machines are affected than it seemed when the ticket was filed.",
        by=life.engineer,
        now=at,
    )
    life.timeline.watch(life.ticket)


def _lower(life: Life, at: datetime) -> None:
    life.ticket = change_severity(
        life.ticket,
        severity=Severity(life.ticket.severity + 1),
        reason="Work goes on by the second way we agreed on the phone.",
        by=life.engineer,
        now=at,
    )
    life.timeline.watch(life.ticket)


def _contest(life: Life, at: datetime) -> None:
    life.ticket = contest_severity(
        life.ticket,
        severity=Severity(life.ticket.severity - 1),
        reason="The whole department stands still, not single people.",
        by=life.author,
        now=at,
    )


def _hand_over(life: Life, at: datetime) -> None:
    colleagues = [one for one in life.cast.with_role(Role.ENGINEER) if one.pk != life.engineer.pk]
    successor = life.rng.choice(colleagues)
    life.ticket = assign_ticket(
        life.ticket,
        to=successor,
        by=life.engineer,
        reason="My shift ends. The log is read, the next step is the answer.",
        now=at,
    )
    life.engineer = successor


def _put_back(life: Life, at: datetime) -> None:
    release_ticket(life.ticket, by=life.engineer, now=at)
    life.engineer = life.cast.engineer_at(at + HOUR, life.rng)
    life.ticket = take_ticket(life.ticket, by=life.engineer, now=at + 2 * MINUTE)


def ask_for_help(life: Life, at: datetime) -> None:
    """The customer escalates; a lead answers and ends it where that is planned."""
    escalation = escalate_as_customer(
        life.ticket,
        reason="Our management asks every hour. We need to know when somebody looks at it.",
        by=life.author,
        now=at,
    )
    if Twist.HELP_ANSWERED in life.planned.twists:
        lead = escalation.owner or life.cast.the(Role.DUTY_LEAD)
        answer_escalation(
            escalation,
            body=f"{life.engineer.name} has it and answers within the hour.",
            next_word_in=HOUR,
            by=lead,
            now=at + 6 * MINUTE,
        )
        end_escalation(
            escalation,
            how=EscalationEnd.AGREED,
            reason=f"{life.author.name} and I talked on the phone: {life.engineer.name} "
            "stays on it until it is solved.",
            by=lead,
            now=at + 20 * MINUTE,
        )


# What happens between taking the ticket and answering it.
EARLY_DEEDS: dict[Twist, Callable[[Life, datetime], None]] = {
    Twist.RAISED: _raise,
    Twist.LOWERED: _lower,
    Twist.CONTESTED: _contest,
    Twist.HANDED_OVER: _hand_over,
    Twist.PUT_BACK: _put_back,
    Twist.HELP_ANSWERED: ask_for_help,
}
