"""The coverage of the next days, drawn to scale: a lane for each schedule."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from itertools import pairwise

from django.utils.translation import get_language, gettext

from sla import wording
from sla.ribbon import Kind, Lane, Line, Rect, Ribbon, Word, percent
from sla.spoken import spoken

_LANE_HEIGHT = 38
_LANES_TOP = 18
_BAR = 12
# A lane's words start beside the line of "now", which stands on the first day, and not under it.
_BESIDE_NOW = 1.4


def coverage_ribbon(
    lanes: Sequence[Lane], *, now: datetime, zone: str | tzinfo, days: int = 7, label: str = ""
) -> Ribbon:
    """Draw the coverage of the next days, from the midnight before now, one lane each schedule.

    Units: `days` local calendar days of `zone`; a day with a clock change is longer or shorter.
    """
    zone = wording.as_zone(zone)
    midnights = _midnights(now, zone, days)
    start, end = midnights[0], midnights[-1]
    bottom = _LANES_TOP + _LANE_HEIGHT * len(lanes)
    holidays = {
        stretch.start.astimezone(zone).date()
        for lane in lanes
        for stretch in lane.stretches
        if stretch.kind == Kind.HOLIDAY
    }
    ribbon = Ribbon(label or _coverage_in_words(lanes, now, zone), height=bottom + 34)

    def x_of(at: datetime) -> float:
        return 100 * ((at - start) / (end - start))

    for number, (midnight, next_midnight) in enumerate(pairwise(midnights)):
        middle = percent((x_of(midnight) + x_of(next_midnight)) / 2)
        local = midnight.astimezone(zone)
        name = f"{spoken(get_language()).short_weekdays[local.weekday()]} {local.day}"
        if number:
            edge = percent(x_of(midnight))
            ribbon.grid.append(Line("r-day", edge, edge, _LANES_TOP, bottom))
        ribbon.words.append(Word(name, middle, bottom + 14))
        if local.date() in holidays:
            ribbon.words.append(Word(gettext("closed"), middle, bottom + 28))
    for number, lane in enumerate(lanes):
        top = _LANES_TOP + _LANE_HEIGHT * number
        beside = percent(x_of(now) + _BESIDE_NOW)
        ribbon.words.append(Word(lane.label, beside, top + 12, "r-lane", "start"))
        ribbon.grid.append(Line("r-base", "0%", "100%", top + 24, top + 24))
        for stretch in lane.stretches:
            if stretch.kind not in (Kind.OPEN, Kind.HOLIDAY):
                continue
            left, right = max(stretch.start, start), min(stretch.end, end)
            if left < right:
                width = percent(x_of(right) - x_of(left))
                ribbon.rects.append(
                    Rect(f"r-{stretch.kind}", percent(x_of(left)), width, top + 18, _BAR, 3)
                )
    ribbon.mark("now", x_of(now), _LANES_TOP - 2, bottom, gettext("now"), y=9)
    return ribbon


def _midnights(now: datetime, zone: tzinfo, days: int) -> list[datetime]:
    first = now.astimezone(zone).date()
    dates = [first + timedelta(days=number) for number in range(days + 1)]
    # In UTC, because subtracting two times of one zone ignores a clock change between them.
    return [datetime.combine(day, time(), zone).astimezone(UTC) for day in dates]


def _coverage_in_words(lanes: Sequence[Lane], now: datetime, zone: tzinfo) -> str:
    language = get_language()
    local = now.astimezone(zone)
    said = [gettext("Coverage for the next days.")]
    said += [f"{lane.label}." for lane in lanes]
    for lane in lanes:
        closed = [
            wording.day_words(stretch.start.astimezone(zone), language=language)
            for stretch in lane.stretches
            if stretch.kind == Kind.HOLIDAY
        ]
        if closed:
            said.append(gettext("Holidays: %(days)s.") % {"days": ", ".join(closed)})
            break
    day = f"{spoken(language).weekdays[local.weekday()]} {local:%H:%M}"
    said.append(gettext("It is now %(day)s.") % {"day": day})
    return " ".join(said)
