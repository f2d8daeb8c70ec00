"""When the premium incidents of a contract year run out at today's pace. Pure: no database."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import floor

from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

# Before so many days, or so few incidents, a pace is chance.
DAYS_NEEDED = 21
USED_NEEDED = 2
DAYS_IN_A_MONTH = 365 / 12


@dataclass(frozen=True, slots=True)
class Outlook:
    """What the pace so far makes of a contract year.

    `runs_out_on` is the day on which the last one is used, None when some are left at the end;
    `left_at_end` how many these are. Both are None when it is too early to say.
    """

    used: int
    left: int
    since: date
    until: date
    per_month: float | None
    runs_out_on: date | None = None
    left_at_end: int | None = None

    @property
    def is_too_early(self) -> bool:
        return self.per_month is None

    @property
    def days_without(self) -> int:
        """How many days of the year would be without an incident left."""
        return (self.until - self.runs_out_on).days if self.runs_out_on else 0

    @property
    def pace(self) -> str:
        """The pace in the reader's words: "about 2 a month"."""
        if self.per_month is None:
            return ""
        if self.per_month < 0.75:
            months = max(round(1 / self.per_month), 2)
            words = ngettext("about one every month", "about one every %(number)d months", months)
            return words % {"number": months}
        halves = round(self.per_month * 2)
        number = number_format(halves / 2, 1 if halves % 2 else 0)
        return gettext("about %(number)s a month") % {"number": number}


def project(*, used: int, left: int, since: date, until: date, today: date) -> Outlook:
    """Draw the pace from the year's first day to today on to its end.

    Units: `since` and `until` are the first and last day of the year; today counts as a whole day.
    Source: domain, incident ledger: the projected run-out before the year's end.
    """
    days = (min(today, until) - since).days + 1
    if left <= 0 or days < DAYS_NEEDED or used < USED_NEEDED:
        return Outlook(used, left, since, until, None)
    per_day = used / days
    days_left = (until - today).days
    needed = left / per_day
    if needed > days_left:
        rest = left - floor(per_day * days_left)
        return Outlook(used, left, since, until, per_day * DAYS_IN_A_MONTH, None, rest)
    runs_out_on = today + timedelta(days=max(floor(needed), 1))
    return Outlook(used, left, since, until, per_day * DAYS_IN_A_MONTH, runs_out_on)
