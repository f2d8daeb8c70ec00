"""A figure's table as a file for spreadsheets."""

import csv
from io import StringIO

from tickets.insight.sheet import Cell, Figure

# A spreadsheet takes a cell that begins so for a formula and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def sheet_text(figure: Figure) -> str:
    """Write the table as comma-separated values, numbers as numbers.

    Source: RFC 4180; names that would be formulas begin with an apostrophe.
    """
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([guarded(name) for name in figure.columns])
    writer.writerows([_value(cell) for cell in row] for row in figure.rows)
    return out.getvalue()


def guarded(text: str) -> str:
    """Make words out of what a spreadsheet would run."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def _value(cell: Cell) -> str | int | float:
    return guarded(cell.value) if isinstance(cell.value, str) else cell.value
