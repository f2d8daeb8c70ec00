"""Shapes of the drawings: widths in percent, heights in pixels, looks by class.

So they fit any width without script, and a strict policy lets them through.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sla.ribbon import percent

# Where a drawing ends at the top and the words below it begin. Units: pixels.
TOP, PLOT, FOOT = 14, 150, 24
# Of a column's width so much is its bar.
_BAR = 0.72
# A bar may be lower than what a finger hits. Units: pixels.
_LEAST = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled stretch; `strength` from 0 to 1 where its tint tells how much."""

    x: str
    width: str
    y: str
    height: str
    look: str
    strength: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    x1: str
    x2: str
    y1: str
    y2: str
    look: str


@dataclass(frozen=True, slots=True)
class Words:
    x: str
    y: str
    text: str
    look: str = ""
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Lead:
    """A part that leads to the tickets it counts; `name` says in words which and how many."""

    x: str
    width: str
    y: str
    height: str
    name: str
    query: str


@dataclass(slots=True)
class Drawing:
    """One drawing; `label` says in words what it shows, the table below it says all of it.

    `of` says of how many tickets its heading is a share, and `query` asks for them.
    """

    label: str
    height: int
    heading: str = ""
    of: int = 0
    query: str = ""
    bars: list[Bar] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)


def columns_drawing(
    label: str, names: Sequence[str], *, scale: Sequence[tuple[float, str]]
) -> Drawing:
    """An empty drawing of columns: their names below, a grid line at each share of the height."""
    drawing = Drawing(label, TOP + PLOT + FOOT)
    for share, words in scale:
        y = _height(share)
        look = "c-axis" if share == 0 else "c-grid"
        drawing.lines.append(Line("0", "100%", y, y, look))
        drawing.words.append(Words("-8", _px(float(y) + 4), words, anchor="end"))
    every = max(1, -(-len(names) // 7))
    for place, name in enumerate(names):
        look = _look_of_name(len(names) - 1 - place, every, of=len(names))
        drawing.words.append(Words(_middle(place, len(names)), _px(TOP + PLOT + 18), name, look))
    return drawing


def _look_of_name(from_end: int, every: int, *, of: int) -> str:
    """Of many names the narrow page shows some, and a phone half of those; the last one stands."""
    if from_end % every:
        return "only-wide" if of <= 14 else "d-none"
    return "" if every == 1 or from_end % (2 * every) == 0 else "not-on-phone"


def add_column(
    drawing: Drawing, place: int, of: int, *, high: float, look: str, low: float = 0
) -> None:
    """Fill a column from one share of the height to another."""
    top, bottom = float(_height(high)), float(_height(low))
    drawing.bars.append(
        Bar(_left(place, of), _width(of), _px(top), _px(max(bottom - top, 1.0)), look)
    )


def add_column_lead(
    drawing: Drawing, place: int, of: int, *, high: float, name: str, query: str
) -> None:
    """Let a column, up to a share of the height, lead to its tickets."""
    top = min(float(_height(high)), TOP + PLOT - _LEAST)
    add_lead(drawing, place, of, y=top, height=TOP + PLOT - top, name=name, query=query)


def add_stretch_lead(
    drawing: Drawing, place: int, of: int, *, low: float, high: float, name: str, query: str
) -> None:
    """Let a stretch of a column lead to its tickets."""
    top, bottom = float(_height(high)), float(_height(low))
    add_lead(drawing, place, of, y=top, height=max(bottom - top, 1.0), name=name, query=query)


def add_words_lead(
    drawing: Drawing, place: int, of: int, *, share: float, name: str, query: str
) -> None:
    """Let what is written above a column lead to its tickets."""
    top = float(_height(share)) - _LEAST
    add_lead(drawing, place, of, y=top, height=_LEAST, name=name, query=query)


def add_lead(
    drawing: Drawing, place: int, of: int, *, y: float, height: float, name: str, query: str
) -> None:
    """Let the place of a column, as wide as there is room, lead to its tickets."""
    x, width = percent(100 * place / of), percent(100 / of)
    drawing.leads.append(Lead(x, width, _px(y), _px(height), name, query))


def add_words(drawing: Drawing, place: int, of: int, *, share: float, text: str) -> None:
    """Write above a share of a column's height."""
    drawing.words.append(
        Words(_middle(place, of), _px(float(_height(share)) - 6), text, "c-strong")
    )


def _middle(place: int, of: int) -> str:
    return percent(100 * (place + 0.5) / of)


def add_cell(
    drawing: Drawing,
    place: int,
    of: int,
    *,
    y: float,
    height: float,
    look: str,
    strength: float | None = None,
) -> None:
    """Fill a cell of a drawing whose rows are at heights of their own."""
    tint = "" if strength is None else f"{strength:.2f}"
    drawing.bars.append(Bar(_left(place, of), _width(of), _px(y), _px(height), look, tint))


def _left(place: int, of: int) -> str:
    return percent(100 * (place + (1 - _BAR) / 2) / of)


def _width(of: int) -> str:
    return percent(100 * _BAR / of)


def _height(share: float) -> str:
    return _px(TOP + PLOT * (1 - share))


def _px(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
