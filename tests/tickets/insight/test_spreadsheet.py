"""A table as a file for spreadsheets: numbers as numbers, names never as formulas."""

import csv
from io import StringIO

import pytest

from tickets.insight.sheet import Cell, Figure
from tickets.insight.spreadsheet import sheet_text


def written(*cells: Cell) -> list[str]:
    figure = Figure("one", "One", "One.", tuple("abc"[: len(cells)]), [cells])
    return list(csv.reader(StringIO(sheet_text(figure))))[1]


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        "+1",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =HYPERLINK(0)",
        "=cmd|' /C calc'!A0",
    ],
)
def test_a_name_that_would_be_a_formula_is_words(name: str) -> None:
    assert written(Cell(name, name)) == [f"'{name}"]


def test_commas_and_quotes_stay_in_their_cell() -> None:
    assert written(Cell("", 'Harbour, "Foods"'), Cell("", 3)) == ['Harbour, "Foods"', "3"]


def test_a_number_is_written_as_a_number() -> None:
    assert written(Cell("94 %", 0.94), Cell("-", -2)) == ["0.94", "-2"]
