"""When a zone's offset from UTC changes, found by asking the zone itself.

`zoneinfo` has no public list of changes, so the offset is sampled and each change is pinned
down by bisection.
"""

from datetime import date, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sla.business_time.errors import UnknownZone
from sla.business_time.instants import (
    DAY,
    FIRST_INSTANT,
    LAST_INSTANT,
    SECOND,
    day_start,
    to_datetime,
)

# Of all zones in tzdata 2026.6 the shortest offset that came and went again lasted 6.96 days
# (America/Recife in October 2000), so a sample every two days misses no change.
SAMPLE_STEP = 2 * DAY
# Outside these decades a zone has its local mean time or a yearly rule alone, whose periods
# last months, so that the far ends of time need not be searched as closely.
SAMPLED_CLOSELY = range(184, 210)
SPARSE_STEP = 20 * DAY
LAST_DECADE = 999


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """Return the zone of an IANA name.

    Raises: UnknownZone.
    """
    try:
        return ZoneInfo(name)
    # A directory or an unreadable file under the zone path raises OSError.
    except (ValueError, KeyError, OSError, TypeError):
        raise UnknownZone(f"{name!r} is not a time zone of the IANA database.") from None


def decade_of(micros: int) -> int:
    """Return the decade, year // 10 in UTC, that an instant lies in."""
    return to_datetime(min(max(micros, FIRST_INSTANT), LAST_INSTANT - 1)).year // 10


def decade_start(decade: int) -> int:
    """Return the first instant of a decade; of the one after the last, the end of dates."""
    if decade > LAST_DECADE:
        return LAST_INSTANT
    return day_start(date(max(1, decade * 10), 1, 1).toordinal())


@lru_cache(maxsize=8192)
def offsets_in(name: str, decade: int) -> tuple[tuple[int, int], ...]:
    """Return the offsets of a zone in a decade as (since which instant, offset).

    Units: microseconds, to be added to UTC to give the wall clock. The first entry begins with
    the decade.
    """
    zone = zone_named(name)
    at, end = decade_start(decade), decade_start(decade + 1)
    offset = _offset(zone, at)
    found = [(at, offset)]
    step = SAMPLE_STEP if decade in SAMPLED_CLOSELY else SPARSE_STEP
    while at < end:
        sample = min(at + step, end)
        sampled = _offset(zone, sample)
        while offset != sampled:
            at = _change(zone, offset, at, sample)
            offset = _offset(zone, at)
            found.append((at, offset))
        at = sample
    return tuple(entry for entry in found if entry[0] < end)


def _change(zone: ZoneInfo, offset: int, low: int, high: int) -> int:
    """Return the first whole second after `low` whose offset is another."""
    while high - low > SECOND:
        middle = low + (high - low) // 2 // SECOND * SECOND
        if _offset(zone, middle) == offset:
            low = middle
        else:
            high = middle
    return high


def _offset(zone: ZoneInfo, at: int) -> int:
    # A day inside both ends, because a datetime cannot hold a wall clock beyond them.
    inside = min(max(at, FIRST_INSTANT + DAY), LAST_INSTANT - DAY)
    local = zone.fromutc(to_datetime(inside).replace(tzinfo=zone))
    offset = zone.utcoffset(local) or timedelta()
    return (offset.days * 86_400 + offset.seconds) * SECOND
