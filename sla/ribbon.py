"""What a ribbon is drawn of, as plain data for components/_ribbon.html.

x and width are percentages with two decimals, y and height are pixels, so that the drawing
fits any width with no script and no style attribute.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a stretch of time is to a clock."""

    OPEN = "open"
    COUNTED = "counted"
    CLOSED = "closed"
    HOLIDAY = "holiday"


@dataclass(frozen=True)
class Stretch:
    """A half-open stretch of time. Units: aware instants."""

    start: datetime
    end: datetime
    kind: Kind = Kind.OPEN

    @property
    def length(self) -> timedelta:
        return self.end - self.start


@dataclass(frozen=True)
class Lane:
    """One line of a coverage ribbon: its words and its stretches (OPEN and HOLIDAY are drawn)."""

    label: str
    stretches: Sequence[Stretch]


@dataclass(frozen=True)
class Rect:
    css: str
    x: str
    width: str
    y: int
    height: int
    rx: int


@dataclass(frozen=True)
class Line:
    css: str
    x1: str
    x2: str
    y1: int
    y2: int


@dataclass(frozen=True)
class Dot:
    css: str
    x: str
    y: int
    r: str


@dataclass(frozen=True)
class Word:
    text: str
    x: str
    y: int
    css: str = ""
    anchor: str = "middle"


@dataclass
class Ribbon:
    """A finished drawing. `label` says in words what it shows; it is the only thing some hear."""

    label: str
    height: int
    grid: list[Line] = field(default_factory=list)
    rects: list[Rect] = field(default_factory=list)
    marks: list[Line] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)

    def mark(self, css: str, x: float, top: int, bottom: int, word: str, *, y: int) -> None:
        """Draw an upright line with a dot on top and a word over it."""
        self.marks.append(Line(f"r-{css}", percent(x), percent(x), top, bottom))
        self.dots.append(Dot(f"r-{css}dot", percent(x), top, "3"))
        if word:
            css_of_word = "r-strong" if css == "now" else f"r-{css}text"
            anchor = "start" if x < 4 else "end" if x > 96 else "middle"
            self.words.append(Word(word, percent(x), y, css_of_word, anchor))


def percent(x: float) -> str:
    """Write a position as the drawing needs it: two decimals at most, "0%" and "12.5%"."""
    return f"{x:.2f}".rstrip("0").rstrip(".") + "%"
