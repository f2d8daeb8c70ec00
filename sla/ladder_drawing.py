"""A ladder drawn along its target: steps before, at and after the deadline.

The target is one bar whatever its length, because a ladder counts in shares of it; what comes
after is drawn to its own scale behind the deadline.
"""

from collections.abc import Sequence
from datetime import timedelta

from sla import ladder_words, wording
from sla.ribbon import Dot, Line, Rect, Ribbon, Word, percent
from sla.rungs import Rung

# Where the target ends, and where the drawing does: room for the words of the last step.
_DEADLINE, _END = 62.0, 96.0
_TOP, _BAR_TOP, _BAR, _WORDS = 20, 26, 14, 60
# Words nearer than this to the ones before stand a row lower; three rows are enough for twelve.
_NEAR, _ROW, _ROWS = 9.0, 15, 3
# Of a step that repeats so many are drawn; the reader sees that it goes on.
_REPEATS = 3


def draw_ladder(rungs: Sequence[Rung]) -> Ribbon:
    """Draw the steps in their order, each with its number and when it comes."""
    longest = max((_reach(rung) for rung in rungs if rung.delay), default=timedelta(0))
    end = _END if longest else _DEADLINE + 4
    ribbon = Ribbon(_label(rungs), height=_WORDS + 8)
    ribbon.rects.append(Rect("r-open", "0%", percent(_DEADLINE), _BAR_TOP, _BAR, 4))
    middle = _BAR_TOP + _BAR // 2
    if longest:
        ribbon.grid.append(Line("r-base", percent(_DEADLINE), "100%", middle, middle))
    rows = [-_NEAR] * _ROWS
    for number, rung in enumerate(rungs, start=1):
        x = _x(rung, 1, longest, end)
        ribbon.marks.append(Line(_css(rung), percent(x), percent(x), _TOP, _BAR_TOP + _BAR + 4))
        ribbon.dots.append(Dot(f"{_css(rung)}dot", percent(x), _TOP, "3"))
        ribbon.words.append(Word(str(number), percent(x), _TOP - 7, "r-strong"))
        row = next((one for one in range(_ROWS) if x - rows[one] >= _NEAR), 0)
        rows[row] = x
        ribbon.height = max(ribbon.height, _WORDS + 8 + row * _ROW)
        anchor = "end" if x > 92 else "middle"
        ribbon.words.append(Word(_when(rung), percent(x), _WORDS + row * _ROW, "", anchor))
        if rung.repeats:
            for occurrence in range(2, _REPEATS + 1):
                again = percent(_x(rung, occurrence, longest, end))
                ribbon.dots.append(Dot("r-nowdot", again, middle, "2"))
    return ribbon


def _reach(rung: Rung) -> timedelta:
    assert rung.delay is not None
    return rung.delay * (_REPEATS if rung.repeats else 1)


def _x(rung: Rung, occurrence: int, longest: timedelta, end: float) -> float:
    if rung.share is not None:
        return float(rung.share) * _DEADLINE
    assert rung.delay is not None
    return _DEADLINE + (end - _DEADLINE) * (rung.delay * occurrence / longest)


def _css(rung: Rung) -> str:
    return "r-flag" if rung.share == 1 else "r-now"


def _when(rung: Rung) -> str:
    """When a step comes, as briefly as fits under a mark."""
    if rung.share is not None:
        return "due" if rung.share == 1 else ladder_words.percent(rung.share)
    assert rung.delay is not None
    return f"+ {wording.span_chip(rung.delay)}"


def _label(rungs: Sequence[Rung]) -> str:
    words = "; ".join(f"step {number} {rung}" for number, rung in enumerate(rungs, start=1))
    return f"The ladder along its target: {words}."
