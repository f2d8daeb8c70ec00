"""A customer's list of tickets as a file: what stands in each column, in words a sheet can sort.

Pure of the request: the view gives the tickets it shows, the reader's zone and language. Texts in
it were typed by people, some of them strangers to the reader: see `as_plain_text`.
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import IO, NamedTuple
from zoneinfo import ZoneInfo

import xlsxwriter  # type: ignore[import-untyped]  # ships no types
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

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

    title: Promise
    width: int
    of: Callable[[Ticket, datetime], Cell]
    is_moment: bool = False


def _outcome(ticket: Ticket, now: datetime) -> str:
    clock = ticket.response_clock
    if clock is None:
        return _("No promised time")
    words = _ANSWERED if ticket.answered_at else _UNANSWERED
    return _(words.get(clock.state(now), gettext_noop("Running")))


_ANSWERED = {
    ClockState.MET: gettext_noop("Answered in time"),
    ClockState.MISSED: gettext_noop("Answered late"),
    ClockState.EXCUSED: gettext_noop("Answered late, excused"),
}
# The clock also stops when its customer closes a ticket unanswered.
_UNANSWERED = {
    ClockState.MET: gettext_noop("Ticket withdrawn"),
    ClockState.MISSED: gettext_noop("Late"),
    ClockState.EXCUSED: gettext_noop("Late, excused"),
    ClockState.OVERDUE: gettext_noop("Late"),
    ClockState.WAITING_FOR_CALL: gettext_noop("Waits for your call"),
}
_STATES = {
    TicketState.NEW: gettext_noop("Not yet read"),
    TicketState.IN_PROGRESS: gettext_noop("With us"),
    TicketState.WAITING_FOR_CUSTOMER: gettext_noop("Waiting for you"),
    TicketState.WAITING_FOR_LAB: gettext_noop("With our lab"),
    TicketState.RESOLVED: gettext_noop("Solved"),
    TicketState.CLOSED: gettext_noop("Closed"),
}

COLUMNS = (
    Column(gettext_lazy("Ticket"), 11, lambda one, now: one.reference),
    Column(gettext_lazy("Subject"), 50, lambda one, now: one.subject),
    Column(gettext_lazy("Company"), 24, lambda one, now: one.customer.name),
    Column(gettext_lazy("Kind"), 18, lambda one, now: _(one.get_kind_display())),
    Column(gettext_lazy("Severity"), 10, lambda one, now: _(one.get_severity_display())),
    Column(gettext_lazy("State"), 16, lambda one, now: _(_STATES[TicketState(one.state)])),
    Column(gettext_lazy("Product"), 24, lambda one, now: one.product.name if one.product else ""),
    Column(gettext_lazy("Version"), 10, lambda one, now: one.version),
    Column(gettext_lazy("Reported by"), 20, lambda one, now: one.filed_by.name),
    Column(
        gettext_lazy("Engineer"), 20, lambda one, now: one.assignee.name if one.assignee else ""
    ),
    Column(gettext_lazy("Terms"), 24, lambda one, now: one.edition.name),
    Column(gettext_lazy("Premium incidents"), 10, lambda one, now: 1 if one.debit_id else 0),
    Column(gettext_lazy("Opened"), 16, lambda one, now: one.filed_at, is_moment=True),
    Column(
        gettext_lazy("Answer promised by"),
        16,
        lambda one, now: one.response_clock.due_at if one.response_clock else None,
        is_moment=True,
    ),
    Column(gettext_lazy("Answered"), 16, lambda one, now: one.answered_at, is_moment=True),
    Column(gettext_lazy("Answer"), 22, _outcome),
    Column(gettext_lazy("Solved"), 16, lambda one, now: one.resolved_at, is_moment=True),
    Column(gettext_lazy("Closed"), 16, lambda one, now: one.closed_at, is_moment=True),
)


def csv_lines(
    tickets: Iterable[Ticket], *, zone: ZoneInfo, now: datetime, language: str | None = None
) -> Iterator[str]:
    """Write the tickets as lines of CSV, one at a time: nothing is held in memory.

    Moments are the local time of `zone`, which the titles name. The lines are taken when the
    request is over, so its language is given; in English without one. Begins with a byte order
    mark, without which Excel reads UTF-8 as something else.
    """
    writer = csv.writer(_Echo())
    with translation.override(language):
        head = _titles(zone)
    yield "\ufeff" + writer.writerow(head)
    for ticket in tickets:
        # Not around the loop: whoever takes the lines does other things between them.
        with translation.override(language):
            cells = _cells(ticket, now)
        yield writer.writerow([_text(one, zone) for one in cells])


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
    sheet = book.add_worksheet(_("Tickets"))
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
    return [
        f"{column.title} ({zone.key})" if column.is_moment else str(column.title)
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
