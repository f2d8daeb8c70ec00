"""What becomes of one ticket, step by step, each at its instant and by the real operations."""

from collections.abc import Sequence
from datetime import datetime

from accounts.choices import Role
from entitlements.choices import Severity
from entitlements.models import SeverityDefinition
from tickets.demo.life import HOUR, MINUTE, Life
from tickets.demo.plan import Twist
from tickets.demo.script_deeds import EARLY_DEEDS, ask_for_help
from tickets.demo.script_end import end
from tickets.demo.script_filing import call_in, file
from tickets.demo.stories import (
    ACKNOWLEDGED,
    ANSWERED,
    CUSTOMER,
    LAB,
    LAB_ANSWERED,
    NOTED,
    RESOLVED,
    Turn,
)
from tickets.demo.timeline import Script
from tickets.models import Message
from tickets.operations.assignment import take_ticket
from tickets.operations.conversation import answer_ticket, overturn_answer, write_note
from tickets.operations.excuses import excuse_breach
from tickets.operations.lab import pass_to_lab
from tickets.operations.lifecycle import close_ticket, resolve_ticket

STAYS = {
    Twist.STAYS_NEW,
    Twist.STAYS_TAKEN,
    Twist.STAYS_IN_PROGRESS,
    Twist.STAYS_WITH_CUSTOMER,
    Twist.STAYS_WITH_LAB,
    Twist.STAYS_RESOLVED,
    Twist.HELP_ASKED,
}


def play(life: Life) -> Script:
    """File, answer, discuss, end: one instant at a time."""
    at = life.planned.filed_at
    yield at
    file(life, at)
    clock = life.ticket.response_clock
    if clock is not None and clock.waits_for_call and life.planned.is_called_in:
        yield (at := at + life.within(MINUTE, 6 * MINUTE))
        call_in(life, at)
    life.timeline.watch(life.ticket)
    twists = life.planned.twists
    if Twist.STAYS_NEW in twists:
        return
    answered_at = _answer_at(life, at)
    yield (at := at + (answered_at - at) * life.rng.uniform(0.1, 0.5))
    take_ticket(life.ticket, by=life.engineer, now=at)
    if Twist.STAYS_TAKEN in twists:
        return
    if Twist.WITHDRAWN in twists:
        yield (at := at + life.within(MINUTE, 20 * MINUTE))
        life.write("Please forget it, a colleague had changed the setting. All is well.", at)
        close_ticket(life.ticket, by=life.author, now=at + MINUTE)
        return
    for twist, deed in EARLY_DEEDS.items():
        if twist in twists:
            yield (at := at + (answered_at - at) * life.rng.uniform(0.2, 0.5))
            deed(life, at)
            answered_at = min(answered_at, _answer_at(life, at))
    yield from _converse(life, at, max(answered_at, at + MINUTE))


def _answer_at(life: Life, at: datetime) -> datetime:
    """When the first qualified answer comes: within the target, late, or in covered time."""
    clock = life.ticket.response_clock
    if life.planned.twists & STAYS:
        return at + (life.timeline.end - at) * life.rng.uniform(0.2, 0.4)
    if clock is None or clock.due_at is None:
        return life.covered(at, life.within(20 * MINUTE, 7 * HOUR))
    if life.planned.misses:
        late = life.within(4 * MINUTE, max(clock.target / 3, 12 * MINUTE))
        return clock.schedule.deadline(clock.due_at, late)
    if at >= clock.due_at:
        return at + life.within(4 * MINUTE, 30 * MINUTE)
    left = clock.schedule.elapsed(max(at, clock.run_from), clock.due_at)
    spent = left * life.rng.triangular(0.04, 0.92, 0.15)
    return clock.schedule.deadline(max(at, clock.run_from), spent)


def _converse(life: Life, at: datetime, answered_at: datetime) -> Script:
    turns = life.told.turns
    is_answered = False
    for index, turn in enumerate(turns):
        following = turns[index + 1 : index + 2]
        if turn.kind == ACKNOWLEDGED:
            yield (at := at + (answered_at - at) * 0.3)
        elif not is_answered and turn.kind in {ANSWERED, RESOLVED}:
            yield (at := max(answered_at, at))
        else:
            yield (at := _next(life, turn, at))
        if turn.kind == RESOLVED:
            yield from end(life, turn, at)
            return
        waits = bool(following) and following[0].kind == CUSTOMER
        waits = waits and Twist.HELP_ASKED not in life.planned.twists
        message = _say(life, turn, at, waits=waits)
        if turn.kind != ANSWERED:
            continue
        if not is_answered:
            yield from _after_first_answer(life, message, at)
        is_answered = True
        if life.planned.twists & STAYS:
            yield from _stop_there(life, turns[index + 1 :], at)
            return


def _next(life: Life, turn: Turn, at: datetime) -> datetime:
    """When the next thing is said: at the writer's hours, sooner when it is critical."""
    urgent = life.planned.severity == Severity.CRITICAL
    if turn.kind in {NOTED, LAB}:
        return at + life.within(3 * MINUTE, 25 * MINUTE)
    if turn.kind == CUSTOMER:
        if urgent:
            return at + life.within(8 * MINUTE, 70 * MINUTE)
        return life.office.deadline(at, life.within(15 * MINUTE, 14 * HOUR))
    if urgent:
        return at + life.within(10 * MINUTE, 90 * MINUTE)
    return life.covered(at, life.within(15 * MINUTE, 6 * HOUR))


def _say(life: Life, turn: Turn, at: datetime, *, waits: bool) -> Message | None:
    if turn.kind == CUSTOMER:
        return life.write(turn.text, at)
    if turn.kind == NOTED:
        write_note(life.ticket, body=turn.text, by=life.engineer, now=at)
        return None
    if turn.kind == LAB:
        life.ticket = pass_to_lab(life.ticket, reason=turn.text, by=life.engineer, now=at)
        return None
    return answer_ticket(
        life.ticket,
        body=turn.text,
        # A first answer that a lead will take back is but an acknowledgement, marked wrongly.
        qualified=turn.kind != ACKNOWLEDGED or Twist.OVERTURNED in life.planned.twists,
        by=life.cast.the(Role.ANALYST) if turn.kind == LAB_ANSWERED else life.engineer,
        wait_for_customer=waits,
        now=at,
    )


def _after_first_answer(life: Life, message: Message | None, at: datetime) -> Script:
    clock = life.ticket.response_clock
    if Twist.OVERTURNED in life.planned.twists and message is not None and clock is not None:
        yield (later := at + life.within(25 * MINUTE, 50 * MINUTE))
        overturn_answer(
            message,
            reason="This tells the customer nothing they could do. It is no qualified answer.",
            by=life.cast.the(Role.DUTY_LEAD),
            now=later,
        )
        life.timeline.watch(life.ticket)
        yield (later := later + life.within(10 * MINUTE, 40 * MINUTE))
        answer_ticket(
            life.ticket,
            body=(
                "My answer of before was too short. In full: the cause is the setting named "
                "above; please change it on one machine first and tell me what the log says."
            ),
            qualified=True,
            by=life.engineer,
            wait_for_customer=True,
            now=later,
        )
    if Twist.EXCUSED in life.planned.twists and clock is not None:
        yield (later := at + life.within(20 * HOUR, 40 * HOUR))
        excuse_breach(
            life.ticket,
            reason="Their line was down, so our call and mail could not reach them in time.",
            by=life.cast.the(Role.SUPPORT_MANAGER),
            now=later,
        )


def _stop_there(life: Life, rest: Sequence[Turn], at: datetime) -> Script:
    """Leave the ticket where the demo wants to find it."""
    twists = life.planned.twists
    if Twist.STAYS_WITH_LAB in twists:
        lab = next((turn for turn in rest if turn.kind == LAB), None)
        if lab is not None:
            yield (at := at + life.within(2 * MINUTE, 8 * MINUTE))
            _say(life, lab, at, waits=False)
    elif Twist.STAYS_IN_PROGRESS in twists:
        reply = next((turn for turn in rest if turn.kind == CUSTOMER), None)
        if reply is not None:
            yield (at := at + life.within(4 * MINUTE, 30 * MINUTE))
            life.write(reply.text, at)
    elif Twist.STAYS_RESOLVED in twists:
        yield (at := at + life.within(HOUR, 4 * HOUR))
        resolve_ticket(life.ticket, resolution=rest[-1].text, by=life.engineer, now=at)
    elif Twist.HELP_ASKED in twists:
        yield (at := at + life.within(10 * MINUTE, 40 * MINUTE))
        ask_for_help(life, at)


def severity_criteria() -> dict[int, list[str]]:
    """The catalogue's criteria by severity."""
    return {one.severity: list(one.criteria) for one in SeverityDefinition.objects.all()}
