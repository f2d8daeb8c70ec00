"""A customer's list of tickets as a file: what stands in each column, in words a sheet can sort.

Pure of the request: the view gives the tickets it shows and the reader's zone. Texts in it were
typed by people, some of them strangers to the reader: see `as_plain_text`.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import IO, NamedTuple
from zoneinfo import ZoneInfo

import xlsxwriter  # type: ignore[import-untyped]  # ships no types

from sla.choices import ClockState
from tickets.choices import TicketState
from tickets.models import Ticket

type Cell = str | int | datetime | None

# More rows than this are no list any more; a sheet of them takes some 40 MB and ten seconds.
MOST_ROWS = 10_000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
_MOMENT = "yyyy-mm-dd hh:mm"


class Column(NamedTuple):
    """A column. Units: `width` in characters of a sheet."""

    title: str
    width: int
    of: Callable[[Ticket, datetime], Cell]


def _outcome(ticket: Ticket, now: datetime) -> str:
    clock = ticket.response_clock
    if clock is None:
        return "No promised time"
    return {
        ClockState.MET: "Answered in time",
        ClockState.MISSED: "Answered late",
        ClockState.EXCUSED: "Answered late, excused",
        ClockState.OVERDUE: "Late",
        ClockState.WAITING_FOR_CALL: "Waits for your call",
    }.get(clock.state(now), "Running")


_STATES = {
    TicketState.NEW: "Not yet read",
    TicketState.IN_PROGRESS: "With us",
    TicketState.WAITING_FOR_CUSTOMER: "Waiting for you",
    TicketState.WAITING_FOR_LAB: "With our lab",
    TicketState.RESOLVED: "Solved",
    TicketState.CLOSED: "Closed",
}

COLUMNS = (
    Column("Ticket", 11, lambda one, now: one.reference),
    Column("Subject", 50, lambda one, now: one.subject),
    Column("Company", 24, lambda one, now: one.customer.name),
    Column("Kind", 18, lambda one, now: one.get_kind_display()),
    Column("Severity", 10, lambda one, now: one.get_severity_display()),
    Column("State", 16, lambda one, now: _STATES[TicketState(one.state)]),
    Column("Product", 24, lambda one, now: one.product.name if one.product else ""),
    Column("Version", 10, lambda one, now: one.version),
    Column("Reported by", 20, lambda one, now: one.filed_by.name),
    Column("Engineer", 20, lambda one, now: one.assignee.name if one.assignee else ""),
    Column("Terms", 24, lambda one, now: one.edition.name),
    Column("Premium incidents", 10, lambda one, now: 1 if one.debit_id else 0),
    Column("Opened", 16, lambda one, now: one.filed_at),
    Column("Answer promised by", 16, lambda one, now: _clock(one, "due_at")),
    Column("Answered", 16, lambda one, now: _clock(one, "stopped_at")),
    Column("Answer", 22, _outcome),
    Column("Solved", 16, lambda one, now: one.resolved_at),
    Column("Closed", 16, lambda one, now: one.closed_at),
)


def _clock(ticket: Ticket, field: str) -> datetime | None:
    return getattr(ticket.response_clock, field) if ticket.response_clock is not None else None


def csv_lines(tickets: Iterable[Ticket], *, zone: ZoneInfo, now: datetime) -> Iterator[str]:
    """Write the tickets as lines of CSV, one at a time: nothing is held in memory.

    Moments are the local time of `zone`, which the titles name. Begins with a byte order mark,
    without which Excel reads UTF-8 as something else.
    """
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(_titles(zone))
    for ticket in tickets:
        yield writer.writerow([_text(one, zone) for one in _cells(ticket, now)])


def write_sheet(tickets: Iterable[Ticket], to: IO[bytes], *, zone: ZoneInfo, now: datetime) -> None:
    """Write the tickets as an XLSX workbook with one sheet, a row at a time.

    Texts are cells of text, whatever they begin with; moments are dates of the sheet's own, in the
    local time of `zone`.
    """
    book = xlsxwriter.Workbook(
        to,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    head, moment = book.add_format({"bold": True}), book.add_format({"num_format": _MOMENT})
    sheet = book.add_worksheet("Tickets")
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, column.width)
    for place, title in enumerate(_titles(zone)):
        sheet.write_string(0, place, title, head)
    sheet.freeze_panes(1, 1)
    for row, ticket in enumerate(tickets, start=1):
        for place, cell in enumerate(_cells(ticket, now)):
            match cell:
                case datetime():
                    local = cell.astimezone(zone).replace(tzinfo=None)
                    sheet.write_datetime(row, place, local, moment)
                case int():
                    sheet.write_number(row, place, cell)
                case str() if cell:
                    sheet.write_string(row, place, _printable(cell))
    book.close()


def as_plain_text(text: str) -> str:
    """Keep a spreadsheet from reading a text as a formula.

    A cell of CSV that begins with one of a few signs is run when the file is opened; an apostrophe
    before it makes it text. Source: OWASP, CSV injection.
    """
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text


def _cells(ticket: Ticket, now: datetime) -> list[Cell]:
    return [column.of(ticket, now) for column in COLUMNS]


def _titles(zone: ZoneInfo) -> list[str]:
    moments = {"Opened", "Answer promised by", "Answered", "Solved", "Closed"}
    return [
        f"{column.title} ({zone.key})" if column.title in moments else column.title
        for column in COLUMNS
    ]


def _text(cell: Cell, zone: ZoneInfo) -> str | int:
    match cell:
        case datetime():
            return f"{cell.astimezone(zone):%Y-%m-%d %H:%M}"
        case int():
            return cell
        case None:
            return ""
    return as_plain_text(_printable(cell))


def _printable(text: str) -> str:
    """Leave out control characters, which no sheet can hold."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")


class _Echo:
    """A file that gives each line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line
