"""When a year's incidents run out; every expected day is counted by hand."""

from datetime import date

from entitlements.run_out import project

JANUARY, DECEMBER = date(2026, 1, 1), date(2026, 12, 31)


def test_the_pace_so_far_is_drawn_on() -> None:
    # 31 March is day 90: 18 in 90 days is one every 5 days; the 18 left last 90 days more.
    outlook = project(used=18, left=18, since=JANUARY, until=DECEMBER, today=date(2026, 3, 31))
    assert outlook.runs_out_on == date(2026, 6, 29)
    assert outlook.days_without == 185  # from 30 June to 31 December
    assert outlook.pace == "about 6 a month"


def test_what_lasts_says_how_much_is_left_at_the_end() -> None:
    # 9 in 90 days, and 275 days to come: 27 more of the 30 that are left.
    outlook = project(used=9, left=30, since=JANUARY, until=DECEMBER, today=date(2026, 3, 31))
    assert outlook.runs_out_on is None
    assert outlook.left_at_end == 3
    assert outlook.pace == "about 3 a month"


def test_too_few_days_or_incidents_make_no_pace() -> None:
    for used, today in ((5, date(2026, 1, 20)), (1, date(2026, 6, 30))):
        outlook = project(used=used, left=10, since=JANUARY, until=DECEMBER, today=today)
        assert outlook.is_too_early
        assert outlook.pace == ""
        assert (outlook.runs_out_on, outlook.left_at_end) == (None, None)


def test_a_slow_pace_is_said_in_months() -> None:
    # 2 in 181 days: about one in three months.
    outlook = project(used=2, left=4, since=JANUARY, until=DECEMBER, today=date(2026, 6, 30))
    assert outlook.pace == "about one every 3 months"


def test_nothing_left_is_no_projection() -> None:
    outlook = project(used=36, left=0, since=JANUARY, until=DECEMBER, today=date(2026, 6, 30))
    assert outlook.is_too_early
