"""The scale of the times to a qualified answer."""

from datetime import timedelta

import pytest

from tickets.insight.answer_times import round_up


@pytest.mark.parametrize(
    ("longest", "end"), [(0, 10), (9, 10), (11, 20), (745, 960), (7200, 7200), (7201, 12000)]
)
def test_a_scale_ends_with_a_round_figure_above_what_it_shows(longest: int, end: int) -> None:
    assert round_up(timedelta(minutes=longest)) == timedelta(minutes=end)
