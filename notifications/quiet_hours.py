"""When somebody wants no mail: local hours on chosen days, in the person's own zone.

Pure arithmetic. The hours begin on the days named and may run past midnight. Where the wall clock
skips a time (spring), that time is the first instant after the gap; where it shows a time twice
(autumn), quiet hours begin at the first and end at the second, so that they stay one stretch.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local hours without mail. `days` are those they begin on, Monday is 0.

    `until` at or before `since` is on the next day.
    """

    since: time
    until: time
    days: Collection[int]
    zone: str

    def end_of(self, at: datetime) -> datetime | None:
        """Return when the quiet hours that `at` falls in end, in UTC; None when it falls in none.

        Half-open: the last instant is quiet, the end is not.
        """
        zone = ZoneInfo(self.zone)
        today = at.astimezone(zone).date()
        # Yesterday's may still run; a day's own begin today at the earliest.
        for day in (today - timedelta(days=1), today):
            if day.weekday() not in self.days:
                continue
            last_day = day if self.until > self.since else day + timedelta(days=1)
            start = instant(day, self.since, zone, later=False)
            end = instant(last_day, self.until, zone, later=True)
            if start <= at < end:
                return end
        return None


def next_time(at: datetime, local: time, zone: str) -> datetime:
    """Return the first instant after `at` when the wall clock of a zone shows a time, in UTC."""
    place = ZoneInfo(zone)
    day = at.astimezone(place).date()
    # Today's may have passed, and a local day that never was has none.
    days = (day + timedelta(days=n) for n in range(4))
    candidates = ((one, instant(one, local, place, later=False)) for one in days)
    return next(
        found for one, found in candidates if found > at and found.astimezone(place).date() == one
    )


def instant(day: date, local: time, zone: ZoneInfo, *, later: bool) -> datetime:
    """Return the instant of a local time in UTC.

    A time shown twice is its first instant, with `later` its second; one never shown is the first
    instant after the gap.
    """
    naive = datetime.combine(day, local)
    first = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first <= second:
        return second if later else first
    return _end_of_gap(second, first, zone)


def _end_of_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """Find the second at which the offset changes between two instants in UTC."""
    old = before.astimezone(zone).utcoffset()
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if (before + timedelta(seconds=middle)).astimezone(zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    return (before + timedelta(seconds=high)).replace(microsecond=0)
