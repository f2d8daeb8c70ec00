"""Steps of ladders as people would write them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from sla import ladder_words
from sla.choices import Audience, Counting, StepAction
from sla.rungs import Rung

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LEAD = (Audience.DUTY_LEAD,)


@pytest.mark.parametrize(
    ("rung", "when"),
    [
        (Rung(LEAD, share=Decimal("0.33")), "At 33 % of the time"),
        (Rung(LEAD, share=Decimal("0.125")), "At 12.5 % of the time"),
        (Rung(LEAD, share=Decimal("1.000")), "At the deadline"),
        (Rung(LEAD, delay=HOUR), "1 hour of coverage after the deadline"),
        (Rung(LEAD, delay=90 * MINUTE), "1 hour 30 minutes of coverage after the deadline"),
        (
            Rung(LEAD, delay=HOUR, repeats=True),
            "Every hour of coverage after the deadline",
        ),
        (
            Rung(LEAD, delay=15 * MINUTE, counting=Counting.PLAIN, repeats=True),
            "Every 15 minutes after the deadline",
        ),
        (
            Rung(LEAD, delay=90 * MINUTE, repeats=True),
            "Every 1 hour 30 minutes of coverage after the deadline",
        ),
    ],
)
def test_a_step_says_when_it_comes(rung: Rung, when: str) -> None:
    assert rung.when == when


@pytest.mark.parametrize(
    ("share", "delay", "counting", "occurrence", "words"),
    [
        (Decimal("0.75"), None, Counting.COVERED, 1, "75 % of the time is used"),
        (Decimal(1), None, Counting.COVERED, 1, "deadline passed"),
        (
            None,
            HOUR,
            Counting.COVERED,
            2,
            "still unanswered 2 hours of coverage after the deadline",
        ),
        (
            None,
            15 * MINUTE,
            Counting.PLAIN,
            3,
            "still unanswered 45 minutes after the deadline",
        ),
    ],
)
def test_a_step_that_came_says_what_it_means(
    share: Decimal | None,
    delay: timedelta | None,
    counting: Counting,
    occurrence: int,
    words: str,
) -> None:
    assert ladder_words.reached_words(share, delay, counting, occurrence) == words


def test_a_step_says_whom_it_tells_and_what_else_it_does() -> None:
    three = (Audience.ASSIGNEE, Audience.TAM, Audience.CUSTOMER_MANAGER)
    assert Rung(three, StepAction.TELL, Decimal("0.5")).does == (
        "the assignee, else the engineers on duty, the account manager and the customer’s manager"
    )
    assert str(Rung(LEAD, StepAction.REASSIGN, Decimal("0.5"))) == (
        "At 50 % of the time: the duty lead; raised in the queue and given to an engineer on duty"
    )


@pytest.mark.parametrize(
    ("words", "written"),
    [(["Mara"], "Mara"), (["Mara", "Jonas"], "Mara and Jonas"), (list("abc"), "a, b and c")],
)
def test_a_list_is_written_as_people_say_it(words: list[str], written: str) -> None:
    assert ladder_words.listed(words) == written
