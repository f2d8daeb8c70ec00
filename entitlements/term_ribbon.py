"""A contract's term drawn to scale: how much of it is over, and when it ends."""

from datetime import date, datetime

from entitlements.models import Contract
from entitlements.promise import business_day
from sla import wording
from sla.ribbon import Dot, Line, Rect, Ribbon, Word, percent

HEIGHT = 58
# Nearer to an end than this, a word in the middle would run out of the drawing. Units: percent.
EDGE = 6


def term_ribbon(contract: Contract, now: datetime) -> Ribbon:
    """Draw the term with today and, after an early end, the last day in force."""
    today = business_day(contract.zone, now)
    over = _share(contract, today)
    ribbon = Ribbon(label=_in_words(contract, today), height=HEIGHT)
    last = _share(contract, contract.last_day, end=True)
    ribbon.rects = [
        Rect("r-open", percent(0), percent(last), 22, 10, 3),
        Rect("r-counted", percent(0), percent(min(over, last)), 22, 10, 3),
    ]
    ribbon.words = [
        Word(wording.date_words(contract.starts_on), percent(0), 50, anchor="start"),
        Word(wording.date_words(contract.ends_on), percent(100), 50, "r-strong", "end"),
    ]
    if contract.terminated_on is not None:
        ribbon.marks.append(Line("r-flag", percent(last), percent(last), 18, 36))
        words = f"ended {wording.date_words(contract.terminated_on)}"
        ribbon.words.append(Word(words, percent(last), 50, "only-wide", _anchor(last)))
    if 0 < over < 100:
        ribbon.marks.append(Line("r-now", percent(over), percent(over), 16, 34))
        ribbon.dots = [Dot("r-nowdot", percent(over), 15, "3")]
        ribbon.words.append(Word("today", percent(over), 8, "r-strong", _anchor(over)))
    return ribbon


def _share(contract: Contract, day: date, *, end: bool = False) -> float:
    """Say where a day lies in the term, in percent; at its end or at its beginning."""
    length = (contract.ends_on - contract.starts_on).days + 1
    passed = (day - contract.starts_on).days + (1 if end else 0)
    return min(max(100 * passed / length, 0.0), 100.0)


def _anchor(share: float) -> str:
    if share < EDGE:
        return "start"
    return "end" if share > 100 - EDGE else "middle"


def _in_words(contract: Contract, today: date) -> str:
    words = (
        f"Term from {wording.date_words(contract.starts_on)} to "
        f"{wording.date_words(contract.ends_on)}."
    )
    if contract.terminated_on is not None:
        words += f" Ended early, on {wording.date_words(contract.terminated_on)}."
    return f"{words} Today is {wording.date_words(today)}."
