"""The ribbon of the next days has the geometry of the design, and holds when clocks change."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sla.coverage_ribbon import coverage_ribbon
from sla.ribbon import Kind, Lane, Stretch

ZONE = ZoneInfo("America/New_York")


def at(month: int, day: int, hour: int, minute: int = 0, year: int = 2025) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def business_day(month: int, day: int, kind: Kind = Kind.OPEN) -> Stretch:
    return Stretch(at(month, day, 8), at(month, day, 18), kind)


def test_seven_days_stand_where_the_design_draws_them() -> None:
    # The design's home page: Sat 22 Nov 2025, 10:12 ET; Mon to Fri 08:00 to 18:00.
    lane = Lane(
        "High, Medium, Low",
        [business_day(11, day) for day in (24, 25, 26)] + [business_day(11, 27, Kind.HOLIDAY)],
    )
    always = Lane("Critical, 24×7", [Stretch(at(11, 22, 0), at(12, 1, 0))])
    ribbon = coverage_ribbon([always, lane], now=at(11, 22, 10, 12), zone="America/New_York")
    assert ribbon.height == 128
    assert [(r.css, r.x, r.width, r.y) for r in ribbon.rects] == [
        ("r-open", "0%", "100%", 36),
        ("r-open", "33.33%", "5.95%", 74),
        ("r-open", "47.62%", "5.95%", 74),
        ("r-open", "61.9%", "5.95%", 74),
        ("r-holiday", "76.19%", "5.95%", 74),
    ]
    assert [line.x1 for line in ribbon.marks] == ["6.07%"]
    assert [word.text for word in ribbon.words if word.y == 108] == [
        "Sat 22",
        "Sun 23",
        "Mon 24",
        "Tue 25",
        "Wed 26",
        "Thu 27",
        "Fri 28",
    ]
    assert [word.x for word in ribbon.words if word.text == "closed"] == ["78.57%"]


def test_a_day_of_23_hours_is_narrower() -> None:
    # Sun 8 Mar 2026 has 23 hours in New York; two days are 47 hours.
    ribbon = coverage_ribbon([], now=at(3, 8, 12, year=2026), zone=ZONE, days=2)
    assert [line.x1 for line in ribbon.grid] == ["48.94%"]


def test_the_drawing_says_what_it_shows() -> None:
    lane = Lane("High, Mon to Fri 08:00–18:00", [business_day(11, 27, Kind.HOLIDAY)])
    ribbon = coverage_ribbon([lane], now=at(11, 22, 10, 12), zone=ZONE)
    assert ribbon.label == (
        "Coverage for the next days. High, Mon to Fri 08:00–18:00. Holidays: Thu 27 Nov. "
        "It is now Saturday 10:12."
    )
