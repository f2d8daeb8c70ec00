"""Clocks with their events, many at once, as PostgreSQL sends them in binary.

Each column has a fixed width (what is missing is sent as the earliest instant, text as so many
bytes), so one struct takes a whole stretch of rows apart in C: 1 µs a row, where a row of
datetimes costs 20. One statement a stretch, so a clock and its events are of one instant.
"""

from datetime import datetime, timedelta
from io import BytesIO
from struct import Struct
from typing import NamedTuple

from django.db import connection

from sla.business_time.instants import to_datetime
from sla.choices import ClockEventKind

# Kinds are sent as their place in this list; an unknown one as nothing.
KINDS = tuple(ClockEventKind)
# PostgreSQL counts microseconds from 2000-01-01.
EPOCH_SHIFT = 946_684_800_000_000
# '-infinity' as PostgreSQL sends it: no instant.
NEVER = -(2**63)
NO_KIND = -1


class ClockRow(NamedTuple):
    """One event of a clock beside what is stored of the clock.

    Units: instants in microseconds since 2000-01-01, NEVER for none; spans as PostgreSQL keeps
    them: microseconds, days, months. `recorded` has a bit for the order of each step recorded in
    the present assessment on the ladder's present version, `occurrence` the highest among them.
    """

    clock: int
    version: int
    zone: bytes
    target: int
    target_days: int
    target_months: int
    ladder: int
    recorded: int
    occurrence: int
    left: int
    left_days: int
    left_months: int
    assessment: int
    is_set_aside: bool
    waits_for_call: bool
    event_waits_for_call: bool
    kind: int
    event_version: int
    event_zone: bytes
    event_target: int
    event_target_days: int
    event_target_months: int
    started_at: int
    run_from: int
    due_at: int
    latest_due_at: int
    at_risk_at: int
    paused_at: int
    stopped_at: int
    breached_at: int
    excused_at: int
    next_step_at: int
    ladder_from: int
    at: int
    counts_from: int
    event_latest_due_at: int
    event: int


# A row is a count of fields, then each field's length and bytes; the lengths are known.
_LAYOUT = {"instant": "4xq", "key": "4xq", "zone": "4x64s", "span": "4xqii", "flag": "4x?"}
_LAYOUT |= {"small": "4xh"}
_KIND = " ".join(f"WHEN '{kind}' THEN {place}" for place, kind in enumerate(KINDS))
_COLUMNS = (
    ("key", "c.id"),
    ("key", "c.calendar_version_id"),
    ("zone", "c.zone"),
    ("span", "c.target"),
    ("key", "c.ladder_version_id"),
    ("key", "coalesce(r.steps, 0)"),
    ("key", "coalesce(r.occurrence, 0)"),
    ("span", 'c."left"'),
    ("small", "c.assessment"),
    ("flag", "c.trouble <> ''"),
    ("flag", "c.waits_for_call"),
    ("flag", "coalesce(e.waits_for_call, false)"),
    ("small", f"(CASE e.kind {_KIND} ELSE {NO_KIND} END)::smallint"),
    ("key", "coalesce(e.calendar_version_id, 0)"),
    ("zone", "coalesce(e.zone, '')"),
    ("span", "coalesce(e.target, interval '0')"),
    ("instant", "c.started_at"),
    ("instant", "c.run_from"),
    ("instant", "c.due_at"),
    ("instant", "c.latest_due_at"),
    ("instant", "c.at_risk_at"),
    ("instant", "c.paused_at"),
    ("instant", "c.stopped_at"),
    ("instant", "c.breached_at"),
    ("instant", "c.excused_at"),
    ("instant", "c.next_step_at"),
    ("instant", "c.ladder_from"),
    ("instant", "e.at"),
    ("instant", "e.counts_from"),
    ("instant", "e.latest_due_at"),
    ("key", "coalesce(e.id, 0)"),
)
_ROW = Struct(">2x" + "".join(_LAYOUT[kind] for kind, _ in _COLUMNS))
_HEADER, _TRAILER = 19, 2


def _sent(kind: str, column: str) -> str:
    if kind == "instant":
        return f"coalesce({column}, '-infinity')"
    if kind == "zone":
        return f"substr(convert_to(rpad({column}, 64), 'UTF8'), 1, 64)"
    return column


# An assessment's steps are counted by the database: one row a clock, whatever was recorded.
_STATEMENT = f"""
COPY (
  SELECT {", ".join(_sent(*one) for one in _COLUMNS)}
  FROM sla_clock c
  LEFT JOIN sla_clockevent e ON e.clock_id = c.id
  LEFT JOIN (
    SELECT p.clock_id, p.assessment, s.version_id, max(p.occurrence)::bigint AS occurrence,
           bit_or(1::bigint << least(s."order", 62)) AS steps
    FROM sla_steprecord p JOIN sla_ladderstep s ON s.id = p.step_id
    WHERE p.clock_id > %s AND p.clock_id <= %s
    GROUP BY p.clock_id, p.assessment, s.version_id
  ) r ON r.clock_id = c.id AND r.assessment = c.assessment AND r.version_id = c.ladder_version_id
  WHERE c.id > %s AND c.id <= %s
  ORDER BY c.id, e.id
) TO STDOUT (FORMAT binary)
"""  # noqa: S608 - columns of ours, written above


def read_clocks(after: int, until: int) -> list[tuple[int, ...]]:
    """Read the clocks with keys in (after, until], a row an event, in the order of ClockRow.

    The events of a clock stand together, in the order they were recorded; a clock without any
    has one row without a kind. Plain tuples, because naming them would cost as much as reading.
    """
    with connection.cursor() as cursor:
        statement = cursor.mogrify(_STATEMENT, [after, until, after, until])
        sent = BytesIO()
        cursor.copy_expert(statement, sent)
    with sent.getbuffer() as buffer, buffer[_HEADER : len(buffer) - _TRAILER] as rows:
        return list(_ROW.iter_unpack(rows))


def next_bound(after: int, last: int, count: int) -> int:
    """Return the key that ends a stretch of so many clocks after one; at most `last`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(id) FROM (SELECT id FROM sla_clock WHERE id > %s AND id <= %s"
            " ORDER BY id LIMIT %s) stretch",
            [after, last, count],
        )
        (bound,) = cursor.fetchone()
    return last if bound is None else int(bound)


def instant(micros: int) -> datetime | None:
    """Return an instant of a row as a datetime."""
    return None if micros == NEVER else to_datetime(micros + EPOCH_SHIFT)


def span(micros: int, days: int, months: int) -> timedelta:
    """Return a span of a row; a month counts 30 days, as the database driver has it."""
    return timedelta(days=days + 30 * months, microseconds=micros)
