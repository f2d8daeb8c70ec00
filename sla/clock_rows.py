"""Clocks with their events, many at once, as PostgreSQL sends them in binary.

Each column has a fixed width (what is missing is sent as the earliest instant, text as so many
bytes), so one struct takes a whole stretch of rows apart in C: 1 µs a row, where a row of
datetimes costs 20. Most open clocks have only started: of these the database compares what is a
plain copy of the event, and sends the few figures that are computed. All the others are read in
full. Whichever way, a clock and its events are read in one statement, so they are of one instant.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from struct import Struct
from typing import NamedTuple, cast

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


class StartRow(NamedTuple):
    """What is computed of a clock that has only started, and when it started.

    Units: instants in microseconds since 2000-01-01, NEVER for none. `terms` is the same for
    clocks on the same terms with the same steps recorded; NOT_ONLY_STARTED for an event that is
    not a start, or whose clock is not a copy of it in all that a start sets.
    """

    clock: int
    terms: int
    at: int
    due_at: int
    at_risk_at: int
    next_step_at: int


NOT_ONLY_STARTED = 0


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
    terms: int


# A row is a count of fields, then each field's length and bytes; the lengths are known.
_LAYOUT = {"instant": "4xq", "key": "4xq", "zone": "4x64s", "span": "4xqii", "flag": "4x?"}
_LAYOUT |= {"small": "4xh"}
_KIND = " ".join(f"WHEN '{kind}' THEN {place}" for place, kind in enumerate(KINDS))
# Spans of equal length hash alike, in whatever parts they are kept.
_TERMS = """
    hashtextextended(c.zone, c.calendar_version_id) # interval_hash_extended(
      c.target, hashint8extended(coalesce(r.steps, 0), c.ladder_version_id))"""
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
    ("key", _TERMS),
)
_START_COLUMNS = (
    ("key", "c.id"),
    (
        "key",
        f"""CASE WHEN e.kind = '{ClockEventKind.STARTED}'
          AND c.started_at = e.at AND c.run_from = e.at AND c.target = e.target
          AND c."left" = e.target AND c.calendar_version_id = e.calendar_version_id
          AND c.zone = e.zone AND c.waits_for_call = e.waits_for_call AND c.assessment = 1
          AND c.trouble = '' AND c.latest_due_at IS NULL AND c.paused_at IS NULL
          AND c.stopped_at IS NULL AND c.breached_at IS NULL AND c.excused_at IS NULL
          AND c.ladder_from IS NULL THEN {_TERMS} ELSE {NOT_ONLY_STARTED} END""",
    ),
    ("instant", "e.at"),
    ("instant", "c.due_at"),
    ("instant", "c.at_risk_at"),
    ("instant", "c.next_step_at"),
)
_ROW = Struct(">2x" + "".join(_LAYOUT[kind] for kind, _ in _COLUMNS))
_START_ROW = Struct(">2x" + "".join(_LAYOUT[kind] for kind, _ in _START_COLUMNS))
_HEADER, _TRAILER = 19, 2


def _sent(kind: str, column: str) -> str:
    if kind == "instant":
        return f"coalesce({column}, '-infinity')"
    if kind == "zone":
        return f"substr(convert_to(rpad({column}, 64), 'UTF8'), 1, 64)"
    return column


# An assessment's steps are counted by the database: one row a clock, whatever was recorded.
_RECORDED = """
  LEFT JOIN (
    SELECT p.clock_id, p.assessment, s.version_id, max(p.occurrence)::bigint AS occurrence,
           bit_or(1::bigint << least(s."order", 62)) AS steps
    FROM sla_steprecord p JOIN sla_ladderstep s ON s.id = p.step_id
    WHERE {which}
    GROUP BY p.clock_id, p.assessment, s.version_id
  ) r ON r.clock_id = c.id AND r.assessment = c.assessment AND r.version_id = c.ladder_version_id
"""
# The stretch is said of each table: the planner carries an equality over, and no bounds.
_STARTS = f"""
COPY (
  SELECT {", ".join(_sent(*one) for one in _START_COLUMNS)}
  FROM sla_clock c
  LEFT JOIN sla_clockevent e ON e.clock_id = c.id AND e.clock_id > %s AND e.clock_id <= %s
  {_RECORDED.format(which="p.clock_id > %s AND p.clock_id <= %s")}
  WHERE c.id > %s AND c.id <= %s
) TO STDOUT (FORMAT binary)
"""  # noqa: S608 - columns of ours, written above
_CLOCKS = f"""
COPY (
  SELECT {", ".join(_sent(*one) for one in _COLUMNS)}
  FROM sla_clock c
  LEFT JOIN sla_clockevent e ON e.clock_id = c.id
  {_RECORDED.format(which="p.clock_id = ANY(%s)")}
  WHERE c.id = ANY(%s)
  ORDER BY c.id, e.id
) TO STDOUT (FORMAT binary)
"""  # noqa: S608 - columns of ours, written above


def read_starts(after: int, until: int) -> list[tuple[int, int, int, int, int, int]]:
    """Read the clocks with keys in (after, until], a row an event, as StartRow has it.

    A clock without events has one row. Plain tuples, because naming them would cost as much as
    reading.
    """
    rows = _read(_STARTS, [after, until] * 3, _START_ROW)
    return cast("list[tuple[int, int, int, int, int, int]]", rows)


def read_clocks(keys: Iterable[int]) -> list[tuple[int, ...]]:
    """Read these clocks in full, a row an event, in the order of ClockRow.

    The events of a clock stand together, in the order they were recorded; a clock without any
    has one row without a kind.
    """
    wanted = list(keys)
    return _read(_CLOCKS, [wanted, wanted], _ROW) if wanted else []


def _read(statement: str, given: list[object], row: Struct) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor, cursor.copy(statement, given) as copy:
        sent = b"".join(copy)
    with memoryview(sent) as buffer, buffer[_HEADER : len(buffer) - _TRAILER] as rows:
        return list(row.iter_unpack(rows))


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
