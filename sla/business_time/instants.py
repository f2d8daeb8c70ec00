"""Instants as integers: microseconds since 1970-01-01T00:00Z, so that sums are exact."""

from datetime import UTC, date, datetime, timedelta

from sla.business_time.errors import NaiveDatetime, OutOfRange

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = EPOCH.toordinal()
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
DAY = 86_400 * SECOND
WEEK = 7 * DAY


def day_start(ordinal: int) -> int:
    """Return midnight of a proleptic Gregorian day number. Units: microseconds, no zone."""
    return (ordinal - EPOCH_ORDINAL) * DAY


FIRST_INSTANT = day_start(date.min.toordinal())
# Exclusive: the midnight that ends the year 9999.
LAST_INSTANT = day_start(date.max.toordinal() + 1)


def to_micros(at: datetime) -> int:
    """Return an aware datetime as microseconds since the epoch.

    Raises: NaiveDatetime.
    """
    try:
        since = at - EPOCH
    except TypeError:
        raise NaiveDatetime(
            f"{at.isoformat()} has no time zone, so it does not name an instant."
        ) from None
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds


def to_datetime(micros: int) -> datetime:
    """Return microseconds since the epoch as a UTC datetime.

    Raises: OutOfRange.
    """
    try:
        return EPOCH + MICROSECOND * micros
    except OverflowError:
        raise OutOfRange(OUT_OF_RANGE) from None


OUT_OF_RANGE = "The question or its answer lies outside the years 1 to 9999."
