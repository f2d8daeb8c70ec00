"""What was counted on each local date, and why a date gave less than one might expect."""

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from sla.business_time.instants import DAY, MICROSECOND, to_datetime
from sla.business_time.spans import Span
from sla.business_time.timeline import Timeline
from sla.business_time.week import Week


class DayNote(StrEnum):
    """What is special about a local date; the first that holds is given."""

    SKIPPED_DATE = "skipped date"
    CLOSURE = "closure"
    CLOSED_WEEKDAY = "closed weekday"
    DAYLIGHT_SAVING = "daylight saving"
    NONE = ""


class DayCount(NamedTuple):
    """What one local date contributed to a span of time.

    `shift` is how much the clocks went forward on that date: an hour in spring, minus an hour in
    autumn, whatever else the note says.
    """

    on: date
    spans: tuple[Span, ...]
    counted: timedelta
    shift: timedelta
    note: DayNote


def count_days(
    timeline: Timeline, week: Week, closures: frozenset[int], start: int, end: int
) -> list[DayCount]:
    """Return one DayCount a local date from the date of `start` to that of the last instant.

    Units: microseconds since the epoch. The timeline must cover two days on either side.
    """
    first = timeline.local_ordinal(start)
    last = timeline.local_ordinal(max(start, end - 1))
    counts = []
    for ordinal in range(first, max(first, last) + 1):
        pieces = timeline.local_days(ordinal)
        stretches = [
            stretch
            for low, high in pieces
            for stretch in timeline.stretches(max(low, start), min(high, end))
        ]
        shift = DAY - _length(pieces) if pieces else 0
        counts.append(
            DayCount(
                on=date.fromordinal(ordinal),
                spans=tuple(Span(to_datetime(low), to_datetime(high)) for low, high in stretches),
                counted=MICROSECOND * _length(stretches),
                shift=MICROSECOND * shift,
                note=_note(ordinal, week, closures, exists=bool(pieces), shift=shift),
            )
        )
    return counts


def _note(
    ordinal: int, week: Week, closures: frozenset[int], *, exists: bool, shift: int
) -> DayNote:
    if not exists:
        return DayNote.SKIPPED_DATE
    if ordinal in closures:
        return DayNote.CLOSURE
    # The proleptic day 1 was a Monday.
    if not week.opens_on((ordinal - 1) % 7):
        return DayNote.CLOSED_WEEKDAY
    return DayNote.DAYLIGHT_SAVING if shift else DayNote.NONE


def _length(stretches: list[tuple[int, int]]) -> int:
    return sum(high - low for low, high in stretches)
