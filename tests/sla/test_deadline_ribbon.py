"""The ribbon of a deadline has the geometry of the design, and its windows are to scale."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sla.deadline_ribbon import folded_ribbon
from sla.ribbon import Kind, Stretch

ZONE = ZoneInfo("America/New_York")


def at(month: int, day: int, hour: int, minute: int = 0, year: int = 2025) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


def business_day(month: int, day: int, kind: Kind = Kind.OPEN) -> Stretch:
    return Stretch(at(month, day, 8), at(month, day, 18), kind)


def counted_over_a_weekend() -> list[Stretch]:
    return [
        business_day(11, 21),
        Stretch(at(11, 21, 17, 30), at(11, 21, 18), Kind.COUNTED),
        business_day(11, 24),
        Stretch(at(11, 24, 8), at(11, 24, 11, 30), Kind.COUNTED),
    ]


def test_the_folded_ribbon_stands_where_the_design_draws_it() -> None:
    ribbon = folded_ribbon(
        counted_over_a_weekend(), start=at(11, 21, 17, 30), due=at(11, 24, 11, 30), zone=ZONE
    )
    assert [(r.css, r.x, r.width) for r in ribbon.rects] == [
        ("r-open", "0%", "41%"),
        ("r-open", "59%", "41%"),
        ("r-counted", "38.95%", "2.05%"),
        ("r-counted", "59%", "14.35%"),
    ]
    assert [(line.x1, line.x2) for line in ribbon.grid] == [("42.5%", "57.5%")]
    assert [line.x1 for line in ribbon.marks] == ["38.95%", "73.35%"]
    assert [word.text for word in ribbon.words] == [
        "Fri 21",
        "62 h closed",
        "Mon 24",
        "17:30",
        "11:30",
    ]


def test_a_long_closed_stretch_is_named_in_whole_hours() -> None:
    ribbon = folded_ribbon(
        [business_day(11, 24)], start=at(11, 22, 19, 10), due=at(11, 24, 11, 30), zone=ZONE
    )
    assert "37 h closed" in [word.text for word in ribbon.words]


def test_the_folded_ribbon_says_its_sum() -> None:
    ribbon = folded_ribbon(
        counted_over_a_weekend(), start=at(11, 21, 17, 30), due=at(11, 24, 11, 30), zone=ZONE
    )
    assert ribbon.label == (
        "30 minutes counted on Friday 21 November, 17:30 to 18:00; "
        "3 hours 30 minutes counted on Monday 24 November, 08:00 to 11:30. "
        "Due Mon 24 Nov, 11:30 ET."
    )


def test_a_start_while_closed_begins_with_a_closed_stretch() -> None:
    ribbon = folded_ribbon(
        [business_day(11, 24), Stretch(at(11, 24, 8), at(11, 24, 12), Kind.COUNTED)],
        start=at(11, 22, 10),
        due=at(11, 24, 12),
        zone=ZONE,
    )
    assert [(r.css, r.x, r.width) for r in ribbon.rects] == [
        ("r-open", "18%", "82%"),
        ("r-counted", "18%", "32.8%"),
    ]
    assert [line.x1 for line in ribbon.marks] == ["0%", "50.8%"]


def test_a_zero_target_is_drawn_without_dividing_by_it() -> None:
    now = at(11, 24, 9)
    ribbon = folded_ribbon([business_day(11, 24)], start=now, due=now, zone=ZONE)
    assert [line.x1 for line in ribbon.marks] == ["10%", "10%"]


def test_nothing_covered_at_all_is_still_a_drawing() -> None:
    now = at(11, 22, 9)
    ribbon = folded_ribbon([], start=now, due=now + timedelta(hours=1), zone=ZONE)
    assert ribbon.rects == []


def test_many_closed_stretches_leave_the_open_ones_room() -> None:
    windows = [business_day(11, day) for day in (17, 18, 19, 20, 21, 24, 25)]
    ribbon = folded_ribbon(windows, start=at(11, 17, 8), due=at(11, 25, 18), zone=ZONE)
    assert [rect.width for rect in ribbon.rects] == ["6.57%"] * 7
    assert ribbon.rects[-1].x == "93.43%"


def test_a_window_over_midnight_names_each_of_its_days() -> None:
    # From Sat 18:00 to Mon 06:00: 6 hours of Saturday, 24 of Sunday, 6 of Monday.
    window = Stretch(at(11, 22, 18), at(11, 24, 6))
    ribbon = folded_ribbon([window], start=at(11, 22, 18), due=at(11, 24, 6), zone=ZONE)
    days = [(word.text, word.x) for word in ribbon.words if word.y == 54]
    assert days == [("Sat 22", "8.33%"), ("Sun 23", "50%"), ("Mon 24", "91.67%")]
    midnights = [line.x1 for line in ribbon.marks if line.css == "r-midnight"]
    assert midnights == ["16.67%", "83.33%"]
