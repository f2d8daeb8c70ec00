"""The demo's escalated accounts: one open with its answers, one that came to a good end."""

from datetime import datetime, timedelta

from entitlements.models import Membership
from tickets.choices import EscalationEnd
from tickets.demo.cast import Cast
from tickets.operations.customer_escalation import escalate_account
from tickets.operations.escalation_course import answer_escalation, end_escalation

OPEN, ENDED = "Greyfield Rail", "Kettle Bay Energy"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def escalate_accounts(cast: Cast, *, now: datetime) -> None:
    """Escalate two accounts in the last weeks, one of them still open. Effects: as operations."""
    asked_at = now - 2 * DAY - 3 * HOUR
    escalation = escalate_account(
        cast.customers[OPEN],
        reason="Three incidents on signalling servers in two weeks, each with another engineer "
        "who starts from nothing. We need one person who knows our site, and a plan.",
        by=_manager(cast, OPEN).user,
        now=asked_at,
    )
    lead = escalation.owner
    assert lead is not None, "the demo has leads"
    for after, body, silence in (
        (
            timedelta(minutes=34),
            (
                "I read all three tickets and talked to the engineers. They share one cause: the "
                "policy of the signal boxes. Mara Kovač works on all of them from now on."
            ),
            DAY,
        ),
        (
            DAY,
            (
                "Mara has the policy from Isaac and tries the changed one on two signal boxes "
                "tonight. No incident since yesterday."
            ),
            DAY + 6 * HOUR,
        ),
    ):
        answer_escalation(
            escalation, body=body, next_word_in=silence, by=lead, now=asked_at + after
        )
    past = now - 16 * DAY
    ended = escalate_account(
        cast.customers[ENDED],
        reason="The plant update is on Monday and two tickets it depends on are open.",
        by=_manager(cast, ENDED).user,
        now=past,
    )
    owner = ended.owner
    assert owner is not None, "the demo has leads"
    answer_escalation(
        ended,
        body="Both tickets have an engineer until they are solved, and I call you on Friday.",
        next_word_in=2 * DAY,
        by=owner,
        now=past + timedelta(minutes=20),
    )
    end_escalation(
        ended,
        how=EscalationEnd.SOLVED,
        reason="Both tickets are solved, and the update went through on Monday.",
        by=owner,
        now=past + 5 * DAY,
    )


def _manager(cast: Cast, company: str) -> Membership:
    return next(one for one in cast.members[company] if one.is_manager)
