"""A figure as the page shows it: drawings, and the table that says all they do."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from sla.wording import span_chip
from tickets.insight.drawing import Drawing


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; `query` is the address of the list whose tickets it counts."""

    text: str
    value: str | int | float = ""
    query: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing or several, with the table behind them, and what is counted in a sentence."""

    key: str
    title: str
    tells: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]]
    drawings: list[Drawing] = field(default_factory=list)
    legend: tuple[tuple[str, str], ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.rows


def said(words: object) -> Cell:
    """Words as they stand."""
    return Cell(str(words), str(words))


def week_cell(monday: date) -> Cell:
    """A week by its Monday."""
    return Cell(short_day(monday), monday.isoformat())


def count_cell(size: int, query: str) -> Cell:
    """A number of tickets, leading to them when there are any."""
    return Cell(str(size), size, query if size else "")


def share_cell(part: int, whole: int) -> Cell:
    """A part of a whole."""
    return Cell(percent_words(part, whole), round(part / whole, 4) if whole else "")


def span_cell(span: timedelta) -> Cell:
    """Covered time. Units of its value: minutes."""
    return Cell(span_chip(span), round(span / timedelta(minutes=1), 1))


def percent_words(part: int, whole: int) -> str:
    """A share as people write it; 99.96 % is not all of them."""
    if not whole:
        return "–"
    share = 100 * part / whole
    rounded = f"{share:.0f}" if share in {0, 100} or 1 <= share <= 99 else f"{share:.1f}"
    return f"{'99.9' if rounded == '100.0' else rounded} %"


def short_day(day: date) -> str:
    """A day of this year or the last: "9 Mar"."""
    return f"{day.day} {day:%b}"
