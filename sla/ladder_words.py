"""Steps of ladders in words: when they come, what it means that they came, whom they tell."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal

from sla import wording
from sla.choices import Audience, Counting, StepAction


def step_words(
    share: Decimal | None, delay: timedelta | None, counting: Counting, *, repeats: bool
) -> str:
    """Say when a step comes: "at 50 % of the time", "every hour of coverage after the deadline"."""
    if share is not None:
        return "at the deadline" if share == 1 else f"at {percent(share)} of the time"
    assert delay is not None, "a constraint holds this"
    if repeats:
        return f"every {_beat(delay)}{_covered(counting)} after the deadline"
    return f"{_span(delay, counting)} after the deadline"


def reached_words(
    share: Decimal | None, delay: timedelta | None, counting: Counting, occurrence: int = 1
) -> str:
    """Say that a step has come: "half of the time is used", "2 hours of coverage overdue"."""
    if share is not None:
        if share == 1:
            return "deadline passed"
        return f"{percent(share)} of the time is used"
    assert delay is not None, "a constraint holds this"
    return f"still unanswered {_span(delay * occurrence, counting)} after the deadline"


def percent(share: Decimal) -> str:
    """Write a share: "50 %", "12.5 %"."""
    return f"{(share * 100).normalize():f} %"


def audience_words(audience: Iterable[str]) -> str:
    """Name whom a step tells: "the duty lead, the account manager and the support manager"."""
    return listed(_AUDIENCES[Audience(word)] for word in audience)


def action_words(action: str) -> str:
    """Say what a step does besides telling; empty when it only tells."""
    return _ACTIONS[StepAction(action)]


def listed(words: Iterable[str]) -> str:
    """Write a list as people say it: "a", "a and b", "a, b and c"."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def capital(words: str) -> str:
    """Begin a sentence with it."""
    return words[:1].upper() + words[1:]


def _span(span: timedelta, counting: Counting) -> str:
    return f"{wording.span_words(span)}{_covered(counting)}"


def _beat(span: timedelta) -> str:
    """Write how often: "every hour", not "every 1 hour", but "every 1 hour 30 minutes"."""
    number, _, unit = wording.span_words(span).partition(" ")
    return unit if number == "1" and " " not in unit else f"{number} {unit}"


def _covered(counting: Counting) -> str:
    return " of coverage" if counting == Counting.COVERED else ""


_AUDIENCES = {
    Audience.ASSIGNEE: "the assignee, else the engineers on duty",
    Audience.DUTY_ENGINEERS: "the engineers on duty",
    Audience.DUTY_LEAD: "the duty lead",
    Audience.TAM: "the account manager",
    Audience.SUPPORT_MANAGER: "the support manager",
    Audience.CUSTOMER_MANAGER: "the customer’s manager",
}
_ACTIONS = {
    StepAction.TELL: "",
    StepAction.RAISE: "raised in the queue",
    StepAction.REASSIGN: "raised in the queue and given to an engineer on duty",
    StepAction.PAGE: "raised in the queue and paged, past quiet hours and by webhook",
}
