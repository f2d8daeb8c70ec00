"""Where the steps of a ladder stand on its drawing. The deadline is at 62 %, the end at 96 %."""

from datetime import timedelta
from decimal import Decimal

from sla.choices import Audience
from sla.ladder_drawing import draw_ladder
from sla.ribbon import Word
from sla.rungs import Rung

LEAD = (Audience.DUTY_LEAD,)
HOUR = timedelta(hours=1)


def marks(*rungs: Rung) -> list[str]:
    return [mark.x1 for mark in draw_ladder(rungs).marks]


def test_shares_stand_along_the_target_and_delays_behind_the_deadline() -> None:
    assert marks(
        Rung(LEAD, share=Decimal("0.5")),
        Rung(LEAD, share=Decimal(1)),
        Rung(LEAD, delay=HOUR),
        Rung(LEAD, delay=2 * HOUR),
    ) == ["31%", "62%", "79%", "96%"]


def test_a_step_that_repeats_is_drawn_three_times() -> None:
    drawing = draw_ladder([Rung(LEAD, share=Decimal(1)), Rung(LEAD, delay=HOUR, repeats=True)])

    assert [mark.x1 for mark in drawing.marks] == ["62%", "73.33%"]
    assert [dot.x for dot in drawing.dots if dot.css == "r-nowdot" and dot.r == "2"] == [
        "84.67%",
        "96%",
    ]


def test_words_of_steps_near_each_other_stand_in_rows_of_their_own() -> None:
    drawing = draw_ladder(
        [Rung(LEAD, share=Decimal(share)) for share in ("0.75", "0.8", "0.85", "1")]
    )
    rows = [word.y for word in drawing.words if word.text not in {"1", "2", "3", "4"}]

    assert len(set(rows[:3])) == 3


def test_the_ear_hears_every_step() -> None:
    drawing = draw_ladder([Rung(LEAD, share=Decimal(1))])

    assert drawing.label == "The ladder along its target: step 1 At the deadline: the duty lead."
    assert Word("due", "62%", 60) in drawing.words
