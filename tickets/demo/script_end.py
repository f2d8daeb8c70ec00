"""How a ticket ends, and what may come after."""

from datetime import datetime

from accounts.choices import Role
from entitlements.operations.incidents import credit_incident
from tickets.choices import TicketKind
from tickets.demo.life import HOUR, MINUTE, Life
from tickets.demo.plan import Twist
from tickets.demo.stories import Turn
from tickets.demo.timeline import Script
from tickets.operations.conversation import answer_ticket, follow_up_ticket
from tickets.operations.lifecycle import (
    close_resolved_tickets,
    close_ticket,
    reopen_ticket,
    resolve_ticket,
)
from tickets.querysets import REOPEN_WITHIN

THANKS = (
    "Thank you, that was quick.",
    "Works. Thanks to everybody.",
    "Thanks, we will keep an eye on it.",
    "Perfect, thank you.",
)
BACK_AGAIN = (
    "It is back since this morning, exactly as before.",
    "Two machines show it again. Please have another look.",
    "It worked for a day. Now we see the same message.",
)
HELD = (
    "That was the same cause on machines that had been off meanwhile. They have the change now, "
    "and I have looked at three of them myself."
)


def end(life: Life, turn: Turn, at: datetime) -> Script:
    """Resolve it, and what comes after: a credit, a relapse, thanks, the closing."""
    life.ticket = resolve_ticket(life.ticket, resolution=turn.text, by=life.engineer, now=at)
    twists, rng = life.planned.twists, life.rng
    if Twist.CREDITED in twists and life.ticket.kind == TicketKind.PREMIUM:
        yield (later := at + life.within(3 * HOUR, 30 * HOUR))
        credit_incident(
            ticket_number=life.ticket.number,
            reason="The cause was our defect.",
            by=life.cast.the(Role.DUTY_LEAD),
            now=later,
        )
        at = later
    if Twist.REOPENED in twists:
        yield (at := life.office.deadline(at, life.within(2 * HOUR, 20 * HOUR)))
        reopen_ticket(life.ticket, reason=rng.choice(BACK_AGAIN), by=life.author, now=at)
        yield (at := life.covered(at, life.within(HOUR, 8 * HOUR)))
        life.ticket = resolve_ticket(life.ticket, resolution=HELD, by=life.engineer, now=at)
    if rng.random() < 0.25:
        yield (at := life.office.deadline(at, life.within(5 * MINUTE, 4 * HOUR)))
        life.write(rng.choice(THANKS), at)
    if Twist.FOLLOWED_UP in twists or rng.random() < 0.55:
        yield (at := life.office.deadline(at, life.within(10 * MINUTE, 12 * HOUR)))
        close_ticket(life.ticket, by=life.author, now=at)
    else:
        resolved_at = life.ticket.resolved_at
        assert resolved_at is not None, "resolve_ticket sets it"
        yield (at := max(at, resolved_at + REOPEN_WITHIN) + life.within(0 * MINUTE, 9 * MINUTE))
        close_resolved_tickets(now=at)
    if Twist.FOLLOWED_UP in twists:
        yield (at := life.office.deadline(at, life.within(20 * HOUR, 60 * HOUR)))
        yield from _follow_up(life, at)


def _follow_up(life: Life, at: datetime) -> Script:
    follow_up = follow_up_ticket(
        life.ticket,
        body="The same now happens on machines of another building. May we do the same there?",
        by=life.author,
        now=at,
    )
    yield (at := life.covered(at, life.within(HOUR, 5 * HOUR)))
    answer_ticket(
        follow_up,
        body="Yes, the same steps hold there. I have looked at the policy of that group.",
        qualified=True,
        by=life.engineer,
        wait_for_customer=True,
        now=at,
    )
    yield (at := life.covered(at, life.within(3 * HOUR, 9 * HOUR)))
    resolve_ticket(
        follow_up,
        resolution="The other building has the same change.",
        by=life.engineer,
        now=at,
    )
